// Package manifest reads function.json, which describes a function: its hook or routes, its limits, the defaults of its
// settings and its permissions. The build, Terraform and the local stack all read this one file.
package manifest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/route"
	"cognito-triggers/shared/strictjson"
)

// Route is one route of an API function. The type is in shared/route, which is cheaper for a function to link.
type Route = route.Route

// FileName is the name of the manifest in a function's directory.
const FileName = "function.json"

// Function is a manifest and the directory that holds it.
type Function struct {
	Name string `json:"-"` // the name of the directory and the function
	Dir  string `json:"-"` // the directory

	Hook           cognito.Hook      `json:"hook,omitempty"`          // for a trigger
	EventVersion   string            `json:"event_version,omitempty"` // for example "V2_0", if the hook has versions
	Routes         []Route           `json:"routes,omitempty"`        // for an API function
	TimeoutSeconds int               `json:"timeout_seconds"`         // 1 to 900; Cognito waits 5 for a trigger
	MemoryMB       int               `json:"memory_mb"`               // 128 to 10240
	Environment    map[string]string `json:"environment"`             // every setting with its default
	Grants         []Grant           `json:"grants"`                  // what Terraform turns into IAM statements
	Statements     []Statement       `json:"statements,omitempty"`    // the function's own, for what no grant covers
	Tables         []Table           `json:"tables,omitempty"`        // the function's own, made locally and by Terraform
}

// Read reads and checks one manifest. The error names the file and the member.
func Read(path string) (Function, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Function{}, err
	}
	function, err := Parse(data)
	if err != nil {
		return Function{}, fmt.Errorf("%s: %w", path, err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return Function{}, err
	}
	function.Name, function.Dir = filepath.Base(dir), dir
	return function, nil
}

// Parse reads and checks a manifest's text. It is as strict about names as Terraform is.
func Parse(data []byte) (Function, error) {
	var function Function
	if err := strictjson.Unmarshal(data, &function); err != nil {
		return Function{}, err
	}
	return function, function.check()
}

var settingName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

func (f Function) check() error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	switch {
	case f.Hook == "" && len(f.Routes) == 0:
		fail("hook: missing; name the hook of a trigger, or the routes of an API function")
	case f.Hook != "" && len(f.Routes) > 0:
		fail("hook: a function has a hook or routes, not both")
	case f.Hook != "" && !f.Hook.Valid():
		fail("hook: %q is not a hook; use one of %s", f.Hook, join(cognito.Hooks()))
	}
	for i, r := range f.Routes {
		for _, problem := range r.Check() {
			fail("routes[%d].%w", i, problem)
		}
		if same := func(other Route) bool { return other.Shape() == r.Shape() }; slices.ContainsFunc(f.Routes[:i], same) {
			fail("routes[%d].route: %q serves the same requests as another route", i, r.Route)
		}
	}
	if versions := f.Hook.Versions(); f.EventVersion != "" && !slices.Contains(versions, f.EventVersion) {
		fail("event_version: %q does not exist for %s; it has %s", f.EventVersion, f.Hook, orNone(versions))
	} else if f.EventVersion == "" && len(versions) > 0 {
		fail("event_version: missing; %s has %s", f.Hook, join(versions))
	}
	if f.TimeoutSeconds < 1 || f.TimeoutSeconds > 900 {
		fail("timeout_seconds: %d is out of range; use 1 to 900, 5 for a trigger", f.TimeoutSeconds)
	}
	if f.MemoryMB < 128 || f.MemoryMB > 10240 {
		fail("memory_mb: %d is out of range; use 128 to 10240", f.MemoryMB)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Environment)) {
		if !settingName.MatchString(name) {
			fail("environment.%s: use capital letters, digits and underscores", name)
		}
		if slices.Contains(reservedSettings, name) {
			fail("environment.%s: Lambda sets this itself; choose another name", name)
		}
	}
	problems = append(problems, f.checkPermissions()...)
	return errors.Join(problems...)
}

// checkPermissions checks grants, statements and tables.
func (f Function) checkPermissions() []error {
	var problems []error
	add := func(place string, i int, wrong []error) {
		for _, problem := range wrong {
			problems = append(problems, fmt.Errorf("%s[%d].%w", place, i, problem))
		}
	}
	sids, names, settings := map[string]int{}, map[string]int{}, map[string]int{}
	for i, grant := range f.Grants {
		add("grants", i, grant.check(f.Environment))
	}
	for i, statement := range f.Statements {
		add("statements", i, statement.check(f.Environment))
		add("statements", i, twice("statements", "sid", statement.Sid, i, sids))
	}
	for i, table := range f.Tables {
		add("tables", i, table.check(f.Environment))
		add("tables", i, twice("tables", "name", table.Name, i, names))
		add("tables", i, twice("tables", "setting", table.Setting, i, settings))
	}
	return problems
}

// twice returns an error if an earlier element has the same value of a member; seen holds their indexes.
func twice(place, member, value string, i int, seen map[string]int) []error {
	if first, taken := seen[value]; taken && value != "" {
		return []error{fmt.Errorf("%s: %q is also that of %s[%d]", member, value, place, first)}
	}
	seen[value] = i
	return nil
}

// reservedSettings are what Lambda refuses as settings, of those that are otherwise names of settings. See
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var reservedSettings = []string{
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
	"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
}

// EnvironmentWith returns the manifest's settings with others laid over them.
func (f Function) EnvironmentWith(others map[string]string) map[string]string {
	env := make(map[string]string, len(f.Environment)+len(others))
	maps.Copy(env, f.Environment)
	maps.Copy(env, others)
	return env
}

// ErrNoTrigger is wrapped by Find's error for a repository without a trigger.
var ErrNoTrigger = errors.New("no trigger found")

// Find reads the manifests of all functions in the repository at root: function.json in each directory of its triggers
// and of its API. It returns an error that names the paths if there is no manifest at all, a function directory without
// one, or two functions for one route. A wrong list would detach the triggers of a live pool. Several triggers may
// serve one hook as long as the pool's settings switch on only one: see CheckHooks.
func Find(root string) ([]Function, error) {
	repo, err := repository.Open(root)
	if err != nil {
		return nil, err
	}
	var functions []Function
	names, shapes := map[string]string{}, map[string]string{}
	for _, room := range []string{repo.Triggers, repo.API} {
		dirs, err := functionDirs(room)
		if err != nil {
			return nil, err
		}
		if room == repo.Triggers && len(dirs) == 0 {
			return nil, fmt.Errorf("%w: %s has no %s", ErrNoTrigger, filepath.Join(room, "*"), FileName)
		}
		for _, dir := range dirs {
			path := filepath.Join(dir, FileName)
			function, err := Read(path)
			if err != nil {
				return nil, err
			}
			if other, taken := names[function.Name]; taken {
				return nil, fmt.Errorf("%s and %s have the same name, and so would their binaries; rename one directory",
					other, path)
			}
			if (function.Hook != "") != (room == repo.Triggers) {
				return nil, fmt.Errorf("%s: a function with a hook belongs in %s/, one with routes in %s/", path,
					repo.Relative(repo.Triggers), repo.Relative(repo.API))
			}
			for _, r := range function.Routes {
				if other, taken := shapes[r.Shape()]; taken {
					return nil, fmt.Errorf("%s and %s both serve the route %s; an API has one function per route",
						other, path, r.Route)
				}
				shapes[r.Shape()] = path
			}
			names[function.Name] = path
			functions = append(functions, function)
		}
	}
	if _, err := Tables(functions); err != nil {
		return nil, err
	}
	return functions, nil
}

// CheckHooks returns an error that names the manifests if two of the functions serve one hook. Give it those that are
// switched on.
func CheckHooks(on []Function) error {
	paths := map[cognito.Hook]string{}
	for _, function := range on {
		path := filepath.Join(function.Dir, FileName)
		if other, taken := paths[function.Hook]; taken && function.Hook != "" {
			return fmt.Errorf("%s and %s both serve the hook %s, and a pool has one function per hook: switch one off "+
				"with \"enabled\": false in triggers", other, path, function.Hook)
		}
		paths[function.Hook] = path
	}
	return nil
}

func functionDirs(room string) ([]string, error) {
	entries, err := os.ReadDir(room)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var dirs []string
	for _, entry := range entries {
		dir := filepath.Join(room, entry.Name())
		info, err := os.Stat(dir) // follows a link, as the build does
		if err != nil {
			return nil, err
		}
		if info.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			dirs = append(dirs, dir)
		}
	}
	return dirs, nil
}

func join[S ~string](names []S) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return join(names)
}
