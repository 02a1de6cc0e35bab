// Package outside marks tests that need more than Go: the compiled functions, the emulator and its Python, Node.js,
// Terraform or Java. `make test-fast` skips every package whose tests import it:
//
//	import _ "cognito-triggers/local/outside"
//
// or local/stack/stacktest, which builds the functions and starts the emulator. `make test` runs them all.
package outside
