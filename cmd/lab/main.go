// Command lab measures the functions and the local stack and tries to break them. Writing a trigger does not require
// it.
package main

import (
	"fmt"
	"os"

	"cognito-triggers/cmd/internal/command"
)

func main() {
	command.Main("lab", []command.Command{
		{
			Name: "bench", Run: runBench,
			Summary: "compare the functions' cold start and latency with a bare Go and a Python handler",
		},
		{
			Name: "bench-pool", Run: runBenchPool,
			Summary: "compare the local user pool's sign-ups and sign-ins per second with ministack's",
		},
		{
			Name: "bench-api", Run: runBenchAPI,
			Summary: "compare the local HTTP API's requests per second with a plain reverse proxy's and ministack's",
		},
		{
			Name: "bench-loop", Run: runBenchLoop,
			Summary: "measure the time from an edit to the first event of the new code, and of a start, against limits",
		},
		{
			Name: "soak", Run: runSoak,
			Summary: "sign thousands of users up and in at a local pool and look for wrong outcomes",
		},
		{
			Name: "contract", Run: runContract,
			Summary: "check the running HTTP API against api/openapi.json with Schemathesis",
		},
	})
}

// showProgress returns a counter for standard error, or nil if that is not a terminal.
func showProgress() func(done, total int) {
	if !command.Terminal(os.Stderr) {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(os.Stderr, "\r%d of %d ", done, total)
		if done == total {
			fmt.Fprint(os.Stderr, "\r\x1b[K")
		}
	}
}
