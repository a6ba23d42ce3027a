# Two commands do all the set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup run test check prove catalogues ear lock sbom

help: ## List what make can do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | column -t -s '|'

setup: $(VENV)/.ready ## Install what running needs, into .venv

run: setup ## Start the whole system; prints where to go. DEMO=1 adds fictional partners to try
	@$(BIN)/saphan serve $(if $(filter-out 0,$(DEMO)),--demo)

test: $(VENV)/.ready-for-tests ## Run every test, on SQLite and PostgreSQL, in a real browser
	@./.ci/chromium
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 4 --dist loadgroup

prove: $(VENV)/.ready-for-tests ## Run every test at its full count, all requirements of safety too; takes hours
	@./.ci/chromium
	SAPHAN_TESTS_PROVE=1 $(BIN)/pytest -n 2 --dist loadgroup --timeout 7200

check: $(VENV)/.ready-for-tests ## Everything CI looks at besides the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/saphan translations update --check
	$(BIN)/saphan flows check

catalogues: setup ## Bring every translation catalogue up to the trees
	-$(BIN)/saphan translations update

ear: $(VENV)/.ready ## Learn again to hear dangers in typed words, from the example sentences
	$(BIN)/uv pip install -q --group ears
	$(BIN)/python -W ignore -m translations.learn_ear

sbom: setup ## List every package we are made of, as CycloneDX, in sbom.json
	$(BIN)/python -m app.parts_of_lock > sbom.json

lock: $(VENV)/.ready ## Resolve the dependencies again
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -o requirements-dev.lock

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install -q --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $@

$(VENV)/.ready-for-tests: requirements-dev.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $@ $(VENV)/.ready
