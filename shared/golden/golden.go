// Package golden reads golden sets of trigger events: what Cognito sends, and beside it what the trigger must answer. A
// set is a file system, so that a repository can embed its own.
//
// A case of the trigger in triggers/<name> is a file <name>/<TriggerSource>[-case].json, with <same>.want.json and,
// where it needs settings or things that exist already, <same>.config.json beside it. Want and Config describe those.
package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cognito-triggers/shared/strictjson"
)

// Case is one event with what must come of it.
type Case struct {
	Trigger string // the folder in triggers/ that answers it
	Name    string // the file's name without .json, for example "PreSignUp_SignUp-denied-domain"
	Event   []byte // the bytes that the trigger receives
	Want    Want
	Config  Config
}

// Want is what the answer must be: exactly one of Answer, Response and Error is set.
type Want struct {
	Answer   string          `json:"answer,omitempty"`   // "unchanged": the event byte for byte
	Response json.RawMessage `json:"response,omitempty"` // the answer's response; every other byte is the event's
	Error    string          `json:"error,omitempty"`    // what the end user reads, with the request id as REQUEST_ID
	Profile  json.RawMessage `json:"profile,omitempty"`  // stored afterwards, without times; null: none is
}

// Config is what surrounds an event.
type Config struct {
	Environment map[string]string `json:"environment,omitempty"` // the function's settings, over its manifest's
	Profile     *Profile          `json:"profile,omitempty"`     // stored before the event
	Tombstone   bool              `json:"tombstone,omitempty"`   // the account's profile was deleted before the event
	Users       []User            `json:"users,omitempty"`       // whom the user pool already has
	Groups      []string          `json:"groups,omitempty"`      // the user pool's groups
}

// Profile is a stored profile. An empty sub is the event's own.
type Profile struct {
	Sub        string            `json:"sub,omitempty"`
	Username   string            `json:"username,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// User is a user of the pool.
type User struct {
	UserName   string            `json:"userName"`
	Status     string            `json:"status"` // for example CONFIRMED, UNCONFIRMED, EXTERNAL_PROVIDER
	Disabled   bool              `json:"disabled,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Identities string            `json:"identities,omitempty"` // the identities attribute: a text holding a JSON list
}

const (
	wantSuffix   = ".want.json"
	configSuffix = ".config.json"
)

// Triggers lists the triggers that the set has cases for.
func Triggers(set fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(set, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Load reads the cases of one trigger in the order of their names. A file that is no event of a case, or a case without
// a want, is an error that names the file.
func Load(set fs.FS, trigger string) ([]Case, error) {
	files, err := fs.Glob(set, path.Join(trigger, "*.json"))
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, file := range files {
		if strings.HasSuffix(file, wantSuffix) || strings.HasSuffix(file, configSuffix) {
			if owner := ownerOf(file); !slices.Contains(files, owner) {
				return nil, fmt.Errorf("golden events: %s belongs to no event: %s is missing", file, owner)
			}
			continue
		}
		c, err := load(set, trigger, strings.TrimSuffix(file, ".json"))
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("golden events: %s has no events", trigger)
	}
	return cases, nil
}

func ownerOf(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(file, wantSuffix), configSuffix) + ".json"
}

func load(set fs.FS, trigger, stem string) (Case, error) {
	c := Case{Trigger: trigger, Name: path.Base(stem)}
	var err error
	if c.Event, err = fs.ReadFile(set, stem+".json"); err != nil {
		return c, err
	}
	c.Event = bytes.TrimRight(c.Event, "\n")
	if err := decode(set, stem+wantSuffix, &c.Want); err != nil {
		return c, err
	}
	if err := c.Want.check(); err != nil {
		return c, fmt.Errorf("golden events: %s%s: %w", stem, wantSuffix, err)
	}
	if _, err := fs.Stat(set, stem+configSuffix); err == nil {
		return c, decode(set, stem+configSuffix, &c.Config)
	}
	return c, nil
}

func (w Want) check() error {
	kinds := 0
	for _, set := range []bool{w.Answer != "", w.Response != nil, w.Error != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("set exactly one of answer, response and error")
	}
	if w.Answer != "" && w.Answer != "unchanged" {
		return fmt.Errorf("answer is %q: the only answer by name is unchanged", w.Answer)
	}
	return nil
}

func decode(set fs.FS, file string, into any) error {
	data, err := fs.ReadFile(set, file)
	if err != nil {
		return err
	}
	if err := strictjson.Unmarshal(data, into); err != nil {
		return fmt.Errorf("golden events: %s: %w", file, err)
	}
	return nil
}

// WantFile names the file that holds what must come of the event in the given file.
func WantFile(event string) string { return strings.TrimSuffix(event, ".json") + wantSuffix }

// Unanswered lists the events among files that have no want beside them.
func Unanswered(files []string) []string {
	var events []string
	for _, file := range files {
		if !strings.HasSuffix(file, wantSuffix) && !strings.HasSuffix(file, configSuffix) &&
			!slices.Contains(files, WantFile(file)) {
			events = append(events, file)
		}
	}
	return events
}
