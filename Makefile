# Every command of this project. `make help` lists them; each installs what it needs first.
#
#   make run [PORT=9000] [FRESH=1] [SEED="--cases 500"]     DATABASE_URL and REDIS_URL use given servers instead
#   make test [ARGS="tests/intake -k code"]

SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.rainbowrail-installed
ARGS ?=
export PORT FRESH SEED

.PHONY: help setup run test test-full check fix bench lock screenshots pages

help:  ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP)  ## Only install, into .venv

$(STAMP): requirements-dev.lock .python-version rainbowrail/devtools/install.sh
	@bash rainbowrail/devtools/install.sh $(VENV)
	@touch $@

run: $(STAMP)  ## Start everything, with invented people; Ctrl-C stops it
	@$(PYTHON) -m rainbowrail.devtools.run

test: $(STAMP)  ## Run the tests in parallel and in random order, on real servers and a real browser
	@$(PYTHON) -m pytest -n 2 --dist loadgroup -m "not heavy" $(ARGS)

test-full: $(STAMP)  ## The same with the heavy groups whole
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(STAMP)  ## Everything that can be judged without running it, fastest first
	@$(PYTHON) -W error::SyntaxWarning manage.py quality --settings rainbowrail.settings.test

fix: $(STAMP)  ## Mend what a machine can mend
	@$(PYTHON) manage.py quality --fix --settings rainbowrail.settings.test

bench: $(STAMP)  ## Measure
	@$(PYTHON) -m pytest -n 0 -p no:randomly -s -m heavy tests/bench $(ARGS)

screenshots: $(STAMP)  ## Take pictures of every page into .run/screenshots (ARGS="--readme" takes those of the README)
	@$(PYTHON) manage.py screenshots $(ARGS)

pages: $(STAMP)  ## Weigh every applicant page in every language and keep the table in docs/pages.md
	@$(PYTHON) manage.py pages --write $(ARGS)

lock: $(STAMP)  ## Choose versions again and write the lock files (ARGS=--upgrade takes newer ones)
	@bash rainbowrail/devtools/lock.sh $(ARGS)
