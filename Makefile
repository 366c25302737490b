# Everything a person types here. What each target does: `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
V := .venv/bin
APPS ?=

export PROFMINIMUM_MODE ?= demo
export PROFMINIMUM_NOW ?= 2023-12-02T09:00

.PHONY: help run demo test check bench lock messages format clean tools

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/.app ## set everything up, build the demo when there is none, serve on http://127.0.0.1:8000
	@$(V)/profminimum serve

demo: .venv/.app ## build the demo region and its plan anew
	@$(V)/profminimum demo

test: .venv/.dev tools ## all tests: SQLite, PostgreSQL, browser (ARGS="-k words" narrows, ARGS="--only browser" picks)
	@env -u PROFMINIMUM_MODE -u PROFMINIMUM_NOW $(V)/python tests/run_all.py $(ARGS)

check: .venv/.dev ## formatting, linters, types, import contracts, migrations, spelling
	@env -u PROFMINIMUM_MODE -u PROFMINIMUM_NOW sh bin/check

bench: .venv/.dev ## measure; dated results are in bench/README.md
	@env -u PROFMINIMUM_MODE -u PROFMINIMUM_NOW $(V)/python bench/run.py $(ARGS)

lock: ## compile requirements/*.in to *.txt with hashes (needs uv)
	@sh bin/lock

messages: .venv/.dev ## collect the strings of every app into its locale/ru catalogue
	@$(V)/python bin/messages.py $(APPS)

format: .venv/.dev ## format Python
	@$(V)/ruff format . && $(V)/ruff check --fix-only --quiet .

clean: ## remove the virtual environment and what was built; var/ stays
	@rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -prune -exec rm -rf {} +

tools: ## Chromium, PostgreSQL and gettext for the tests, by apt where that is allowed
	@sh bin/need chromium:chromium postgresql:/usr/lib/postgresql gettext:msgfmt || true

.venv/.app: requirements/app.txt pyproject.toml
	@sh bin/setup app

.venv/.dev: requirements/dev.txt requirements/samples.txt pyproject.toml
	@sh bin/setup dev
