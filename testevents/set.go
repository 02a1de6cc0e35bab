// Package testevents is this repository's set of golden events: events as Cognito and API Gateway send them, each with
// the answer that the function must give. Unit tests, poolctl and the local stack replay the same files. Package golden
// describes their format.
package testevents

import (
	"embed"
	"io/fs"
)

//go:embed */*.json
var set embed.FS

// FS returns the golden set, which has a folder per function.
func FS() fs.FS { return set }
