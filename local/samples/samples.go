// Package samples finds the small functions that the scenario and the tests answer custom challenges with. They are
// laid out as the product's own triggers are, and are attached to the local pool where no trigger of the repository
// serves their hooks.
package samples

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cognito-triggers/shared/manifest"
)

// Dir is where they are in the repository.
const Dir = "local/samples"

// Find lists the samples, or none where one of the functions serves a hook of theirs: half of a custom challenge by
// each would fit nobody.
func Find(root string, functions []manifest.Function) ([]manifest.Function, error) {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(Dir))); errors.Is(err, os.ErrNotExist) {
		return nil, nil // a repository of its own functions only
	}
	found, err := manifest.Find(filepath.Join(root, filepath.FromSlash(Dir)))
	if err != nil {
		return nil, err
	}
	for _, sample := range found {
		if slices.ContainsFunc(functions, func(f manifest.Function) bool { return f.Hook == sample.Hook }) {
			return nil, nil
		}
	}
	return found, nil
}
