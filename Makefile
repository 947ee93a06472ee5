# One command each; each does all of its own set-up. `make` or `make help` explains.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# uv finds the machine's own certificates (proxies in offices bring theirs)
export UV_SYSTEM_CERTS ?= 1
# compiled once, not anew by each of the many processes that the app, the tests and the figures start
unexport PYTHONDONTWRITEBYTECODE
NPM := $(shell command -v npm 2>/dev/null || echo $(CURDIR)/$(BIN)/npm)

.PHONY: help setup run test check bench chaos lock clean

help: ## What each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: .venv/.python-ready static/vendor/.ready ## Everything the others need (they call it themselves)

.venv/.uv-ready: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=…)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/.python-ready: .venv/.uv-ready requirements-dev.txt pyproject.toml
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.txt requirements-uv.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

static/vendor/.ready: package-lock.json .venv/.python-ready
	@echo "Fetching the front-end files…"
	PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM) ci --silent --no-audit --no-fund
	$(BIN)/python -m app.vendor
	@touch $@

run: setup ## The app on http://127.0.0.1:8000, with its own local sheet server
	$(BIN)/bumuk run

# Tests commit all the time: in memory, where the machine has room there, they need not wait for its disk.
ROOM := $(shell df -k --output=avail /dev/shm 2>/dev/null | tail -1)
test: export TMPDIR := $(shell [ "$(or $(ROOM),0)" -gt 4000000 ] && [ -w /dev/shm ] && echo /dev/shm || echo "$${TMPDIR:-/tmp}")
test: setup ## All tests
	$(BIN)/pytest -n 4 --dist loadgroup -m "not browser"
	@# Two real browsers at once; on a busy machine one that fails is tried again and said so.
	$(BIN)/pytest -n 2 --dist worksteal -m browser --reruns 1

check: setup ## Formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup ## Figures beside their peers; ONLY=name runs one
	$(BIN)/bumuk bench $(ONLY)

OPS ?= 3000
SEED ?= 1
JOBS ?= 1
PEERS ?= 0
chaos: setup ## People, app and faults on one sheet; OPS=, SEED=, JOBS= processes, PEERS= operations of the usual ways, RECORD= folder
	$(BIN)/python -m chaos --ops $(OPS) --seed $(SEED) --jobs $(JOBS) --peers $(PEERS) $(if $(RECORD),--record $(RECORD))

lock: .venv/.uv-ready ## Resolve the lock files anew
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header - -o requirements-uv.txt

clean: ## Remove what setup made (data in var/ stays)
	rm -rf .venv node_modules static/vendor
