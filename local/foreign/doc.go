// Package foreign tests the toolkit as somebody else's repository meets it: it publishes this repository under the path
// that the documentation has, serves the module through a file proxy, and runs every command of
// docs/your-repository.md in an empty folder. `make foreign` measures that with a new user's Go settings and caches.
package foreign
