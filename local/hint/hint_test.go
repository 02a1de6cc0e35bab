package hint

import "testing"

func TestHints(t *testing.T) {
	t.Parallel()
	const (
		module = "example.org/toolkit"
		temp   = "/tmp/go-build2330671522/b001/exe/poolctl"
		cache  = "/var/cache/go-build/19/19c16813b923c4ead7a05bc8f5a388c2d2349a6b7253de5fd12364864dabaad6-d/poolctl"
	)
	for name, c := range map[string]struct {
		caller
		inbox, run, build string
	}{
		"make": {
			caller: caller{arg0: "build/poolctl", byMake: true},
			inbox:  "build/poolctl inbox", run: "make run API_PORT=9232 PLAY=0", build: "make build-local",
		},
		"a path": {
			caller: caller{arg0: "./build/poolctl"},
			inbox:  "./build/poolctl inbox", run: "./build/poolctl run --api-port=9232 --play=false",
			build: "./build/poolctl build --local",
		},
		"installed": {
			caller: caller{arg0: "poolctl", version: "v0.1.0"},
			inbox:  "poolctl inbox", run: "poolctl run --api-port=9232 --play=false", build: "poolctl build --local",
		},
		"go tool": {
			caller: caller{arg0: cache, version: "v0.1.0", gomod: "module x\n\ntool example.org/toolkit/cmd/poolctl\n"},
			inbox:  "go tool poolctl inbox", run: "go tool poolctl run --api-port=9232 --play=false",
			build: "go tool poolctl build --local",
		},
		"go tool, the first time, of several": {
			caller: caller{
				arg0: temp, version: "v0.1.0",
				gomod: "module x\n\ntool (\n\texample.org/other\n\texample.org/toolkit/cmd/poolctl // local\n)\n",
			},
			inbox: "go tool poolctl inbox", run: "go tool poolctl run --api-port=9232 --play=false",
			build: "go tool poolctl build --local",
		},
		"go run of a version": {
			caller: caller{arg0: cache, version: "v0.1.0", gomod: "module x\n"},
			inbox:  "go run example.org/toolkit/cmd/poolctl@v0.1.0 inbox",
			run:    "go run example.org/toolkit/cmd/poolctl@v0.1.0 run --api-port=9232 --play=false",
			build:  "go run example.org/toolkit/cmd/poolctl@v0.1.0 build --local",
		},
		"go run in a checkout": {
			caller: caller{arg0: temp},
			inbox:  "go run ./cmd/poolctl inbox", run: "go run ./cmd/poolctl run --api-port=9232 --play=false",
			build: "go run ./cmd/poolctl build --local",
		},
		"a test": {
			caller: caller{arg0: "/tmp/go-build1/b001/stack.test"},
			inbox:  "poolctl inbox", run: "poolctl run --api-port=9232 --play=false", build: "poolctl build --local",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.module = module
			if got := c.poolctl([]string{"inbox"}); got != c.inbox {
				t.Errorf("%s, want %s", got, c.inbox)
			}
			if got := c.caller.run([]string{"--api-port=9232", "--play=false"}); got != c.run {
				t.Errorf("%s, want %s", got, c.run)
			}
			if got := c.target("build-local", "build", "--local"); got != c.build {
				t.Errorf("%s, want %s", got, c.build)
			}
		})
	}
}
