package stack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/tables"
)

// openTables creates the tables that the functions declare, each for this stack alone.
func (s *Stack) openTables(ctx context.Context, o Options) error {
	if o.NoProfiles || s.Emulator == nil {
		return nil
	}
	declared, err := manifest.Tables(s.Functions)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		own := s.tableName(name)
		s.tables[name] = own // also if it fails: Close deletes it
		if err := tables.CreateDeclared(ctx, s.DynamoDB, own, declared[name]); err != nil {
			return err
		}
	}
	return nil
}

// TableNames returns the names of this stack's tables by their names in the manifests.
func (s *Stack) TableNames() map[string]string { return maps.Clone(s.tables) }

// deleteTables deletes all tables of this stack.
func (s *Stack) deleteTables(ctx context.Context) error {
	var errs []error
	all := slices.Sorted(maps.Values(s.tables))
	if s.Profiles != nil {
		all = append(all, s.Table)
	}
	if s.PostsTable != "" {
		all = append(all, s.PostsTable)
	}
	for _, name := range all {
		errs = append(errs, tables.Delete(ctx, s.DynamoDB, name))
	}
	return errors.Join(errs...)
}

// environmentOf returns a function's settings before those of its deployment: the manifest's, the stack's, and the
// names of its tables.
func (s *Stack) environmentOf(function manifest.Function) map[string]string {
	env := function.EnvironmentWith(s.environment)
	for _, table := range function.Tables {
		env[table.Setting] = s.tables[table.Name]
	}
	return env
}

// checkTableSettings returns an error, as Terraform does, if the settings file sets what follows from a table.
func checkTableSettings(spec poolspec.Spec, f manifest.Function, given map[string]string) error {
	for _, table := range f.Tables {
		if _, set := given[table.Setting]; set {
			return fmt.Errorf("%s: %s: take %s out of its environment; it follows from tables in %s", spec.File, f.Name,
				table.Setting, manifest.FileName)
		}
	}
	return nil
}
