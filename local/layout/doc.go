// Package layout tests the repository itself: the files in every function's directory, the content of its README, which
// package may import which, and whether docs/threats.md names existing files and tests. It starts no emulator, pool or
// function, so it takes a second and runs in `make test-fast`.
package layout
