# Every target is one line that calls tox or the command line; .venv holds both.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
ARGS ?=

.PHONY: verify test up down plan doctor lint bench clean

verify: $(READY)  ## bring up a mesh, judge it, put it away
	@$(VENV)/bin/meshproof verify $(ARGS)

test: $(READY)  ## lint, types and unit tests
	@$(VENV)/bin/tox run-parallel --parallel-no-spinner $(ARGS)

up: $(READY)  ## bring up a mesh and keep it
	@$(VENV)/bin/meshproof up $(ARGS)

down: $(READY)  ## put away all that carries our label, whoever left it
	@$(VENV)/bin/meshproof down --all $(ARGS)

plan: $(READY)  ## show what would be done
	@$(VENV)/bin/meshproof plan $(ARGS)

doctor: $(READY)  ## say what this machine lacks
	@$(VENV)/bin/meshproof doctor $(ARGS)

bench: $(READY)  ## time the documents' order against meshproof's
	@$(VENV)/bin/tox -e bench -- $(ARGS)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "meshproof needs Python 3.11 or newer: set PYTHON=...")'
	@echo "meshproof: setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV) || { echo "meshproof: Python has no venv module: apt-get install python3-venv" >&2; exit 10; }
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
