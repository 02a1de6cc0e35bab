// Package testevents is this repository's golden set: what Cognito sends, and beside it what the trigger must answer.
// Unit tests, the command line and the local stack replay the same files; shared/golden reads them and says what they
// hold.
package testevents

import (
	"embed"
	"io/fs"
)

//go:embed */*.json
var set embed.FS

// FS is the golden set, one folder per trigger.
func FS() fs.FS { return set }
