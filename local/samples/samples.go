// Package samples finds the small functions that answer custom challenges in the scenario and the tests. They have the
// same layout as the repository's triggers, and are attached to the local pool if no trigger serves their hooks.
package samples

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cognito-triggers/shared/manifest"
)

// Dir is the samples' directory in the repository.
const Dir = "local/samples"

// Find returns the samples, or none if one of the functions serves one of their hooks: a custom challenge cannot be
// split between both.
func Find(root string, functions []manifest.Function) ([]manifest.Function, error) {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(Dir))); errors.Is(err, os.ErrNotExist) {
		return nil, nil // the repository has no samples
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
