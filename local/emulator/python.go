package emulator

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// python is an interpreter that can install the emulator.
type python struct {
	path    string // of the executable itself, not a link or shim
	version string // "3.12.1"
}

// oldest is the oldest minor version of Python 3 that ministack supports.
const oldest = 10

// probe prints the version, the executable, and "venv" if that module works: Debian packages it separately.
const probe = `import sys
print("%d.%d.%d" % sys.version_info[:3])
print(sys.executable)
try:
    import ensurepip, venv
    print("venv")
except ImportError:
    pass
`

var pythons = []string{"python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"}

// findPython returns the first interpreter on the PATH that is new enough and can create virtual environments.
func findPython(ctx context.Context) (python, error) {
	var tooOld, noVenv string
	for _, name := range pythons {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		output, err := exec.CommandContext(ctx, path, "-I", "-c", probe).Output()
		if ctx.Err() != nil {
			return python{}, ctx.Err()
		}
		lines := strings.Fields(string(output))
		if err != nil || len(lines) < 2 {
			continue // a shim for a version that is not installed
		}
		found := python{version: lines[0], path: lines[1]}
		switch {
		case !newEnough(found.version):
			tooOld = fmt.Sprintf("%s is Python %s", name, found.version)
		case lines[len(lines)-1] != "venv":
			noVenv = fmt.Sprintf("%s (Python %s)", name, found.version)
		default:
			return found, nil
		}
	}
	return python{}, missing(tooOld, noVenv)
}

func newEnough(version string) bool {
	parts := strings.Split(version, ".")
	if len(parts) < 2 {
		return false
	}
	major, _ := strconv.Atoi(parts[0])
	minor, _ := strconv.Atoi(parts[1])
	return major > 3 || major == 3 && minor >= oldest
}

// missing returns an error that says what to install.
func missing(tooOld, noVenv string) error {
	const how = "install one, for example with `apt-get install python3 python3-venv` or `brew install python3`"
	switch {
	case noVenv != "":
		return fmt.Errorf(
			"emulator: %s cannot make virtual environments: install its venv module, on Debian and Ubuntu with `apt-get "+
				"install python3-venv`", noVenv)
	case tooOld != "":
		return fmt.Errorf("emulator: it needs Python 3.%d or newer, but %s: %s", oldest, tooOld, how)
	}
	return fmt.Errorf("emulator: it needs Python 3.%d or newer, but there is no python3 on the PATH: %s", oldest, how)
}
