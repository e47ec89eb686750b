# The pins are compiled for Python 3.11; 3.12 and 3.13 have wheels of all of them as well.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do $$p -c '' 2>/dev/null && echo $$p && break; done)
AUDIO_DIR ?=
PORT ?= 5000
TYPESCRIPT := typescript@5.9.3
BIOME := @biomejs/biome@2.6.8
BIN := .venv/bin
NODE_IS_NEW := const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 11) ? 0 : 1)
COMPILE := $(BIN)/uv pip compile -q --python-version 3.11 --no-emit-index-url --custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-js lint lint-js benchmark docs requirements clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{split($$1, name, ":"); printf "  make %-13s %s\n", name[1], $$2}'

setup: .venv/.done ## make .venv with everything that the commands below need

.venv/.done: requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python is not installed. Tagscape needs Python 3.11 or later (on Debian: apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old: Tagscape needs Python 3.11 or later. Name one: make setup PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "$(PYTHON) cannot make virtual environments (on Debian: apt install python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/dev.txt
	@touch $@

demo: setup ## synthesise the demo collection, or take AUDIO_DIR=folder; sync it; serve its map on PORT (5000)
	@$(BIN)/flask demo --serve --port "$(PORT)" $(if $(AUDIO_DIR),--audio-dir "$(AUDIO_DIR)")

run: setup ## serve the map of your own collection on PORT (5000)
	@$(BIN)/flask run --port "$(PORT)"

test: setup ## run every test; those of the JavaScript need Node.js
	@if node -e '$(NODE_IS_NEW)' 2> /dev/null; then $(MAKE) --no-print-directory test-js; \
	else echo "SKIPPED: the tests of the JavaScript need Node.js 20.11 or later"; fi
	$(BIN)/pytest

test-js: ## test the logic of the JavaScript without a browser (needs Node.js 20.11 or later)
	node --test --test-reporter=spec tests/js/*.test.js

lint: setup ## ruff, mypy, import-linter, hadolint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

lint-js: ## check form and types of the JavaScript (needs Node.js; fetches Biome and TypeScript from the npm registry)
	npx --yes --package $(BIOME) biome check --error-on-warnings
	@! LC_ALL=C.UTF-8 grep -rnE '^.{133,}' --include=*.js --include=*.ts app/static/js tests/js || { echo "Lines of more than 132 columns."; exit 1; }
	npx --yes --package $(TYPESCRIPT) tsc --project app/static/js/tsconfig.json

benchmark: setup .venv-essentia/.done ## measure extraction beside the reference engine, with the music of ../shared
	$(BIN)/python -m benchmarks.extract --essentia .venv-essentia/bin/python

.venv-essentia/.done: requirements/essentia.txt | .venv/.done
	$(BIN)/python -m venv .venv-essentia
	.venv-essentia/bin/pip install --quiet --disable-pip-version-check --requirement requirements/essentia.txt
	@touch $@

docs: setup ## write what comes from the code: pages of docs/, config-example.py, types of the API
	$(BIN)/python -m docs.build

requirements: setup ## compile the pinned requirements from requirements/*.in
	$(COMPILE) requirements/runtime.in -o requirements.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/essentia.in -o requirements/essentia.txt

clean: ## remove .venv and caches, never your data
	rm -rf .venv .venv-essentia .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
