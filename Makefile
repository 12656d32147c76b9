# Every command sets up what it needs on a machine that has Python 3.11+ (with venv) and make.

PYTHON ?= python3
RUN := .venv/bin/python
READY := .venv/.ready
READY_DEV := .venv/.ready-dev

.PHONY: help demo test sure pictures lock

help:
	@echo "make demo   Passback and a pretend LMS on this machine, ready to click"
	@echo "make test   the tests (PostgreSQL and Chromium are used where they are)"
	@echo "make sure   formatting, lint, types, arrows and the tests"
	@echo "make pictures   the pictures of the documentation, from the running product"
	@echo "make lock   pin the versions of pyproject.toml anew"

demo: $(READY)
	.venv/bin/passback demo

test: $(READY_DEV)
	$(RUN) -m pytest -n 2 --dist loadfile --ignore tests/bench $(TESTS)
	$(RUN) -m pytest -s tests/bench

sure: $(READY_DEV)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	$(MAKE) test

pictures: $(READY_DEV)
	$(RUN) -m tests.pictures docs

lock: $(READY_DEV)
	$(RUN) -m uv pip compile pyproject.toml --group build --extra postgres $(LOCK) -o requirements.lock
	$(RUN) -m uv pip compile pyproject.toml --group build --group dev --extra postgres $(LOCK) -o requirements-dev.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade

$(READY): requirements.lock pyproject.toml
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(READY_DEV): requirements-dev.lock pyproject.toml
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(READY)
