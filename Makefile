# 共治 Gongzhi. `make help` lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# How many packages the go command builds and tests at the same time.
P ?= 2
# Where `make run` listens.
LISTEN ?= 127.0.0.1:8080
# A checkout that belongs to another user, as in CI, must build too: git refuses to describe it.
export GOFLAGS := -buildvcs=false $(GOFLAGS)

TOOLS := bin/tools
PGSTART := $(TOOLS)/pgstart
GO_TEST := go test -p $(P) -timeout 30m
# npm may place Go files in node_modules: they are not ours.
LIST = go list -e -f '{{ if or .GoFiles .TestGoFiles .XTestGoFiles }}{{ .ImportPath }}{{ end }}' ./... | grep -v /node_modules/
PACKAGES = $$($(LIST))
GO_FILES = find . -name '*.go' -not -path '*/node_modules/*' -not -path '*/testdata/*'
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/e2e/*' -not -name '*.go' 2>/dev/null)

##@ Try it

.PHONY: help
help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: need-go web ## build everything and start the demonstration (星梧区) in ./data/demo
	@[ -e bin/gongzhi ] || echo 'Building gongzhi. The first time this compiles the embedded Temporal server and takes minutes, silently.'
	go build -o bin/gongzhi ./cmd/gongzhi
	bin/gongzhi up --demo --data ./data/demo --listen $(LISTEN)

##@ Build

.PHONY: build
build: need-go web ## build the console and the three programs into ./bin
	go build -o bin/ ./cmd/...

.PHONY: web
web: web/dist/index.html ## build the console, when its sources have changed

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@scripts/need-node
	npm --prefix web ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	npm --prefix web run build
	@touch $@

.PHONY: generate
generate: web/node_modules/.package-lock.json ## write the OpenAPI document and the console's client anew from the Go types
	go run ./cmd/openapi >web/src/api/openapi.json.new
	mv web/src/api/openapi.json.new web/src/api/openapi.json
	npm --prefix web run generate

##@ Check

.PHONY: test
test: ## everything: install what is missing, lint, build, every Go test on both databases, console, browser
	@scripts/steps need lint web test-go test-web browser

.PHONY: lint
lint: need-go web/node_modules/.package-lock.json ## format, vet, staticcheck, our own checks, workflowcheck, the console's linter
	@scripts/steps lint-format lint-vet lint-own lint-static lint-workflows lint-tools lint-web

.PHONY: fmt
fmt: ## format the Go code
	gofmt -w $$($(GO_FILES))

.PHONY: unit
unit: ## every Go test that needs no database server and no running system
	$(GO_TEST) $$($(LIST) | grep -v -e '^gongzhi/test/' -e '^gongzhi/store')

.PHONY: replay
replay: ## replay the recorded histories on today's workflows
	@go test -list Replay ./workflows/... | grep -q '^Test' || { echo 'replay: no test is named Replay' >&2; exit 1; }
	$(GO_TEST) -run Replay ./workflows/...

.PHONY: store
store: need-postgres $(PGSTART) ## the store on SQLite and on a PostgreSQL in a temporary folder
	$(PGSTART) -- $(GO_TEST) ./store/...

.PHONY: system
system: need-postgres web $(PGSTART) ## the real programs, driven through the API
	$(PGSTART) -- $(GO_TEST) ./test/system/...

.PHONY: browser
browser: need-chromium build ## the console in Chromium
	CHROMIUM_PATH="$$(scripts/need-chromium)" npm --prefix web run e2e

FUZZTIME ?= 1m

.PHONY: fuzz
fuzz: need-go ## fuzz every parser; FUZZTIME=10m gives each ten minutes
	@scripts/fuzz $(FUZZTIME)

.PHONY: bench
bench: need-postgres web $(PGSTART) ## print the figures, as ratios measured in one run
	$(PGSTART) -- go run ./test/bench

.PHONY: clean
clean: ## remove what was built; ./data and node_modules stay
	rm -rf bin web/test-results
	find web/dist -mindepth 1 -not -name placeholder.html -delete

# The steps of `make test` and `make lint`.

.PHONY: test-go
test-go: need-postgres $(PGSTART)
	$(PGSTART) -- $(GO_TEST) $(PACKAGES)

.PHONY: test-web
test-web: web/node_modules/.package-lock.json
	npm --prefix web run test

.PHONY: lint-format
lint-format:
	@unformatted=$$(gofmt -l $$($(GO_FILES))); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; fi

.PHONY: lint-vet
lint-vet:
	go vet $(PACKAGES)

.PHONY: lint-own
lint-own: $(TOOLS)
	go vet -vettool="$$PWD/$(TOOLS)/gongzhilint" $(PACKAGES)

.PHONY: lint-static
lint-static: $(TOOLS)
	$(TOOLS)/staticcheck $(PACKAGES)

.PHONY: lint-workflows
lint-workflows: $(TOOLS)
	$(TOOLS)/workflowcheck -config tools/workflowcheck.yaml ./workflows/...

# Each check has a test that plants a violation and expects it to be found.
.PHONY: lint-tools
lint-tools: $(TOOLS)
	cd tools && go vet ./... && go test ./...

.PHONY: lint-web
lint-web: web/node_modules/.package-lock.json
	npm --prefix web run lint
	npm --prefix web run typecheck

.PHONY: $(TOOLS)
$(TOOLS):
	@mkdir -p $(TOOLS)
	cd tools && go build -o ../$(TOOLS)/ ./gongzhilint honnef.co/go/tools/cmd/staticcheck go.temporal.io/sdk/contrib/tools/workflowcheck

.PHONY: $(PGSTART)
$(PGSTART):
	@mkdir -p $(TOOLS)
	go build -o $(PGSTART) ./test/pgtest/cmd/pgstart

# All of it, so that whoever has to install by hand does it once.
.PHONY: need
need:
	@scripts/need go node postgres chromium

.PHONY: need-go need-node need-postgres need-chromium
need-go need-node need-postgres need-chromium:
	@scripts/$@ >/dev/null
