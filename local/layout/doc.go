// Package layout holds the tests that look at the repository itself: what every function's directory has, what its README
// says, which room may import which, and whether docs/threats.md names files and tests that exist. They start no emulator,
// pool or function, so that they take a second and run in `make test-fast`.
package layout
