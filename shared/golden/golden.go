// Package golden reads sets of golden events: events as Cognito or API Gateway send them, each with the answer that the
// function must give. A set is a file system, so that a repository can embed its own.
//
// A case of the function in triggers/<name> or api/<name> consists of these files:
//
//   - <name>/<TriggerSource>[-case].json, the event; for a function of api/, any name
//   - <name>/<TriggerSource>[-case].want.json, the answer; see Want
//   - <name>/<TriggerSource>[-case].config.json, optional settings and existing users, groups, profiles and items of
//     tables; see Config
package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"cognito-triggers/shared/strictjson"
)

// Case is one event with the expected answer.
type Case struct {
	Trigger string // name of the folder in triggers/ or api/
	Name    string // the file's name without .json, for example "PreSignUp_SignUp-denied-domain"
	Event   []byte // what the trigger receives, as JSON
	Want    Want
	Config  Config
}

// Want is the expected answer, and what is stored and sent by then. Exactly one of Answer, Response, HTTP and Error is
// set.
type Want struct {
	Answer   string          `json:"answer,omitempty"`   // "unchanged" means the event byte for byte
	Response json.RawMessage `json:"response,omitempty"` // the response; the rest of the answer must be the event
	HTTP     *HTTP           `json:"http,omitempty"`     // the answer of an API function
	Error    string          `json:"error,omitempty"`    // error text, with REQUEST_ID for the request id
	Profile  json.RawMessage `json:"profile,omitempty"`  // the profile stored afterwards, without times; null means none

	// What is left afterwards; see Any. A table, mails or sms that is left out is not compared.
	Tables map[string][]json.RawMessage `json:"tables,omitempty"` // all items, by table
	Mails  []Mail                       `json:"mails,omitzero"`   // all that were sent; [] means none
	SMS    []SMS                        `json:"sms,omitzero"`     // like Mails
}

// HTTP is the expected answer of an API function, in either payload format.
type HTTP struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"` // these and any others; names in lower case
	Body    json.RawMessage   `json:"body,omitempty"`    // compared as JSON; absent: any body
}

// Config is the state before the event.
type Config struct {
	Environment map[string]string `json:"environment,omitempty"` // settings that override the manifest's
	Profile     *Profile          `json:"profile,omitempty"`     // the stored profile
	Tombstone   bool              `json:"tombstone,omitempty"`   // whether the account's profile was deleted
	Users       []User            `json:"users,omitempty"`       // users in the pool
	Groups      []string          `json:"groups,omitempty"`      // groups of the pool
	Unchecked   string            `json:"unchecked,omitempty"`   // why the event is one that Cognito does not send

	Tables map[string][]json.RawMessage `json:"tables,omitempty"` // items by table
	// Keys has the hash keys of tables that no function.json declares, because they are not the function's: poolctl
	// replay makes them. They are texts.
	Keys map[string]string `json:"keys,omitempty"`
}

// Profile is a stored profile. An empty Sub means the event's sub.
type Profile struct {
	Sub        string            `json:"sub,omitempty"`
	Username   string            `json:"username,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`

	Suspended   bool      `json:"suspended,omitempty"`
	LockedUntil time.Time `json:"lockedUntil,omitzero"`
	Failures    int       `json:"signInFailures,omitempty"` // reported just before the event
	Groups      []string  `json:"groups,omitempty"`
	LastSignIn  time.Time `json:"lastSignIn,omitzero"`
	Clients     []string  `json:"signInClients,omitempty"` // app clients that the user has signed in with
}

// User is a user in the pool.
type User struct {
	UserName   string            `json:"userName"`
	Status     string            `json:"status"` // for example CONFIRMED, UNCONFIRMED, EXTERNAL_PROVIDER
	Disabled   bool              `json:"disabled,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Identities string            `json:"identities,omitempty"` // attribute of federated users: a JSON list as a string
	Groups     []string          `json:"groups,omitempty"`     // groups of the pool that the user is in
}

const (
	wantSuffix   = ".want.json"
	configSuffix = ".config.json"
)

// Triggers returns the names of the functions that the set has cases for.
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

// Load returns the cases of a trigger in the order of their names. It returns an error that names the file if an event
// has no want, a want or config has no event, or a file is invalid; and an error if the trigger has no events.
func Load(set fs.FS, trigger string) ([]Case, error) {
	files, err := fs.Glob(set, path.Join(trigger, "*.json"))
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, file := range files {
		if strings.HasSuffix(file, wantSuffix) || strings.HasSuffix(file, configSuffix) {
			if owner := ownerOf(file); !slices.Contains(files, owner) {
				return nil, fmt.Errorf("golden events: %s has no event: %s is missing", file, owner)
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
	for _, set := range []bool{w.Answer != "", w.Response != nil, w.HTTP != nil, w.Error != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("set exactly one of answer, response, http and error")
	}
	if w.Answer != "" && w.Answer != "unchanged" {
		return fmt.Errorf("answer is %q; it can only be \"unchanged\"", w.Answer)
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

// WantFile returns the name of the want file of an event file.
func WantFile(event string) string { return strings.TrimSuffix(event, ".json") + wantSuffix }

// Events returns the event files among files.
func Events(files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool {
		return strings.HasSuffix(file, wantSuffix) || strings.HasSuffix(file, configSuffix)
	})
}

// Unanswered returns the event files among files whose want file is missing.
func Unanswered(files []string) []string {
	return slices.DeleteFunc(Events(files), func(file string) bool { return slices.Contains(files, WantFile(file)) })
}
