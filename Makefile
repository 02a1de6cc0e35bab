# Every target that a person calls has a line of help after ##, below a heading of make help: a line that begins with ##@.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# What a machine's own Go settings could change about a build is pinned here, or two machines would build different zips.
# Lint, tools and tests have the same settings: with others, everything is compiled once more.
# (An empty variable would let the settings file win; regabiargs is on anyway, so naming it means Go's default.)
export CGO_ENABLED := 0
export GOFLAGS := -mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false
export GOEXPERIMENT := regabiargs
export GOFIPS140 := off
export GOAMD64 := v1
export GOARM64 := v8.0

HOST_OS := $(shell go env GOHOSTOS)
HOST_ARCH := $(shell go env GOHOSTARCH)
# Where the functions for this machine go. Not over Lambda's, where this machine is no Linux.
HOST := $(if $(filter linux,$(HOST_OS)),,$(HOST_OS)-)$(HOST_ARCH)
ARCH ?= arm64
LAMBDA_FLAGS := -ldflags='-s -w -buildid='
# A function is a directory in triggers/ or api/: found, never listed.
FUNCTIONS = $(patsubst %/main.go,./%,$(wildcard triggers/*/main.go api/*/main.go))
SAMPLES = $(patsubst %/main.go,./%,$(wildcard local/samples/triggers/*/main.go))
POOLCTL := build/poolctl
LAB := build/lab
# The compiler is a Go program: with fewer collections it takes a quarter less time, and at most 0.7 GB each.
COMPILE := GOGC=400
# Vet is lint's. A third package keeps two cores busy while others wait, for an emulator's start for example.
TEST := $(COMPILE) go test -exec 'env -u GOGC' -vet=off -p 3
# What they need beside Go leaves packages out of test-fast: they are found by what their tests import, see local/outside.
OUTSIDE := ^[^ ]+ .*cognito-triggers/local/(outside|stack/stacktest)( |$$)
TESTED := {{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}{{end}}
# Compiles every function, or $(3) alone, and packs it into build/$(2). Each run compiles into a folder of its own, and lambdazip replaces
# whole files: tests and people that build at the same time, or have the functions running, do not disturb one another.
pack = mkdir -p build/.binaries; work=$$(mktemp -d build/.binaries/XXXXXX); trap 'rm -rf "$$work"' EXIT; \
	$(COMPILE) $(1) go build $(LAMBDA_FLAGS) -o "$$work/" $(or $(3),$(FUNCTIONS)); \
	GOOS= GOARCH= go run $(LAMBDA_FLAGS) ./cmd/lambdazip -binaries "$$work" -out build/$(2)

##@ Use

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-26s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: build-local ## Start a local user pool that fires the compiled triggers, and play a user's life on it (ONCE=1 ends after that, PORT=9229, API_PORT=9230)
	@$(POOLCTL) run $(if $(ONCE),--once) $(if $(PORT),--port $(PORT)) $(if $(API_PORT),--api-port $(API_PORT))

# The names reach the command as they were typed: neither make nor a shell reads them.
.PHONY: new-trigger
new-trigger: override export NAME := $(value NAME)
new-trigger: override export HOOK := $(value HOOK)
new-trigger: $(POOLCTL) ## Write a complete trigger directory (NAME=audit-sign-in HOOK=post_authentication)
	@$(POOLCTL) new-trigger --name "$$NAME" --hook "$$HOOK"

.PHONY: replay
replay: build-local ## Replay every golden event against the compiled triggers
	@$(POOLCTL) replay

.PHONY: preview
preview: build-local ## Write every message of every locale as pages into build/preview/
	@$(POOLCTL) preview --out build/preview

.PHONY: build
build: ## Compile every function for Lambda into build/<arch>/ (ARCH=arm64 or amd64)
	@$(call pack,GOOS=linux GOARCH=$(ARCH),$(ARCH))
	@ls -1 build/$(ARCH)/*.zip

.PHONY: deploy
deploy: build ## Apply terraform/ to the AWS account of your environment, after a plan that you confirm (ARCH=amd64 for Intel)
	@terraform -chdir=terraform init
	@terraform -chdir=terraform apply -var architecture=$(if $(filter amd64,$(ARCH)),x86_64,$(ARCH))

.PHONY: clean
clean: ## Delete everything that was built
	@rm -rf build

##@ Develop

# The functions and the command as this machine itself runs them: same flags, so that nothing is compiled twice.
.PHONY: build-local
build-local: $(POOLCTL) ## Compile the functions, the samples and build/poolctl for this machine; the targets that need it run it
	@$(call pack,,$(HOST))
	@$(call pack,,samples,$(SAMPLES))

.PHONY: $(POOLCTL)
$(POOLCTL):
	@$(COMPILE) go build $(LAMBDA_FLAGS) -o $(POOLCTL) ./cmd/poolctl

.PHONY: test
test: build-local ## Run every test, with the race detector where a C compiler is there
	@export FUNCTIONS_ARE_BUILT=1 TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)"; if [ -n "$$(command -v $$(go env CC))" ]; then \
		CGO_ENABLED=1 $(TEST) -race -timeout 15m ./...; \
	elif [ -n "$${CI:-}" ]; then \
		echo "test: no C compiler found, and CI must run with the race detector: install gcc"; exit 1; \
	else \
		echo "test: no C compiler found: running without the race detector"; $(TEST) -timeout 15m ./...; \
	fi

.PHONY: test-fast
test-fast: ## Run the tests that need Go alone: no emulator, Python, Node.js, Terraform, Java or compiled function
	@packages=$$(go list -f '$(TESTED)' ./...); \
	$(TEST) $$(grep -Ev '$(OUTSIDE)' <<<"$$packages" | cut -d' ' -f1); \
	echo "test-fast: left out, since they need more than Go (make test runs them):"; \
	grep -E '$(OUTSIDE)' <<<"$$packages" | sed -E 's|^cognito-triggers/([^ ]*) .*|  \1|'

.PHONY: lint
lint: ## Check format, vet and staticcheck
	@unformatted=$$(gofmt -l $(wildcard api cmd lab local shared testevents triggers)); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files:"; echo "$$unformatted"; exit 1; fi
	@go vet ./...
	@go tool -modfile=.ci/tools/go.mod staticcheck ./...
	@echo "lint: gofmt, vet and staticcheck found nothing"

.PHONY: fuzz
fuzz: ## Run every fuzz target (FUZZTIME=5m each)
	@.ci/fuzz $(or $(FUZZTIME),5m)

.PHONY: refresh-disposable-domains
refresh-disposable-domains: ## Fetch the current list of disposable e-mail domains
	@go run ./shared/signup/disposable/refresh

##@ Terraform

.PHONY: tf-fmt
tf-fmt: ## Check the format of the Terraform files
	@.ci/terraform fmt

.PHONY: tf-validate
tf-validate: ## Validate every Terraform module, and that the tables in their READMEs are up to date
	@terraform/tools/docs.py --check
	@.ci/terraform validate

.PHONY: tf-test
tf-test: ## Run the tests of every Terraform module, without AWS
	@.ci/terraform test

.PHONY: tf-scan
tf-scan: ## Scan the Terraform files with checkov
	@.ci/checkov/run

.PHONY: tf-mutations
tf-mutations: ## Take every defence out of the Terraform modules and see its test fail
	@python3 terraform/tests/mutations.py

.PHONY: tf-plans
tf-plans: ## Show on an applied system that plans follow the sources: nothing, one handler, a new directory
	@command -v terraform >/dev/null || { echo "SKIP: tf-plans: terraform is not installed"; exit 0; }; \
	TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)" DEPLOY_NEEDS_TERRAFORM=1 go test -count=1 -run TestPlansFollowTheSources ./local/deploy

.PHONY: deploy-local
deploy-local: build-local ## Apply terraform/ for real on this machine, use what it made, plan again and destroy it (EXAMPLE=minimal or all)
	@TF_PLUGIN_DIR="$$(.ci/terraform plugin-dir)" $(POOLCTL) deploy-local $(if $(EXAMPLE),--example $(EXAMPLE))

##@ Measure

.PHONY: $(LAB)
$(LAB):
	@$(COMPILE) go build $(LAMBDA_FLAGS) -o $(LAB) ./cmd/lab

.PHONY: bench
bench: build-local $(LAB) ## Compare the functions' cold start and latency with a bare Go and a Python handler (BENCH=--rounds=100)
	@$(call pack,,bench,./lab/bench/echo)
	@$(LAB) bench $(BENCH)

.PHONY: bench-pool
bench-pool: build-local $(LAB) ## Compare the local user pool's speed with ministack's, fail where it is below its limits (BENCH=--rounds=3)
	@$(LAB) bench-pool $(BENCH)

.PHONY: bench-api
bench-api: build-local $(LAB) ## Compare the local HTTP API's requests per second with a plain reverse proxy's, fail below the limit (BENCH=--rounds=3)
	@$(LAB) bench-api $(BENCH)

.PHONY: soak
soak: build-local $(LAB) ## Sign 5,000 users up and in at a local pool and look for wrong outcomes (SOAK="--users 500 --concurrency 8")
	@$(LAB) soak $(SOAK)

.PHONY: test-contract
test-contract: build-local $(LAB) ## Hold the running HTTP API against api/openapi.json with Schemathesis: 2,000 requests or more
	@$(LAB) contract
