# The commands of this project. `make serve` and `make test` set up everything they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: help install web serve demo test lint types docs bench lock clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed web ## set up Python and the web app; leaves .venv/bin/leanbase

$(VENV)/.installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

web: $(VENV)/.installed ## build the web app and collect the files that are served to SDKs
	$(BIN)/python web/build.py

serve: install ## serve on http://127.0.0.1:8000
	$(BIN)/leanbase serve --port $(PORT)

demo: install ## the same, with a demo project
	$(BIN)/leanbase serve --port $(PORT) --demo

# Files keep their order in every process: those of the browser come last, for their event loop stays open.
test: install lint types ## check style, imports and types, then run all tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed ## style and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed ## strict types
	$(BIN)/pyright

docs: $(VENV)/.installed ## write the reference pages from the tables of the code
	$(BIN)/python docs/generate.py

bench: install ## measure; writes benchmarks/results/<date>.md
	$(BIN)/python -m benchmarks

lock: ## renew the lock file from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt --quiet

clean: ## remove what can be rebuilt
	rm -rf $(VENV) web/node_modules web/dist web/dist-toolbar src/leanbase/web_dist src/leanbase/assets
