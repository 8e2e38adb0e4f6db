# `make demo` shows the program on its sample mailbox; `make test` runs every check. Both make .venv first, once.
# Another Python than python3: make demo PYTHON=python3.12
SHELL := /bin/bash
PYTHON ?=
export PYTHON
RUN := .venv/bin/python -m

.PHONY: help demo window test format lint bench run dev servers
.DEFAULT_GOAL := help

help:
	@echo "make demo    the program on its sample mailbox (a table and a picture if there is no display)"
	@echo "make window  the program itself"
	@echo "make test    every check: format, lint, types, layers, rules, tests"
	@echo "make format  put the code into shape"
	@echo "make lint    the quick checks only"
	@echo "make bench   the speed comparisons"

run:
	@packaging/setup.sh run

dev:
	@packaging/setup.sh dev

demo: run
	@.venv/bin/python packaging/system_packages.py demo
	@$(RUN) bounce_assistant demo

window: run
	@.venv/bin/python packaging/system_packages.py demo
	@$(RUN) bounce_assistant

format: dev
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

lint: dev
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy bounce_assistant tests packaging
	.venv/bin/lint-imports
	$(RUN) bounce_assistant check-rules

servers: dev
	@.venv/bin/python packaging/system_packages.py test

# The tests come last, so that the last line says how they went.
test: servers lint
	$(RUN) pytest -n 2 --dist worksteal --benchmark-disable --ignore tests/benchmarks

bench: dev
	@for script in tests/benchmarks/*/*.py; do echo "== $$script"; .venv/bin/python "$$script" || exit 1; done
