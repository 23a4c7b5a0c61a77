# `make report` and `make test` need Python 3.11 or newer, make and git; nothing else.

PYTHON ?= python3
QUARTER ?= 2020-21-Q1
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help report check test docs pictures lint lock clean

help: ## List what make can do
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST))

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "scrutiny needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 2; }
	@echo "Making the virtual environment in $(VENV) (a few minutes, once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

report: $(VENV)/installed ## Build the report of QUARTER (2020-21-Q1)
	@$(BIN)/scrutiny build $(QUARTER)

check: $(VENV)/installed ## Judge data and parameters of QUARTER without building
	@$(BIN)/scrutiny check $(QUARTER)

test: $(VENV)/installed ## Run the tests, linters and type checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/panache lint sections
	@$(BIN)/codespell --skip '*.css' sections docs README.md CONTRIBUTING.md CHANGELOG.md
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

docs: $(VENV)/installed ## Build the documentation in build/docs, every link checked
	@$(BIN)/python docs/write_help.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "build/docs/index.html"

pictures: $(VENV)/installed ## Store how the fixture report looks now, for the tests to compare with
	@$(BIN)/python -m pytest tests/documents/test_appearance.py -k looks_as_it_is_stored --store-pictures

lint: $(VENV)/installed ## Mend what the linters can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## Pin every dependency again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --extra docs --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.lock

clean: ## Remove what builds and tests made (not .venv)
	rm -rf build _output .quarto .pytest_cache .mypy_cache .ruff_cache .hypothesis
