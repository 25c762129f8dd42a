# Every target is one line that calls tox or the command line; .venv holds both.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
ARGS ?=

.PHONY: verify test qualify up down plan doctor lint e2e bench clean

verify: $(READY)  ## bring up a mesh, judge it, put it away
	@$(VENV)/bin/meshproof verify $(ARGS)

test: $(READY)  ## lint, types and unit tests
	@$(VENV)/bin/tox run-parallel --parallel-no-spinner $(ARGS)

qualify: $(READY)  ## several versions of Istio, and one document about all of them
	@$(VENV)/bin/meshproof qualify --file scenarios/matrix.yaml $(ARGS)

up: $(READY)  ## bring up a mesh and keep it
	@$(VENV)/bin/meshproof up $(ARGS)

down: $(READY)  ## put away all that carries our label, whoever left it
	@$(VENV)/bin/meshproof down --all $(ARGS)

plan: $(READY)  ## show what would be done
	@$(VENV)/bin/meshproof plan $(ARGS)

doctor: $(READY)  ## say what this machine lacks
	@$(VENV)/bin/meshproof doctor $(ARGS)

lint: $(READY)  ## style and imports alone
	@$(VENV)/bin/tox -e lint

e2e: $(READY)  ## all that needs clusters, faults and killed runs among it
	@$(VENV)/bin/tox -e e2e -- $(ARGS)

bench: $(READY)  ## time the documents' order against meshproof's
	@$(VENV)/bin/tox -e bench -- $(ARGS)

clean:  ## remove what setting up has made here; the cache of built images stays
	@rm -rf $(VENV) .tox *.egg-info

# Debian keeps what venv needs in a package of its own; root installs it, others are told to
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "meshproof needs Python 3.11 or newer: set PYTHON=...")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  echo "meshproof: $(PYTHON) has no venv module: apt-get install $$package" >&2; \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$$package" >/dev/null || exit 10; }
	@echo "meshproof: setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
