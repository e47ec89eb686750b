PYTHON ?= python3
AUDIO_DIR ?=
PORT ?= 5000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo run test lint requirements clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.done ## make .venv with everything that the commands below need

.venv/.done: requirements/dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	touch $@

run: setup ## serve the map of the present collection on PORT (5000)
	$(BIN)/flask run --port $(PORT)

test: setup ## run every test
	$(BIN)/pytest

lint: setup ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

requirements: setup ## compile the pinned requirements from requirements/*.in
	$(BIN)/uv pip compile -q --python-version 3.11 --no-emit-index-url --custom-compile-command "make requirements" requirements/runtime.in -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --no-emit-index-url --custom-compile-command "make requirements" requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --no-emit-index-url --custom-compile-command "make requirements" requirements/essentia.in -o requirements/essentia.txt

clean: ## remove .venv and caches, never your data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
