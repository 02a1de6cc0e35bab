package triggertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/repository"
)

// folder returns the folder that -update writes the wants of a set to.
func folder(t *testing.T, set fs.FS, name string) string {
	t.Helper()
	dir, err := folderOf(set, name)
	if err != nil {
		t.Fatalf("-update: %v", err)
	}
	return dir
}

// folderOf returns the folder of an os.DirFS. Another set does not say where it comes from; it must be a copy of the
// golden events of the repository that the test runs in.
func folderOf(set fs.FS, name string) (string, error) {
	if dir := reflect.ValueOf(set); dir.IsValid() && dir.Type() == reflect.TypeOf(os.DirFS("")) {
		return dir.String(), nil
	}
	const hint = "the set is not a folder; to write elsewhere, replay os.DirFS of the folder"
	repo, err := repository.Find()
	if err != nil {
		return "", fmt.Errorf("%s: %w", hint, err)
	}
	files, err := fs.Glob(set, name+"/*.json")
	if err != nil {
		return "", err
	}
	for _, event := range golden.Events(files) {
		text, err := fs.ReadFile(set, event)
		if err != nil {
			return "", err
		}
		path := filepath.Join(repo.Events, filepath.FromSlash(event))
		if own, err := os.ReadFile(path); err != nil || !bytes.Equal(own, text) {
			return "", fmt.Errorf("%s: %s is not the set's, which belongs to another repository", hint, path)
		}
	}
	return repo.Events, nil
}

// createWants writes a want beside every event that has none, so that the set can be loaded.
func createWants(t *testing.T, dir, name string) {
	t.Helper()
	set := os.DirFS(dir)
	files, err := fs.Glob(set, name+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range golden.Unanswered(files) {
		text, err := fs.ReadFile(set, event)
		if err != nil {
			t.Fatal(err)
		}
		want := "{\"answer\": \"unchanged\"}\n"
		if golden.IsRequest(text) {
			want = "{\"http\": {\"status\": 200, \"body\": {}}}\n"
		}
		path := filepath.Join(dir, filepath.FromSlash(golden.WantFile(event)))
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// writeWant writes the want that the outcome meets. It states what the case stated before.
func writeWant(t *testing.T, dir string, c golden.Case, it Instance, got golden.Outcome) {
	t.Helper()
	want := golden.WantOf(c, got)
	if c.Want.Profile != nil {
		want.Profile = json.RawMessage("null")
		if it.Profile != nil {
			if stored := it.Profile(); stored != nil {
				want.Profile = stored
			}
		}
	}
	if err := c.UpdateState(t.Context(), &want, it.Tables, it.Outbox); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(want); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, golden.WantFile(c.Trigger+"/"+c.Name+".json"))
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
