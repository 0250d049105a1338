# Runs, tests and checks Architecture Sandbox from a bare checkout. `make help` lists what there is.
#
#   make run DIAGRAM=my.json        another diagram
#   make test TESTS='-k queue'      some of the tests
#   make run PYTHON=python3.12      another Python (for a new .venv)

PYTHON  ?=
DIAGRAM ?= assets/examples/web-shop.json
TESTS   ?=
VENV    := .venv
BIN     := $(VENV)/bin

# What PySide6's wheels expect of Debian and Ubuntu: to draw at all, to open a window, and to
# open and drive one where there is no screen.
DRAWING_LIBRARIES := libglib2.0-0 libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1
WINDOW_LIBRARIES  := libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
SCREEN_PACKAGES   := xvfb xauth xdotool imagemagick

# Without bytecode every start would compile every import again.
unexport PYTHONDONTWRITEBYTECODE

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test check format bench fidelity translations soak clean install-libraries install-screen

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/installed install-libraries ## open an example (without a screen: run it, print the result, plot it)
	@if $(BIN)/python -m sandbox.gui.preflight; then \
		$(BIN)/sandbox $(DIAGRAM); \
	else \
		echo "make: running an hour of $(DIAGRAM) without a window; its plot is $(PLOT)"; \
		$(BIN)/sandbox run $(DIAGRAM) --for 1h --plot $(PLOT); \
	fi
PLOT = $(notdir $(basename $(DIAGRAM))).png

test: $(VENV)/installed-dev install-libraries install-screen ## run the tests
	@$(BIN)/python -m sandbox.engine.prepare
	@$(BIN)/python -m pytest -n 2 --dist worksteal --benchmark-disable $(TESTS)

check: $(VENV)/installed-dev ## lint, format, types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/installed-dev ## format, and mend what the linter can mend
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

bench: $(VENV)/installed-dev install-libraries ## measure the engine, then the benchmarks among the tests
	@$(BIN)/sandbox bench
	@$(BIN)/python -m pytest -n 0 --benchmark-only --timeout 0 $(TESTS)

fidelity: $(VENV)/installed ## run what is known exactly, and write the fidelity page
	@mkdir -p $(FIDELITY)
	@$(BIN)/sandbox fidelity -o $(FIDELITY)/fidelity.html --markdown $(FIDELITY)/fidelity.md
FIDELITY = assets/fidelity

translations: $(VENV)/installed-dev ## list the texts of the program for translators
	@$(BIN)/python -m tests.translations

soak: $(VENV)/installed-dev ## the tests of properties with 10,000 examples each; takes an hour
	@$(BIN)/python -m pytest -n 2 -m soak --timeout 0 $(TESTS)

clean: ## remove caches and builds (.venv stays)
	@rm -rf build dist .benchmarks .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find sandbox tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed again only when pyproject.toml changes; the sources are used where they stand.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "make: installing the package"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "make: installing the package and its tools"
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/installed

$(BIN)/python:
	@.make/create-venv $(VENV) $(PYTHON)

install-libraries:
	@.make/install-packages $(DRAWING_LIBRARIES) $(WINDOW_LIBRARIES)

install-screen:
	@.make/install-packages $(SCREEN_PACKAGES)
