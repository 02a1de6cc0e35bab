//go:build never

// This file is in no build. `go mod tidy` reads it whatever its tags: so a module that has poolctl as a tool keeps the
// checksums of the modules that Compile needs there.

package codesealer

import _ "cognito-triggers/local/sealedcode"
