package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// Saved is a golden case that Save has written.
type Saved struct {
	Function string   // name
	Files    []string // the event, the want and, if there are settings, the config
	Notes    []string // what is not in the case and may be needed
}

// Save writes an event of the pool to the repository's golden events, with the answer or error as its want and the
// function's settings as its config. path is the case: a path below the golden events
// from the working directory or the root, or function/case. The case passes
// a replay, or Save refuses: an answer that Cognito takes and the golden check does not is no want. It also refuses to
// overwrite a file.
func (c *Client) Save(ctx context.Context, repo repository.Repository, number int, path string) (Saved, error) {
	record, err := c.event(ctx, number)
	if err != nil {
		return Saved{}, err
	}
	return Save(repo, record, path)
}

// Save is Client.Save for an event that the caller has.
func Save(repo repository.Repository, record fire.Record, path string) (Saved, error) {
	number := record.Number
	name, err := fire.FunctionName(record.Function)
	if err != nil {
		return Saved{}, err
	}
	stem, err := stemOf(repo, name, path)
	if err != nil {
		return Saved{}, err
	}
	function, err := manifest.Read(filepath.Join(repo.Triggers, name, manifest.FileName))
	if err != nil {
		return Saved{}, fmt.Errorf("event %d is of %s, which is not a trigger of this repository: %w", number, name, err)
	}
	one, outcome, err := caseOf(record)
	if err == nil {
		one.Trigger, one.Name = name, filepath.Base(stem)
		err = one.CheckEvent(function.Hook)
	}
	if err != nil {
		return Saved{}, fmt.Errorf("event %d cannot be saved: %w", number, err)
	}
	saved := Saved{Function: name, Notes: notes(record, function, outcome)}
	texts := []struct{ suffix, text string }{{".json", string(one.Event) + "\n"}, {".want.json", indented(one.Want)}}
	if len(one.Config.Environment) > 0 {
		texts = append(texts, struct{ suffix, text string }{".config.json", indented(one.Config)})
	}
	for _, suffix := range []string{".json", ".want.json", ".config.json"} {
		if _, err := os.Lstat(stem + suffix); !errors.Is(err, fs.ErrNotExist) {
			return Saved{}, fmt.Errorf("%s exists: choose another name, or delete the case first",
				repo.Relative(stem+suffix))
		}
	}
	if err := os.MkdirAll(filepath.Dir(stem), 0o755); err != nil {
		return Saved{}, err
	}
	for _, file := range texts {
		if err := writeNew(stem+file.suffix, file.text); err != nil {
			return Saved{}, err
		}
		saved.Files = append(saved.Files, stem+file.suffix)
	}
	return saved, nil
}

// event returns one event.
func (c *Client) event(ctx context.Context, number int) (fire.Record, error) {
	list, err := c.List(ctx, Events, Query{After: number - 1})
	if err != nil {
		return fire.Record{}, err
	}
	if len(list) == 0 || list[0].Number != number {
		return fire.Record{}, fmt.Errorf("the pool has no event %d (any more): poolctl events lists the IDs", number)
	}
	var record fire.Record
	return record, json.Unmarshal(list[0].Raw, &record)
}

// stemOf returns the path of the case's files without their suffixes.
func stemOf(repo repository.Repository, function, path string) (string, error) {
	path = strings.TrimSuffix(filepath.FromSlash(path), ".json")
	here, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	short := path
	for _, full := range []string{here, filepath.Join(repo.Root, path)} {
		if inside, err := filepath.Rel(repo.Events, full); err == nil && filepath.IsLocal(inside) {
			short = inside
			break
		}
	}
	folder, name, two := strings.Cut(filepath.ToSlash(short), "/")
	events := repo.Relative(repo.Events)
	switch {
	case !two || name == "" || strings.Contains(name, "/") || !filepath.IsLocal(short):
		return "", fmt.Errorf("%s is not a case: use %s/%s/NAME", path, events, function)
	case folder != function:
		return "", fmt.Errorf("the event is of %s: save it as %s/%s/%s", function, events, function, name)
	case strings.HasSuffix(name, ".want") || strings.HasSuffix(name, ".config"):
		return "", fmt.Errorf("%s: the name of a case does not end in .want or .config", name)
	}
	return filepath.Join(repo.Events, function, name), nil
}

// caseOf returns the golden case that the record's outcome meets.
func caseOf(r fire.Record) (golden.Case, golden.Outcome, error) {
	if len(r.Attempts) == 0 || r.Event == nil {
		return golden.Case{}, golden.Outcome{}, errors.New("the function was not called")
	}
	last := r.Attempts[len(r.Attempts)-1]
	outcome := golden.Outcome{RequestID: last.RequestID}
	switch last.Outcome {
	case fire.Answered:
		if len(r.Problems) > 0 {
			return golden.Case{}, outcome, fmt.Errorf("no replay of it would pass, for it has problems: %s",
				strings.Join(r.Problems, "; "))
		}
		if outcome.Answer = r.Returned; outcome.Answer == nil {
			return golden.Case{}, outcome, errors.New("its answer is not kept")
		}
	case fire.Failed:
		outcome.Error = last.Error
	default:
		return golden.Case{}, outcome, fmt.Errorf("it has neither an answer nor an error to want: the last attempt is %q",
			last.Outcome)
	}
	one := golden.Case{Event: r.Event, Config: golden.Config{Environment: r.Settings}}
	one.Want = golden.WantOf(one, outcome)
	return one, outcome, one.Check(outcome)
}

// notes names what the case lacks.
func notes(r fire.Record, function manifest.Function, outcome golden.Outcome) []string {
	var all []string
	for _, member := range r.Hidden {
		all = append(all, member+` is not kept: the case has "..." in its place`)
	}
	if outcome.Error != "" && outcome.RequestID != "" && strings.Contains(outcome.Error, outcome.RequestID) {
		all = append(all, "the function failed, and the case wants that failure: a replay passes only while it fails")
	}
	var state []string
	held, _ := function.GrantsWith(r.Settings)
	if _, reads := function.Environment["PROFILE_TABLE"]; reads {
		state = append(state, "profiles")
	}
	state = append(state, held...)
	if len(state) > 0 {
		all = append(all, "what the function read elsewhere is not part of an event ("+strings.Join(state, ", ")+
			"): if its answer depends on it, add profile, users and groups to the .config.json")
	}
	if names := slices.Sorted(maps.Keys(r.Settings)); len(names) > 0 {
		all = append(all, "the settings in .config.json are those that differ from function.json: "+strings.Join(names, ", "))
	}
	return all
}

func indented(value any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(value) != nil {
		return "" // unreachable: the values are plain
	}
	return out.String()
}

// writeNew writes a file that must not exist.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
