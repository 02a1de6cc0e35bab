package stack

import (
	"os"
	"slices"
	"strings"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/manifest"
)

// needs is what the functions of a stack call besides the user pool.
type needs struct {
	emulator, profiles, posts bool
	keys                      bool     // a KMS, which a stack without an emulator has by itself
	services                  []string // of the emulator, besides its usual ones
}

// further are services that the emulator does not always run. Its names for them are the prefixes of their actions.
func further() []string { return []string{"events", "s3", "secretsmanager", "ssm"} }

// needsOf derives from the manifests what functions need: what their roles may call in any setting, and the tables.
func needsOf(functions []manifest.Function) needs {
	var n needs
	call := func(actions []string, sender bool) {
		for _, action := range actions {
			service := manifest.Service(action)
			if service == "cognito-idp" || service == "logs" || service == "xray" {
				continue // the pool's, or Lambda's own
			}
			if service == "kms" && sender {
				continue // the key is the pool's, see keys
			}
			n.emulator = true
			if slices.Contains(further(), service) && !slices.Contains(n.services, service) {
				n.services = append(n.services, service)
			}
		}
	}
	for _, f := range functions {
		sender := f.Hook.Contract().NeedsKey
		n.keys = n.keys || sender
		_, profiles := f.Environment["PROFILE_TABLE"]
		_, posts := f.Environment["POSTS_TABLE"]
		for _, grant := range f.Grants {
			call(manifest.Actions(grant.Name), sender)
			profiles = profiles || strings.HasPrefix(grant.Name, "profiles:")
			posts = posts || strings.HasPrefix(grant.Name, "posts:")
		}
		for _, statement := range f.Statements {
			call(statement.Actions, sender)
		}
		n.profiles, n.posts = n.profiles || profiles, n.posts || posts
		n.emulator = n.emulator || profiles || posts || len(f.Tables) > 0
	}
	return n
}

// needs derives what this stack needs: of its enabled functions, of the caller, and of the user's environment.
func (s *Stack) needs(o Options) needs {
	functions := s.Functions
	if spec, err := poolspec.Read(s.Root); err == nil && !o.Disabled { // Deploy reports the error
		functions = slices.DeleteFunc(slices.Clone(functions), func(f manifest.Function) bool {
			if f.Hook == "" {
				return spec.API.Off || !spec.API.Enabled(f.Name)
			}
			return !spec.Enabled(f.Name)
		})
	}
	n := needsOf(functions)
	if o.NoProfiles {
		n.profiles, n.posts = false, false
	}
	if o.Services != nil || o.Lambda == EmulatorsLambda || os.Getenv("AWS_ENDPOINT_URL") != "" {
		n.emulator = true
	}
	return n
}

// servicesOf returns the emulator's services: the caller's, or the usual ones and those that functions call besides.
func servicesOf(o Options, n needs) []string {
	if o.Services != nil || len(n.services) == 0 {
		return o.Services
	}
	return slices.Concat(emulator.Services(), n.services)
}
