# `make help` lists the targets with a comment after ##, below headings, which are lines that begin with ##@.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

ARCH ?= arm64

# These settings pin everything that a machine's own Go settings could change about a build, so that all machines build
# the same zips. Lint, tools and tests use them, too: with different ones, everything would be compiled twice.
# (An empty GOEXPERIMENT would let the go env file win; regabiargs is on by default, so naming it changes nothing.)
export CGO_ENABLED := 0
export GOFLAGS := -mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false
export GOEXPERIMENT := regabiargs
export GOFIPS140 := off
export GOAMD64 := v1
export GOARM64 := v8.0

# In these recipes, poolctl's messages name the targets of this file.
run reset new-trigger replay preview build build-local build-zips deploy-local: export POOLCTL_CALLED_BY_MAKE := 1

# What users give reaches recipes in the environment, as typed, and recipes quote it: neither make nor a shell reads it.
GIVEN := API_PORT ARCH ATTEMPTS BENCH CODE EXAMPLE FUZZTIME HOOK MODULE NAME ONCE PLAY PORT SEED SOAK STATE VAR_FILE
GIVEN += VERSION
given = $(if $(filter undefined,$(origin $(1))),,$(eval override $(1) := $$(value $(1)))$(eval export $(1)))
$(foreach name,$(GIVEN),$(call given,$(name)))
# Runs $(1) with the words of the variable $(2) as arguments.
with_words = read -ra words <<<"$${$(2):-}"; $(1) $${words[@]+"$${words[@]}"}

LAMBDA_FLAGS := -ldflags='-s -w -buildid='
POOLCTL := build/poolctl
LAB := build/lab
# With fewer garbage collections the compiler is a quarter faster; each process takes at most 0.7 GB.
COMPILE := GOGC=400
# `make lint` runs vet. A third package keeps two cores busy while the others wait, for example for an emulator.
TEST := $(COMPILE) go test -vet=off -p 3
# The service clients of the AWS SDK are large: not optimised, they compile in half the time.
RACE := -race -gcflags='github.com/aws/aws-sdk-go-v2/service/...=-N -l'
# test-fast skips packages that need more than Go. Their tests import one of these packages; see local/outside.
OUTSIDE := ^[^ ]+ .*/local/(outside|stack/stacktest)( |$$)
TESTED := {{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{join .TestImports " "}} \
	{{join .XTestImports " "}}{{end}}
# Compiles for this machine the functions, the samples, and what encrypts codes for custom senders; $(1) is --zips for
# what uploads functions.
compile_local = $(POOLCTL) build --local $(1); \
	$(POOLCTL) build --local --from local/samples/triggers --out build/samples; \
	$(COMPILE) go build -ldflags='-s -w' -o build/codesealer ./cmd/codesealer

##@ Use

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-26s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(POOLCTL) ## Start a local pool with the triggers, play a scenario (ONCE=1 PLAY=0 STATE=DIR SEED=FILE PORT=9229)
	@$(POOLCTL) run $${ONCE:+--once} $${PORT:+--port "$$PORT"} $${API_PORT:+--api-port "$$API_PORT"} \
		$${ATTEMPTS:+--attempts "$$ATTEMPTS"} $${PLAY:+--play="$$PLAY"} $${STATE:+--state "$$STATE"} $${SEED:+--seed "$$SEED"}

.PHONY: reset
reset: $(POOLCTL) ## Forget the signing keys of local runs, and with STATE=DIR their users, sessions and messages
	@$(POOLCTL) reset $${STATE:+--state "$$STATE"}

.PHONY: new-trigger
new-trigger: $(POOLCTL) ## Write a complete trigger directory (NAME=audit-sign-in HOOK=post_authentication)
	@$(POOLCTL) new-trigger --name "$${NAME:-}" --hook "$${HOOK:-}"

.PHONY: replay
replay: $(POOLCTL) ## Replay every golden event against the compiled triggers
	@$(POOLCTL) replay

.PHONY: preview
preview: build-local ## Write every message in every locale as a page into build/preview/
	@$(POOLCTL) preview --out build/preview

.PHONY: build
build: $(POOLCTL) ## Compile every function for Lambda into build/<arch>/ (ARCH=arm64 or amd64)
	@case "$$ARCH" in arm64 | amd64) ;; *) echo "build: ARCH must be arm64 or amd64"; exit 1 ;; esac
	@$(POOLCTL) build --arch "$$ARCH"

# What is applied is the plan that was shown. With CODE, what `poolctl build --upload` wrote, nothing is built here.
.PHONY: deploy
deploy: $(if $(value CODE),,build) ## Apply terraform/ to AWS, after you confirm the plan (VAR_FILE="A B" CODE=FILE ARCH=amd64)
	@.ci/deploy

.PHONY: publish-as
publish-as: ## Make a module of a renamed, built and tested copy (MODULE=github.com/you/cognito-triggers VERSION=v0.1.0)
	@go run ./cmd/publish -module "$${MODULE:-}" -version "$${VERSION:-}"

.PHONY: publish-terraform
publish-terraform: ## Make a repository of the Terraform modules, as the registry expects it (MODULE=… VERSION=v0.1.0)
	@go run ./cmd/publish -terraform -module "$${MODULE:-}" -version "$${VERSION:-}"

.PHONY: clean
clean: ## Delete build/
	@rm -rf build

##@ Develop

# The same flags everywhere, so that nothing is compiled twice.
.PHONY: build-local
build-local: $(POOLCTL) ## Compile functions, samples and build/poolctl for this machine (other targets do so as needed)
	@$(compile_local)

# The same with zips, for what uploads the functions or measures their size.
.PHONY: build-zips
build-zips: $(POOLCTL) ## Compile as build-local does, and pack zips
	@$(call compile_local,--zips)

.PHONY: $(POOLCTL)
$(POOLCTL):
	@$(COMPILE) go build -ldflags='-s -w' -o $(POOLCTL) ./cmd/poolctl # with a build ID: linked only if it changes

.PHONY: test
test: build-local ## Run every test, with the race detector if a C compiler is installed
	@export FUNCTIONS_ARE_BUILT=1 TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)"; \
	if [ -n "$$(command -v $$(go env CC))" ]; then \
		CGO_ENABLED=1 $(TEST) $(RACE) -timeout 15m ./...; \
	elif [ -n "$${CI:-}" ]; then \
		echo "test: CI needs the race detector, and no C compiler was found: install gcc"; exit 1; \
	else \
		echo "test: no C compiler found: running without the race detector"; $(TEST) -timeout 15m ./...; \
	fi

.PHONY: test-fast
test-fast: ## Run the tests that need only Go: no emulator, Python, Node.js, Terraform, Java or compiled functions
	@packages=$$(go list -f '$(TESTED)' ./...); \
	$(TEST) $$(grep -Ev '$(OUTSIDE)' <<<"$$packages" | cut -d' ' -f1); \
	echo "test-fast: skipped these packages, which need more than Go (make test runs them):"; \
	grep -E '$(OUTSIDE)' <<<"$$packages" | sed -E "s|^$$(go list -m)/([^ ]*) .*|  \1|"

.PHONY: test-debug
test-debug: $(POOLCTL) ## Hold a breakpoint in a running trigger for a minute (make test holds it for seconds)
	@DEBUG_HOLD=60s go test -count=1 -v -timeout 15m -run TestABreakpointMayBeHeld ./cmd/poolctl

.PHONY: lint
lint: ## Check format, vet and staticcheck
	@unformatted=$$(gofmt -l $(wildcard api cmd lab local shared testevents triggers)); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files:"; echo "$$unformatted"; exit 1; fi
	@go vet ./...
	@go tool -modfile=.ci/tools/go.mod staticcheck ./...
	@echo "lint: gofmt, vet and staticcheck found no problems"

.PHONY: fuzz
fuzz: ## Run every fuzz target (FUZZTIME=5m each)
	@.ci/fuzz "$${FUZZTIME:-5m}"

.PHONY: refresh-disposable-domains
refresh-disposable-domains: ## Fetch the current list of disposable e-mail domains
	@go run ./shared/signup/disposable/refresh

# $(call applied,TESTS) runs tests of local/deploy that need Terraform.
applied = command -v terraform >/dev/null || { echo "SKIP: $@: terraform is not installed"; exit 0; }; \
	TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)" DEPLOY_NEEDS_TERRAFORM=1 go test -count=1 -run '$(1)' ./local/deploy

##@ Terraform

.PHONY: tf-fmt
tf-fmt: ## Check the format of the Terraform files
	@.ci/terraform fmt

.PHONY: tf-validate
tf-validate: ## Validate every Terraform module and check that the tables in their READMEs are up to date
	@terraform/tools/docs.py --check
	@python3 terraform/tests/mutations.py --check
	@.ci/terraform validate

.PHONY: tf-test
tf-test: ## Run the tests of every Terraform module, without AWS
	@.ci/terraform test

.PHONY: tf-scan
tf-scan: ## Scan the Terraform files with checkov
	@.ci/checkov/run

.PHONY: tf-mutations
tf-mutations: ## Remove each defence from the Terraform modules and check that its test fails
	@python3 terraform/tests/mutations.py

.PHONY: tf-plans
tf-plans: build-zips ## Check on applied systems that changes do what they should and cost no sign-in
	@$(call applied,TestPlansFollowTheSources|TestLivePool|TestSeveralPools|TestInitIsValid)

.PHONY: tf-inputs
tf-inputs: build-zips ## Check what a change of each input of the user pool does, and that declared tables are applied
	@$(call applied,TestInputsOfTheUserPool|TestOwnTablesAreApplied|TestFunctionOptions)

.PHONY: proofs
proofs: ## Run the proofs that take longer than .ci/run has: applied changes, all examples, killed runs, many users
	@$(MAKE) foreign tf-plans tf-inputs test-debug test-spring pages test-state test-passwordless test-console test-enumeration
	@$(MAKE) test-migration test-senders
	@$(MAKE) deploy-local EXAMPLE=all

.PHONY: deploy-local
deploy-local: build-zips ## Apply terraform/ on this machine, test it and destroy it (EXAMPLE=minimal or all)
	@TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)" $(POOLCTL) deploy-local $${EXAMPLE:+--example "$$EXAMPLE"}

##@ Measure

.PHONY: $(LAB)
$(LAB):
	@$(COMPILE) go build $(LAMBDA_FLAGS) -o $(LAB) ./cmd/lab

.PHONY: bench
bench: build-zips $(LAB) ## Compare cold start and latency with a bare Go and a Python handler (BENCH=--rounds=100)
	@$(POOLCTL) build --local --zips --from lab/bench --out build/bench
	@$(call with_words,$(LAB) bench,BENCH)
	@echo; echo "What the AWS Encryption SDK costs per code, with KMS answering from memory:"
	@go test -run "^$$" -bench "^BenchmarkDecrypt$$" ./shared/sendercode | grep ns/op

.PHONY: bench-pool
bench-pool: build-local $(LAB) ## Compare the local user pool's speed with ministack's (BENCH=--rounds=3)
	@$(call with_words,$(LAB) bench-pool,BENCH)

.PHONY: bench-api
bench-api: build-local $(LAB) ## Compare the local HTTP API's speed with a plain reverse proxy's (BENCH=--rounds=3)
	@$(call with_words,$(LAB) bench-api,BENCH)

.PHONY: bench-loop
bench-loop: $(POOLCTL) $(LAB) ## Measure an edit until new code answers, and a start, against limits (BENCH=--edits=9)
	@$(call with_words,$(LAB) bench-loop,BENCH)

.PHONY: soak
soak: build-local $(LAB) ## Sign 5,000 users up and in and look for wrong outcomes (SOAK="--users 500 --concurrency 8")
	@$(call with_words,$(LAB) soak,SOAK)

.PHONY: sources
sources: ## Fire every trigger source that the local pool has, with one function at every hook, and print what fired it
	@go test -count=1 -v -run '^TestSources$$' ./local/userpool

.PHONY: test-passwordless
test-passwordless: build-local ## Guess a code 1,000 times at once, and tell 1,000 users from 1,000 strangers by time
	@FUNCTIONS_ARE_BUILT=1 PASSWORDLESS_ATTEMPTS=1000 PASSWORDLESS_RIGHT_ANSWERS=100 PASSWORDLESS_USERS=1000 \
		go test -count=1 -v -timeout=30m -run '^Test(ParallelCodes|UnknownUsersCannotBeTold)$$' ./local/e2e

.PHONY: test-console
test-console: build-local ## Open the console with 10,000 events and 5,000 users, and print its times beside the API's
	@FUNCTIONS_ARE_BUILT=1 CONSOLE_EVENTS=10000 go test -count=1 -v -timeout=10m -run '^TestConsole$$' ./local/clients

.PHONY: test-enumeration
test-enumeration: ## Tell 1,000 users from 1,000 strangers by the time of each answer in USER_AUTH and SRP
	@ENUMERATION_USERS=1000 go test -count=1 -v -timeout=30m -run '^TestTimeTellsNothing$$' ./local/userpool

.PHONY: test-passkeys
test-passkeys: ## Answer one passkey's challenge 500 times at once, in one session and in 500
	@PASSKEY_TRIES=500 go test -count=1 -v -run '^TestParallelPasskeys$$' ./local/userpool

.PHONY: pages
pages: build-local ## Walk the pages of managed login in every width, language and colour scheme, with screenshots
	@mkdir -p build/pages; PAGES="$$PWD/build/pages" FUNCTIONS_ARE_BUILT=1 CLIENTS_NEED_NODE=1 \
		go test -count=1 -timeout 15m -run '^TestHostedPages$$' ./local/clients
	@echo "pages: the screenshots are in build/pages"

.PHONY: test-spring
test-spring: ## Sign in with an application of Spring Boot at a domain of a local pool (needs Maven and Java 17)
	@SPRING=1 go test -count=1 -v -timeout 15m -run '^TestSpring$$' ./local/clients

.PHONY: test-state
test-state: build-local ## Kill runs with kept state 50 times during 1,000 sign-ups and look for lost ones
	@FUNCTIONS_ARE_BUILT=1 STATE_SIGN_UPS=1000 STATE_KILLS=50 \
		go test -count=1 -v -run '^TestKilledRunsLoseNothing$$' ./cmd/poolctl

.PHONY: test-migration
test-migration: build-local ## Migrate 1,000 users with each kind of password hash, at the costs that systems have
	@FUNCTIONS_ARE_BUILT=1 MIGRATION_USERS=1000 go test -count=1 -v -timeout 40m -run '^TestMigrationOfManyUsers$$' ./local/e2e

.PHONY: test-senders
test-senders: ## Deliver 10,000 events of a custom sender 1 to 3 times, to a provider that fails at random
	@SENDER_EVENTS=10000 go test -count=1 -v -run '^TestManyDeliveries$$' ./shared/customsender

.PHONY: foreign
foreign: ## Run docs/your-repository.md in an empty folder, time each command with cold and warm caches, and run its recipes
	@FOREIGN=1 go test -count=1 -timeout 20m -v -run TestYourRepository ./local/foreign

.PHONY: test-contract
test-contract: build-local $(LAB) ## Check the HTTP API against api/openapi.json with at least 2,000 requests
	@$(LAB) contract
