// Package samples finds the sample triggers of the custom sign-in, which the scenario and the tests use. They are laid
// out like all triggers. The local pool calls them if no trigger of the repository serves their hooks.
package samples

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cognito-triggers/shared/manifest"
)

// Dir is the samples' folder in the repository.
const Dir = "local/samples"

// Find returns the samples in the repository at root, or none if one of the functions serves a hook of theirs: the
// three triggers of a custom sign-in only work together.
func Find(root string, functions []manifest.Function) ([]manifest.Function, error) {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(Dir))); errors.Is(err, os.ErrNotExist) {
		return nil, nil // a repository without samples
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
