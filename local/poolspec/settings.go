package poolspec

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/manifest"
)

// CheckSettings returns an error for each setting that no function would read, as Terraform's modules do: a setting of
// a function that its manifest does not have, a setting for all functions that not all have, and settings of an API
// function that does not exist. A misspelt name must not silently leave a function on its defaults.
func (s Spec) CheckSettings(functions []manifest.Function) error {
	var problems []error
	fail := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: "+format, append([]any{s.File}, args...)...))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		if !everybodys(name) {
			fail("function_environment has %s, but it is for LOG_LEVEL and AWS_ENDPOINT_URL…%s; set others in triggers or "+
				"api.functions, for the function that reads them", name, hint(name, []string{"LOG_LEVEL"}))
		}
	}
	var switchedOn []manifest.Function
	for _, f := range functions {
		place, own, on := "triggers."+f.Name, s.Triggers[f.Name], s.Enabled(f.Name)
		if f.Hook == "" {
			place, own, on = "api.functions."+f.Name, s.API.Functions[f.Name], s.API.Enabled(f.Name) && !s.API.Off
		}
		if on {
			switchedOn = append(switchedOn, f)
		}
		known := slices.Sorted(maps.Keys(f.Environment))
		for _, name := range slices.Sorted(maps.Keys(own.Environment)) {
			if on && !slices.Contains(known, name) && !everybodys(name) && (f.Hook != "" || name != "CORS_ORIGINS") {
				fail("%s.environment has %s, which is not a setting of the function%s. Its %s has %s; every function also has "+
					"LOG_LEVEL", place, name, hint(name, append(known, "LOG_LEVEL")), manifest.FileName, orNone(known))
			}
		}
	}
	if err := manifest.CheckHooks(switchedOn); err != nil {
		fail("%w", err)
	}
	routed := slices.DeleteFunc(slices.Clone(functions), func(f manifest.Function) bool { return f.Hook != "" })
	for _, name := range slices.Sorted(maps.Keys(s.API.Functions)) {
		if !slices.ContainsFunc(routed, func(f manifest.Function) bool { return f.Name == name }) {
			var names []string
			for _, f := range routed {
				names = append(names, f.Name)
			}
			fail("api.functions.%s: no such function%s; choose one of %s", name, hint(name, names), orNone(names))
		}
	}
	return errors.Join(problems...)
}

// everybodys reports whether every function may have the setting.
func everybodys(name string) bool {
	return name == "LOG_LEVEL" || strings.HasPrefix(name, "AWS_ENDPOINT_URL")
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// hint asks for the known name that is spelt most like the given one, if any is.
func hint(name string, known []string) string {
	best, distance := "", max(2, len(name)/4)+1
	for _, other := range known {
		if d := edits(name, other); d < distance {
			best, distance = other, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// edits returns how many letters must be added, removed or replaced to turn one name into the other.
func edits(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(from); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(to); j++ {
			replaced := diagonal
			if from[i-1] != to[j-1] {
				replaced++
			}
			diagonal = row[j]
			row[j] = min(replaced, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(to)]
}
