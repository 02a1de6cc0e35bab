package stack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
)

// allTriggers ends the name of the pool that Demonstrate makes, and the ARNs of its functions, as an alias.
const allTriggers = "all-triggers"

// Demonstrate makes a second pool with the repository's settings that calls all of its triggers, also those that the
// settings turn off: these get the settings in own, by function, over what every deployed function gets. The sample
// triggers are not in it. Deploy must have been called.
func (s *Stack) Demonstrate(ctx context.Context, own map[string]map[string]string) (poolspec.Pool, error) {
	s.mu.Lock()
	spec, shown := s.spec, map[string]deployment{}
	served := map[cognito.Hook]bool{} // by triggers that are on, which a ready one that is off does not replace
	for _, f := range s.Functions {
		served[f.Hook] = served[f.Hook] || spec.Enabled(f.Name)
	}
	for _, f := range s.Functions {
		if f.Hook == "" || served[f.Hook] && !spec.Enabled(f.Name) {
			continue
		}
		d, deployed := s.deployed[f.Name]
		if !deployed || d.settings == nil { // off, or a sample of the same name
			d = deploymentBy(spec, f, s.bootstrapOff(f))
			maps.Copy(d.settings, own[f.Name])
		}
		shown[f.Name] = d
	}
	s.mu.Unlock()
	if len(shown) == 0 {
		return poolspec.Pool{}, errors.New("there is no trigger to show")
	}
	var config cognito.LambdaConfig
	for name, d := range shown {
		if _, err := os.Stat(d.bootstrap); d.bootstrap != "" && err != nil {
			return poolspec.Pool{}, fmt.Errorf("%s is not built; run `%s`: %w", name, hint.BuildLocal(), err)
		}
		config.Set(d.function.Hook, cognito.Function{
			ARN: s.ARN(name) + ":" + allTriggers, Version: d.function.EventVersion,
		})
	}
	if err := s.keyed(ctx, &config, shown); err != nil {
		return poolspec.Pool{}, err
	}
	s.mu.Lock()
	s.shown = shown
	s.mu.Unlock()
	spec.Name += "-" + allTriggers
	spec.Domain = nil // it belongs to the other pool
	return s.poolOf(ctx, spec, config)
}

// deploymentOf returns what runs for a function's ARN. The caller holds the mutex.
func (s *Stack) deploymentOf(arn, name string) (deployment, bool) {
	if strings.HasSuffix(arn, ":"+allTriggers) {
		d, shown := s.shown[name]
		return d, shown
	}
	d, deployed := s.deployed[name]
	return d, deployed
}

// Serves reports whether a function of the repository serves the hook, turned on or not.
func (s *Stack) Serves(hook cognito.Hook) bool {
	for _, f := range s.Functions {
		if f.Hook == hook {
			return true
		}
	}
	return false
}
