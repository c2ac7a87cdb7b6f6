.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)
export UV_PROJECT_ENVIRONMENT := $(VENV)
# Where the caller forbids bytecode, every process would compile some 1,400 modules at every start.
unexport PYTHONDONTWRITEBYTECODE
# Processes that share the tests: each has servers of its own, so more than two want memory.
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest --numprocesses $(JOBS) --no-loadscope-reorder

.PHONY: help run down test unit contract service system browser chaos containers walk storm \
        lint format types arch contracts contracts-check migration bench wheelhouse image clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv where there is none: by pip, into the environment itself (hence --inexact below).
$(BIN)/uv:
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet uv

$(VENV)/.synced: pyproject.toml uv.lock | $(filter $(BIN)/uv,$(UV))
	$(UV) sync --frozen --inexact --quiet --compile-bytecode
	$(BIN)/python -m compileall -q contracts services ops
	@touch $@

run: $(VENV)/.synced ## Start everything on this machine with a year of office life (Ctrl-C ends it)
	$(BIN)/jiceng up --demo

down: $(VENV)/.synced ## Stop what a detached `jiceng up` started
	$(BIN)/jiceng down

test: lint ## Everything: rules of the code, then every level of tests
	$(PYTEST) tests

unit contract service system browser chaos containers: $(VENV)/.synced ## One level of tests
	$(PYTEST) tests/$@

walk: $(VENV)/.synced ## What a change in one room needs, and no more: make walk ROOM=wishes
	$(BIN)/python -m ops.walk "$(ROOM)" --numprocesses $(JOBS) --no-loadscope-reorder

storm: $(VENV)/.synced ## Races and drawn examples at length: many more rounds than with every commit
	STORM=1 $(PYTEST) -m storm tests

lint: $(VENV)/.synced types arch ## Format, lint, types, import rules, rules of the house; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m ops.lint

types: $(VENV)/.synced ## mypy --strict
	$(BIN)/mypy contracts services ops

arch: $(VENV)/.synced ## Import rules
	$(BIN)/lint-imports

format: $(VENV)/.synced ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contracts: $(VENV)/.synced ## Regenerate schemas, AsyncAPI, OpenAPI, the event catalogue and the drawings of lifecycles
	$(BIN)/python -m ops.contracts
	$(BIN)/python -m ops.lifecycles

migration: $(VENV)/.synced ## A migration for new fields of rows: make migration SERVICE=membership NAME=thanks
	$(BIN)/python -m ops.migration "$(SERVICE)" "$(NAME)"

contracts-check: $(VENV)/.synced ## Fail when a generated contract is stale
	$(BIN)/python -m ops.contracts --check
	$(BIN)/python -m ops.lifecycles --check

bench: $(VENV)/.synced ## Rates as ratios to a bound measured in the same run
	$(BIN)/python -m ops.bench all

wheelhouse: $(VENV)/.synced ## Collect the wheels an image is built from, for building offline
	$(BIN)/python -m ops.wheelhouse

image: wheelhouse ## Build the container image
	docker build -f deploy/Dockerfile -t jiceng:local .

clean: ## Remove caches and the environment; data in .jiceng stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist
