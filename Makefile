# Two commands do all: `make demo`, `make test`. CI calls these targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# Stamps live in the environment they describe: remove .venv and all is made anew.
INSTALLED := $(VENV)/.installed
SITE_TOOLS := $(VENV)/.site-tools
NODE_TOOLS := tests/node/node_modules/.installed
ACTIONLINT := $(BIN)/actionlint
BENCHMARKS := accounts emulator provision rehearse review smoke validate

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

$(INSTALLED): requirements.lock pyproject.toml
	@python=$$(for p in python3 python3.13 python3.12 python3.11; do \
		$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done); \
	if [ -z "$$python" ]; then echo "error: no Python 3.11 or newer found on PATH" >&2; exit 8; fi; \
	echo "environment: $(VENV), from $$($$python --version)"; \
	$$python -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: install
install: $(INSTALLED) ## the environment in .venv

# What only tests need of npm; without npm those tests are left out, except in CI.
$(NODE_TOOLS): tests/node/package.json tests/node/package-lock.json
	@npm ci --prefix tests/node --no-audit --no-fund --loglevel error
	@touch $@

.PHONY: node
node: $(NODE_TOOLS) ## the tests' tools from npm

# What only tests need of Go; without Go those tests are left out, except in CI.
$(ACTIONLINT): $(INSTALLED)
	@GOBIN=$(abspath $(BIN)) go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

.PHONY: actionlint
actionlint: $(ACTIONLINT) ## the tests' tool for workflows

.PHONY: demo
demo: $(INSTALLED) ## deploy the example gateways to a local Cloudflare and check them
	@$(BIN)/gatewright demo

.PHONY: test
test: $(INSTALLED) $(if $(shell command -v npm),$(NODE_TOOLS)) $(if $(shell command -v go),$(ACTIONLINT)) ## all tests, the real engine included
	@$(BIN)/gatewright env >/dev/null # the engine first: its first build has its own progress
	@$(BIN)/python -m pytest

.PHONY: check
check: $(INSTALLED) ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: bench
bench: $(INSTALLED) ## time us beside the peers (ONLY=validate: one part); writes docs/benchmarks.md
	@for each in $(or $(ONLY),$(BENCHMARKS)); do \
		echo "── $$each"; $(BIN)/python benchmarks/$$each.py || exit; done

.PHONY: screenshot
screenshot: $(INSTALLED) ## the picture in docs/emulator.md anew (needs Chromium)
	@$(BIN)/python docs/screenshot.py

# The site's own tools, held to the versions of the rest.
$(SITE_TOOLS): requirements-docs.lock $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-docs.lock
	@touch $@

.PHONY: docs
docs: $(SITE_TOOLS) ## the documentation as a site, in site/; every link and anchor is checked
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site
	@echo "site/index.html"

.PHONY: docs-generate
docs-generate: $(INSTALLED) ## the pages that are made from the code, anew
	@$(BIN)/python -m gatewright.emulator.fidelity
	@$(BIN)/python docs/generate.py

.PHONY: recording
recording: $(SITE_TOOLS) ## the picture in README anew: a real run in a terminal
	@$(BIN)/python docs/recording.py

.PHONY: weather
weather: $(INSTALLED) ## a thousand smoke runs in bad weather: no false failure
	GATEWRIGHT_WEATHER_RUNS=1000 $(BIN)/python -m pytest tests/smoke/test_weather.py -q -s

.PHONY: fix
fix: $(INSTALLED) ## what can be mended by a tool
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lock
lock: $(INSTALLED) ## pin the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra local --group dev pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --group docs --constraint requirements.lock --output-file requirements-docs.lock

.PHONY: clean
clean: ## remove the environment and all local state
	rm -rf $(VENV) .gatewright dist site
