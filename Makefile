# Passavant. `make demo` shows it, `make test` and `make lint` check it.
# Everything is installed into folders of this checkout, from the lock files,
# each archive checked against its hash.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first of these that is 3.11 or newer; `make PYTHON=/path/to/python ...` overrides.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
UV_VERSION ?= 0.13.9
# `make lock UPGRADE=--upgrade` takes the newest versions; plain `make lock` keeps what fits.
UPGRADE ?=
# No archive but durable-rules is built here, so nothing unpinned is fetched to build one with.
PIP_FLAGS ?= -qq --require-hashes --only-binary :all:

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1

.PHONY: help demo test test-slow lint format bench lock clean venv-test

help:
	@echo "make demo       install what is needed to run, and run the demonstration"
	@echo "make test       run the tests"
	@echo "make test-slow  run the tests that take long"
	@echo "make lint       check style, types and which package imports which"
	@echo "make format     put the code in the common style"
	@echo "make bench      run the benchmarks"
	@echo "make lock       make the lock files anew from pyproject.toml"
	@echo "make clean      remove everything that make made"

define check_python
if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	echo "Passavant needs Python 3.11 or newer, and '$(or $(PYTHON),python3)' is not that." >&2; \
	echo "Install one and name it: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; \
	exit 1; \
fi
endef

# $(call environment,FOLDER,LOCK): FOLDER/.locked is there when FOLDER holds what LOCK lists,
# less durable-rules; FOLDER/.installed when the project itself is in it too.
define environment
$(1)/.locked: $(2)
	@$$(check_python)
	@echo "Installing $(2) into $(1) ..."
	@rm -rf $(1)
	@$$(PYTHON) -m venv $(1)
	@awk '/^[A-Za-z0-9]/ {drop = /^durable-rules==/} !drop' $(2) > $(1)/wheels.lock
	@$(1)/bin/python -m pip install $$(PIP_FLAGS) -r $(1)/wheels.lock
	@touch $$@

$(1)/.installed: $(1)/.locked pyproject.toml
	@$(1)/bin/python -m pip install -qq --no-deps --no-build-isolation --no-index -e .
	@touch $$@
endef

$(eval $(call environment,.venv,requirements.lock))
$(eval $(call environment,.venv-test,requirements-test.lock))
$(eval $(call environment,.venv-slow,requirements-slow.lock))

# $(call durable,FOLDER,LOCK): durable-rules is compiled on the spot. Without a compiler all
# the rest goes on, and this is said again each time until there is one.
define durable
@if [ ! -e $(1)/.durable ]; then \
	missing=; \
	command -v "$${CC:-cc}" >/dev/null 2>&1 || missing="a C compiler ('$${CC:-cc}')"; \
	if [ -z "$$missing" ] && ! $(1)/bin/python -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'; then \
		missing="Python's C headers (Python.h)"; \
	fi; \
	if [ -n "$$missing" ]; then \
		echo "NOTE: $$missing is missing, which durable-rules is built with." >&2; \
		echo "      The tests that check against durable-rules are skipped; all others run." >&2; \
		echo "      To have it: 'apt-get install gcc libc6-dev python3-dev' (Debian, Ubuntu)," >&2; \
		echo "      'dnf install gcc python3-devel' (Fedora), 'xcode-select --install' (macOS)." >&2; \
	else \
		awk '/^[A-Za-z0-9]/ {keep = /^durable-rules==/} keep' $(2) > $(1)/durable.lock && \
		$(1)/bin/python -m pip install -qq --require-hashes --no-deps --no-build-isolation -r $(1)/durable.lock && \
		touch $(1)/.durable || exit 1; \
	fi; \
fi
endef

demo: .venv/.installed
	@.venv/bin/passavant demo

venv-test: .venv-test/.installed
	$(call durable,.venv-test,requirements-test.lock)

test: venv-test
	.venv-test/bin/python -m pytest -q -n 2 --dist loadfile

test-slow: .venv-slow/.installed
	$(call durable,.venv-slow,requirements-slow.lock)
	.venv-slow/bin/python -m pytest -q -m slow

lint: venv-test
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/lint-imports

format: venv-test
	.venv-test/bin/ruff check --fix-only .
	.venv-test/bin/ruff format .

bench: venv-test
	.venv-test/bin/python -m benchmarks

COMPILE = .venv-lock/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
TEST_PARTS = --group build --group sdist --extra verify --extra drift --extra test --extra lint --extra bench

.venv-lock/bin/uv:
	@$(check_python)
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv==$(UV_VERSION)

# Each lock is bound by the one before it, so a package has one version in all three.
lock: .venv-lock/bin/uv
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) $(TEST_PARTS) -c requirements.lock -o requirements-test.lock
	$(COMPILE) $(TEST_PARTS) --extra slow -c requirements-test.lock -o requirements-slow.lock

clean:
	rm -rf .venv .venv-test .venv-slow .venv-lock build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
