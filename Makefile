# Every command sets up what it needs on a machine that has Python 3.11+ (with venv) and make.

PYTHON ?= python3
RUN := .venv/bin/python
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
PRODUCT := build/product

.PHONY: help demo test sure chaos bench pictures texts lock audit

help:
	@echo "make demo   Passback, a pretend LMS and a pretend SIS on this machine, ready to click"
	@echo "make test   the tests (PostgreSQL and Chromium are used where they are)"
	@echo "make sure   formatting, lint, types, arrows and the tests"
	@echo "make chaos  storms, outages, deaths of processes at full size (an hour or more, PostgreSQL, a quiet machine)"
	@echo "make bench  launches and sending measured beside PyLTI1p3, written to docs/figures.md (ten minutes, a quiet machine)"
	@echo "make pictures   the pictures of the documentation, from the running product"
	@echo "make audit  ask the published advisories about every pinned version (needs the internet)"
	@echo "make texts  collect the visible texts for translation, and compile what is translated"
	@echo "make lock   pin the versions of pyproject.toml anew"

demo: $(READY)
	.venv/bin/passback demo

test: $(READY_DEV)
	$(RUN) -m pytest -n 2 --dist loadfile --durations 25 --ignore tests/bench $(TESTS)
	$(RUN) -m pytest -s tests/bench

sure: $(READY_DEV)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	$(MAKE) test

CHAOS_SEEDS ?= 1 2 3 4 5

chaos: $(READY_DEV)
	@failed=; \
	run() { echo "$(RUN) -m tests.chaos.$$*"; $(RUN) -m tests.chaos.$$* || failed="$$failed\n  $$*"; }; \
	for seed in $(CHAOS_SEEDS); do \
	  run storm --seed $$seed --database postgres; \
	  run storm --seed $$seed --database sqlite; \
	  run columns --seed $$seed; \
	  run paused --seed $$seed; \
	done; \
	for database in postgres sqlite; do run outage --database $$database; run hanging --database $$database; done; \
	run failpoints; \
	if [ -n "$$failed" ]; then printf "\nNot as promised:$$failed\n"; exit 1; fi

# What is measured runs as a school has it: the tests bring libraries along that SQLAlchemy and others would load too.
bench: $(READY_DEV) $(PRODUCT)/.ready
	PASSBACK_PRODUCT_PYTHON=$(PRODUCT)/bin/python $(RUN) -m tests.bench $(PARTS)

pictures: $(READY_DEV)
	$(RUN) -m tests.pictures docs

# Every visible text, as it stands in the code; what is new waits in the .po files for its translation.
texts: $(READY_DEV)
	@mkdir -p build
	$(RUN) -m babel.messages.frontend -q extract -F tool/translations/extract.cfg -k lazy_gettext -k _ --no-wrap \
	  --omit-header --no-location --sort-output -o build/messages.pot .
	$(RUN) -m babel.messages.frontend -q update --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date \
	  -i build/messages.pot -d tool/translations
	$(RUN) -m babel.messages.frontend -q compile -d tool/translations

lock: $(READY_DEV)
	$(RUN) -m uv pip compile pyproject.toml --group build --extra postgres $(LOCK) -o requirements.lock
	$(RUN) -m uv pip compile pyproject.toml --group build --group dev --extra postgres $(LOCK) -o requirements-dev.lock

# Never in CI, which reaches no list of advisories: a run that could not look must not seem to have found nothing.
audit: $(READY_DEV)
	@for lock in requirements.lock requirements-dev.lock; do echo "$$lock:"; \
	  $(RUN) -m uv tool run $(AUDITOR) --strict --require-hashes --disable-pip --requirement $$lock || exit 1; done

AUDITOR := --from pip-audit==2.10.1 pip-audit

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade

$(READY): requirements.lock pyproject.toml
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(PRODUCT)/.ready: requirements.lock
	test -x $(PRODUCT)/bin/python || $(PYTHON) -m venv $(PRODUCT)
	$(PRODUCT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(READY_DEV): requirements-dev.lock pyproject.toml
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(READY)
