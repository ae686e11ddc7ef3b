# `make run` starts the blog, `make test` installs and runs every test. Both need only Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run install test test-install check bench clean

run: install
	@$(BIN)/flask run --port $(PORT)

install: $(VENV)/.installed

test: $(VENV)/.installed-test
	@$(BIN)/python tests/bring_tools.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

test-install: $(VENV)/.installed-test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.lock | $(BIN)/python
	@echo "Installing into $(VENV) (half a minute, once) ..."
	@$(BIN)/pip install -qq --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-test: requirements-test.lock | $(BIN)/python
	@echo "Installing into $(VENV), with what the tests need ..."
	@$(BIN)/pip install -qq --require-hashes -r requirements-test.lock
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
