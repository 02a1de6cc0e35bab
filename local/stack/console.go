package stack

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"

	"cognito-triggers/local/console"
	"cognito-triggers/local/hint"
	"cognito-triggers/local/inspect"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/messages/preview"
)

// Console returns the address of the console, which the pool's server has.
func (s *Stack) Console() string { return s.Endpoint + strings.TrimSuffix(console.Path, "/") }

// withConsole serves the console beside the pool, which is next.
func (s *Stack) withConsole(next http.Handler) http.Handler {
	page := console.Handler(s.Pool, console.Options{
		Functions: s.shownFunctions, Save: s.saveCase, Domain: s.Domains.URLs, Previews: s.previews(),
		Command: hint.InFiles(s.Repository.Module), Fill: s.fill,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, console.Path):
			page.ServeHTTP(w, r)
		case r.URL.Path+"/" == console.Path:
			http.Redirect(w, r, console.Path, http.StatusMovedPermanently)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// fill returns the command that writes a function for a hook, as people type it in the repository.
func (s *Stack) fill(hook cognito.Hook) string {
	if s.Repository.Module == toolkit.Module() {
		return "make new-trigger NAME=my-trigger HOOK=" + string(hook)
	}
	return hint.InFiles(s.Repository.Module, "new-trigger", "--name", "my-trigger", "--hook", string(hook))
}

// previews serves the messages of all locales as `poolctl preview` writes them, when somebody asks for the first time.
func (s *Stack) previews() http.Handler {
	folder := filepath.Join(s.Repository.Build, "console", "previews")
	files := http.FileServer(http.Dir(folder))
	write := sync.OnceValue(func() error {
		set, err := messages.Embedded()
		if err == nil {
			_, err = preview.Write(folder, set, messages.Brand{Name: "Example"})
		}
		return err
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := write(); err != nil {
			http.Error(w, "the previews cannot be written: "+err.Error(), http.StatusInternalServerError)
			return
		}
		files.ServeHTTP(w, r)
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
