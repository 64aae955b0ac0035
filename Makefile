# make reproduce   set everything up and rerun the paper
# make test        set everything up and run every check
# make setup       only the set-up: a .venv in this folder, pinned by requirements.lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup reproduce test format lock clean
.DEFAULT_GOAL := setup

setup: $(READY)

$(READY): requirements.lock pyproject.toml tools/check_torch_build.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "synaprune needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python tools/check_torch_build.py
	touch $(READY)

reproduce: setup
	$(BIN)/synaprune reproduce

test: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Resolve the newest versions afresh; read the difference before you commit it.
lock:
	$(PYTHON) tools/lock.py

clean:
	rm -rf $(VENV)
