# `make run` and `make test` need nothing set up before: Python 3.11 or later, make and git do.
# Everything lands in .venv, .cache and out; `make clean` removes all three.

VENV     := .venv
OLDEST   := .cache/oldest
BIN      := $(VENV)/bin
PYTHON   ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3 python,$(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
PIP      := $(BIN)/python -m pip --no-input
export PIP_DISABLE_PIP_VERSION_CHECK := 1
INSTALL  := $(PIP) install --quiet --require-hashes --requirement
DOVOLEN  := $(BIN)/dovolen

OUT      ?= out/report
LANG_    ?= ru
CUSTOMERS ?= 2000
SEED     ?= 1
PYTEST   ?=

# What `make run FILE=…` and `make report` hand to `dovolen study`: each word is the option of the same name.
options   = $(if $(MAPPING),--mapping '$(MAPPING)') $(if $(COLUMNS),--columns '$(COLUMNS)') $(if $(ASOF),--asof $(ASOF)) \
            $(if $(COMPARE),--compare $(COMPARE)) $(if $(GROUP_BY),--group-by $(GROUP_BY)) $(if $(GRID),--grid $(GRID)) \
            $(if $(DIRECTION),--direction $(DIRECTION)) $(if $(CURRENCY),--currency $(CURRENCY)) \
            $(if $(ZONE),--zone $(ZONE)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(CONFIG),--config '$(CONFIG)') \
            --lang $(LANG_) --out '$(OUT)'

.DEFAULT_GOAL := help
.PHONY: help setup run report serve test check lint types floors tests endure test-engines bench docs lock wheel clean

help:
	@echo 'make run [PORT=…]               the desk of an invented centre, with log-ins for every role'
	@echo 'make run FILE=… [ASOF=… …]      your own export: studied, report in $(OUT)'
	@echo 'make serve [PORT=…]             your own desk: web application, its home in ./dovolen-home'
	@echo 'make report                     report about an invented centre'
	@echo 'make test                       ruff, mypy, floors of the house, tests'
	@echo 'make test-engines               the same definitions on Spark, ClickHouse and the oldest DuckDB'
	@echo 'make endure                     the tests of crashes and crowds in full counts, half an hour'
	@echo 'make bench                      speed beside pandas, Polars, lifetimes, pymc-marketing'
	@echo 'make docs | lock | wheel | clean'

# ── Set-up: stamps, so that the second run starts at once ────────────────────────────────────────────────────────────

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Dovolen needs Python 3.11 or later and found none: install it, or say make PYTHON=/path/to/python3.11'; exit 2; }
	@echo 'Setting up .venv with $(PYTHON) (once, a minute or two)'
	@$(PYTHON) -m venv $(VENV) || { echo 'Python has no venv: on Debian and Ubuntu, apt install python3-venv'; exit 2; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@$(INSTALL) requirements/run.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@$(INSTALL) requirements/dev.txt
	@touch $@

$(VENV)/engines.stamp: requirements/engines.txt $(VENV)/dev.stamp
	@$(INSTALL) requirements/engines.txt
	@touch $@

# Charts and the font of the report come from npm packages by locked version.
$(VENV)/assets.stamp: $(wildcard package.json package-lock.json .npmrc scripts/assets.py) $(VENV)/run.stamp
	@if test -f scripts/assets.py; then $(BIN)/python scripts/assets.py; fi
	@touch $@

setup: $(VENV)/run.stamp $(VENV)/assets.stamp

# ── Use ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

run: setup
ifdef FILE
	@$(DOVOLEN) study '$(FILE)' $(options)
else
	@$(DOVOLEN) demo $(if $(PORT),--port $(PORT)) $(if $(ANEW),--anew)
endif

report: setup
	@$(DOVOLEN) synth --customers $(CUSTOMERS) --seed $(SEED) --out out/demo
	@$(DOVOLEN) study out/demo $(options)

# The desk: the web application, on an empty base at first. PORT=…, DOVOLEN_HOME=…, DATABASE_URL=… are respected.
serve: setup
	@$(DOVOLEN) serve $(if $(PORT),--port $(PORT))

# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

check: lint types floors

test: check tests

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

floors: $(VENV)/dev.stamp
	@$(BIN)/lint-imports --no-cache

tests: $(VENV)/dev.stamp $(VENV)/assets.stamp
	@$(BIN)/python -m pytest -n 2 -m 'not engines' $(PYTEST)

# What must not be lost or done twice, in full counts: the tests above do a tenth of each.
endure: $(VENV)/dev.stamp $(VENV)/assets.stamp
	@DOVOLEN_TIMES=10 $(BIN)/python -m pytest -n 2 -m 'endures' $(PYTEST)

# The oldest DuckDB lies apart and goes first on the path; the engines' tests without Spark and ClickHouse run over it.
$(OLDEST)/stamp: requirements/oldest.txt $(VENV)/dev.stamp
	@rm -rf $(OLDEST)
	@$(INSTALL) requirements/oldest.txt --target $(OLDEST)
	@touch $@

test-engines: $(VENV)/engines.stamp $(VENV)/assets.stamp $(OLDEST)/stamp
	@PYTHONPATH=$(OLDEST) $(BIN)/python -c 'import duckdb; print("── DuckDB", duckdb.__version__)'
	@PYTHONPATH=$(OLDEST) $(BIN)/python -m pytest -n 2 -m 'not engines' tests/engines $(PYTEST)
	@echo '── Spark and ClickHouse'
	@$(BIN)/python -m pytest -m engines $(PYTEST)

bench: $(VENV)/dev.stamp $(VENV)/assets.stamp
	@$(BIN)/python bench/run.py $(BENCH)

docs: $(VENV)/dev.stamp
	@$(BIN)/python scripts/reference.py
	@$(BIN)/python scripts/metrics.py
	@$(BIN)/python scripts/metrics.py

# ── Upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# Locks carry names, versions and hashes only, for every system and every Python we support.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
lock: $(BIN)/python
	@$(PIP) install --quiet uv
	@PATH=$(BIN):$$PATH $(COMPILE) --group build pyproject.toml -o requirements/run.txt
	@PATH=$(BIN):$$PATH $(COMPILE) --group build --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	@PATH=$(BIN):$$PATH $(COMPILE) --group build --group dev --all-extras pyproject.toml -c requirements/dev.txt -o requirements/engines.txt
	@echo 'duckdb==1.5.*' | PATH=$(BIN):$$PATH $(COMPILE) - -o requirements/oldest.txt
	@for peer in bench/peers/*.in; do PATH=$(BIN):$$PATH $(COMPILE) $$peer -o $${peer%.in}.txt; done

wheel: $(VENV)/dev.stamp $(VENV)/assets.stamp
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist .

clean:
	@rm -rf $(VENV) .cache out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
