package poolspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/strictjson"
)

// Read reads the settings that local runs of the repository at root have: those that are deployed, and then those of
// repository.LocalFile, if it is there. Like Terraform, it rejects unknown names.
func Read(root string) (Spec, error) {
	return read(root, true)
}

// Deployed reads the settings that Terraform deploys alone.
func Deployed(root string) (Spec, error) {
	return read(root, false)
}

func read(root string, local bool) (Spec, error) {
	repo, err := repository.Open(root)
	if err != nil {
		return Spec{}, err
	}
	path := repo.Settings
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Spec{}, fmt.Errorf("pool settings: %s does not exist: write it, at least with an app client, "+
			`{ "app_clients": { "app": {} } }, or name another file as "settings" in %s`, path, repository.FileName)
	}
	if err != nil {
		return Spec{}, fmt.Errorf("pool settings: %w", err)
	}
	name := repo.Relative(path)
	over, err := os.ReadFile(repo.Local)
	switch {
	case !local || errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return Spec{}, fmt.Errorf("pool settings: %w", err)
	default:
		if text, err = laid(text, over); err != nil {
			return Spec{}, fmt.Errorf("%s: %w", repo.Local, err)
		}
		name += " and " + repository.LocalFile
	}
	spec, err := Parse(text)
	if err != nil {
		return Spec{}, fmt.Errorf("%s: %w", path, err)
	}
	spec.File = name
	return spec, nil
}

// laid replaces the settings that a second file has. The mistakes of the first are left to Parse.
func laid(text, over []byte) ([]byte, error) {
	alone := defaults()
	if err := strictjson.Unmarshal(over, &alone); err != nil {
		return nil, err
	}
	var below, above map[string]json.RawMessage
	if json.Unmarshal(text, &below) != nil || below == nil {
		return text, nil
	}
	if err := json.Unmarshal(over, &above); err != nil {
		return nil, err
	}
	for _, variable := range []string{"app_clients", "custom_attributes", "groups", "resource_servers", "triggers"} {
		if forgotten := missing(below[variable], above[variable]); len(forgotten) > 0 {
			return nil, fmt.Errorf("%s lacks %s: a variable here replaces the whole variable of the deployed settings, so "+
				"write what that has here, too", variable, strings.Join(forgotten, ", "))
		}
	}
	maps.Copy(below, above)
	return json.Marshal(below)
}

// missing returns the names that a map of the deployed settings has and its replacement has not: who adds an app client
// there would look for it in vain in local runs.
func missing(deployed, local json.RawMessage) (names []string) {
	var was, is map[string]json.RawMessage
	if json.Unmarshal(deployed, &was) != nil || local == nil || json.Unmarshal(local, &is) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, there := is[name]; !there {
			names = append(names, name)
		}
	}
	return names
}
