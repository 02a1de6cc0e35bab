package build

import (
	"fmt"
	"runtime"
)

// Target is a platform that functions are compiled for.
type Target struct{ OS, Arch string }

// Host is this machine, on which local runs execute functions.
func Host() Target { return Target{OS: runtime.GOOS, Arch: runtime.GOARCH} }

// Lambda returns AWS Lambda's platform for an architecture: arm64 or amd64, in Go's words.
func Lambda(arch string) (Target, error) {
	switch arch {
	case "arm64", "amd64":
		return Target{OS: "linux", Arch: arch}, nil
	}
	return Target{}, fmt.Errorf("the architecture %q is not one of AWS Lambda's: use arm64 or amd64", arch)
}

// Folder is the target's folder below the build folder: arm64, or darwin-arm64 for what Lambda cannot run.
func (t Target) Folder() string {
	if t.OS == "linux" {
		return t.Arch
	}
	return t.OS + "-" + t.Arch
}

// Architecture is Lambda's name for the architecture: arm64 or x86_64.
func (t Target) Architecture() string {
	if t.Arch == "amd64" {
		return "x86_64"
	}
	return t.Arch
}
