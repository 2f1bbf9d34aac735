# What a person does with a checkout. `make` alone lists it. Needs Python 3.11 or newer, and nothing else.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test environment lint format types rooms contracts openapi migrations vendored lock bench chaos pictures check compose compose-token clean

PYTHON = .venv/bin/python
# where a stamp is newer than its lock, the environment holds what the lock says
RUN_STAMP = .venv/.run-lock-installed
DEV_STAMP = .venv/.dev-lock-installed

DEMO ?=
demo_flag = $(if $(filter empty,$(DEMO)),--empty,--demo$(if $(DEMO),=$(DEMO)))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## seed three fictional sites and start all four services: PORT=8080 DATA=data DEMO=quiet|empty
	@exec env PYTHONDONTWRITEBYTECODE= $(PYTHON) -m services $(demo_flag) $(if $(PORT),--port '$(PORT)') $(if $(DATA),--data '$(DATA)')

test: $(DEV_STAMP) ## every test that this machine can run; REQUIRE=all leaves none out; ARGS='-k release -x'
	@PYTHONDONTWRITEBYTECODE= REQUIRE='$(REQUIRE)' $(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

environment: $(DEV_STAMP) ## the environment that tests and checks need, in .venv

check: lint types rooms contracts openapi migrations vendored ## everything that is checked without running the tests

lint: $(DEV_STAMP) ## style of the code
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check .

format: $(DEV_STAMP) ## mend what ruff can mend by itself
	@$(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

types: $(DEV_STAMP) ## mypy, strict
	@$(PYTHON) -m mypy

rooms: $(DEV_STAMP) ## which room may import which (import-linter)
	@.venv/bin/lint-imports

contracts: $(DEV_STAMP) ## write the events' JSON Schemas and AsyncAPI; a breaking change, or a difference to the committed ones, is a failure
	@$(PYTHON) -m shared.contracts.export && git diff --exit-code --stat -- shared/contracts/exported

openapi: $(DEV_STAMP) ## write each service's OpenAPI; a difference to the committed ones is a failure
	@$(PYTHON) -m services openapi && git diff --exit-code --stat -- 'services/*/api/openapi.json'

migrations: $(DEV_STAMP) ## migrations make exactly the tables of the code, also from every past revision with rows in it
	@$(PYTHON) -m pytest -q tests/integration/migrations

bench: $(DEV_STAMP) ## the measures of tests/bench, as ratios in one run
	@$(PYTHON) -m tests.bench

chaos: $(DEV_STAMP) ## kill, cut, fill and turn back everything, and audit: ARGS='--scale 0.1 --only zombies'
	@$(PYTHON) -m tests.chaos $(ARGS)

pictures: $(DEV_STAMP) ## every page in every state into .data/pictures, the README's into docs/pictures: ARGS='today recovery'
	@$(PYTHON) -m tests.pictures $(ARGS)

vendored: ## what was taken from others is as they published it: name, release, checksums
	@for folder in shared/web/static/vendor/*/ tests/contract/asyncapi/; do \
	  printf '%-34s ' "$$(cat $$folder/VERSION)" && (cd $$folder && sha256sum --quiet --check SHA256SUMS && echo 'as published') || exit 1; \
	done

lock: ## compile the hashed locks anew from requirements*.in (needs uv); UPGRADE=--upgrade for newer releases
	@for name in requirements requirements-dev; do \
	  uv pip compile -q --universal --generate-hashes -p 3.11 --no-emit-index-url $(UPGRADE) $$name.in -o $$name.txt || exit 1; \
	done

compose: ## the whole house on real Kafka and PostgreSQL, at http://127.0.0.1:8080
	@docker compose up --detach --build --wait

compose-token: $(RUN_STAMP) ## a bearer token for Compose's demo: ROLE=nurse SITE=riverside
	@rm -rf .data/compose-demo && mkdir -p .data && docker compose --progress quiet cp intake:/demo .data/compose-demo
	@$(PYTHON) -m services token --role '$(or $(ROLE),nurse)' $(foreach site,$(or $(SITE),riverside),--site '$(site)') --data .data/compose-demo

clean: ## remove the environment and the caches; the demo's data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The environment: uv where it is there, else venv and pip (the machine's own where it can install for another, which
# saves putting one into the environment); always from the hashed lock.

$(PYTHON):
	@rm -rf .venv; python=''; \
	for name in python3.13 python3.12 python3.11 python3 python; do \
	  python=$$($$name -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null) || python=''; \
	  [ -z "$$python" ] || break; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'Afterglow needs Python 3.11 or newer, and finds none as python3.13, python3.12, python3.11, python3 or python.' >&2; \
	  exit 1; \
	fi; \
	if uv --version >/dev/null 2>&1; then uv venv --quiet --python "$$python" .venv; \
	elif "$$python" -m pip --python "$$python" --version >/dev/null 2>&1 && "$$python" -m venv --without-pip .venv; then :; \
	elif ! "$$python" -m venv .venv; then \
	  rm -rf .venv; echo "$$python can't make environments: install its venv package (Debian: python3-venv)." >&2; exit 1; \
	fi

$(RUN_STAMP): requirements.txt | $(PYTHON)
	@$(call install,requirements.txt) && touch $@

$(DEV_STAMP): requirements.txt requirements-dev.txt | $(PYTHON)
	@$(call install,requirements.txt) && $(call install,requirements-dev.txt) && touch $@ $(RUN_STAMP)

# pip compiles nothing in advance: what is imported is compiled and kept then (whatever the shell says), the rest never
install = echo 'Installing $(1) …' && \
  if uv --version >/dev/null 2>&1; then \
    uv pip install --quiet --python $(PYTHON) --require-hashes -r $(1); \
  else \
    pip="$(PYTHON) -m pip"; \
    $$pip --version >/dev/null 2>&1 || pip="$$($(PYTHON) -c 'import sys; print(sys._base_executable)') -m pip --python $(PYTHON)"; \
    $$pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $(1); \
  fi
