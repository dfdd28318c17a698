# Safe Communities platform. `make run` and `make test` are all a newcomer needs; everything made lives in var/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON := var/venv/bin/python
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache
export PYTHONDONTWRITEBYTECODE :=
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/var/hypothesis

# `make run PORT=8001` and `PORT=8001 make run` are the same.
ifdef PORT
export PORT
endif
ifdef HOST
export HOST
endif
ifdef PUBLIC_URL
export PUBLIC_URL
endif

.PHONY: help setup run test e2e faults bench check messages clean

help:
	@echo "make run       the whole platform as a demonstration on http://127.0.0.1:8000 (PORT=, HOST=, PUBLIC_URL=)"
	@echo "make test      the test suite (DATABASE_URL= and REDIS_URL= run it on PostgreSQL and a real worker)"
	@echo "make e2e       the browser journeys"
	@echo "make faults    what must hold when answers are cut and processes are killed, three times (PostgreSQL, Redis; RUNS=)"
	@echo "make check     linters, types, layers, migrations, settings, catalogue, known weaknesses"
	@echo "make bench     our speed beside bare Django and a mail merge"
	@echo "make messages  collect and compile the Chinese catalogue"
	@echo "make clean     remove the environment and var/, the demonstration's data included"

setup:
	@bin/setup

run: setup
	@exec $(PYTHON) -m config.serve

test: setup
	$(PYTHON) -m pytest -n 2 $(ARGS)

e2e: setup
	@bin/setup --browser
	$(PYTHON) -m pytest -m e2e --output var/test-results $(ARGS)

faults: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/safe_communities_faults
faults: setup
	@bin/setup --browser
	$(PYTHON) -m pytest -m faults -n 0 tests/faults $(ARGS)

bench: setup
	$(PYTHON) -m bench $(ARGS)

check: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djhtml --check --tabwidth 2 templates
	var/venv/bin/lint-imports --no-cache
	$(PYTHON) -m mypy
	DJANGO_SETTINGS_MODULE=config.settings.test $(PYTHON) manage.py makemigrations --check --dry-run
	bin/check-production
	bin/check-catalogue
	bin/check-dependencies

messages: setup
	$(PYTHON) manage.py makemessages -l zh_Hans --no-wrap --no-location -i var -i tests -i bench
	$(PYTHON) manage.py compilemessages -l zh_Hans -i var

clean:
	rm -rf var
