package stack

import (
	"net/http"
	"strings"

	"cognito-triggers/local/console"
	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/manifest"
)

// withConsole serves the console beside the pool.
func (s *Stack) withConsole() http.Handler {
	page := console.Handler(s.Pool, console.Options{Functions: s.shownFunctions, Save: s.saveCase})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, console.Path):
			page.ServeHTTP(w, r)
		case r.URL.Path+"/" == console.Path:
			http.Redirect(w, r, console.Path, http.StatusMovedPermanently)
		default:
			s.Pool.ServeHTTP(w, r)
		}
	})
}

// saveCase saves an event among the golden events of the repository.
func (s *Stack) saveCase(recorded fire.Record, name string) ([]string, error) {
	saved, err := inspect.Save(s.Repository, recorded, name)
	for i, file := range saved.Files {
		saved.Files[i] = s.Repository.Relative(file)
	}
	return saved.Files, err
}

// shownFunctions lists the functions for the console. Those that no pool calls have no ARN.
func (s *Stack) shownFunctions() []console.Function {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]console.Function, 0, len(s.Functions))
	for _, f := range s.Functions {
		one := console.Function{
			Name: f.Name, Hook: string(f.Hook), Manifest: s.Repository.Relative(f.Dir) + "/" + manifest.FileName,
			TimeoutSeconds: f.TimeoutSeconds, MemoryMB: f.MemoryMB, Environment: f.Environment,
		}
		if len(f.Routes) > 0 {
			one.Enabled, one.Environment = s.api != nil, s.apiSettings[f.Name]
		}
		if d, deployed := s.deployed[f.Name]; deployed {
			one.ARN, one.Enabled, one.Environment = s.ARN(f.Name), true, f.EnvironmentWith(d.settings)
		}
		all = append(all, one)
	}
	return all
}
