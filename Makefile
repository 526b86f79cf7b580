# Backbeat: `make run MUSIC=/path/to/music` and `make test` do all of their own set-up.
SHELL := /bin/bash
PORT ?= $(or $(BACKBEAT_PORT),8000)
DATA ?= $(BACKBEAT_DATA)
MUSIC ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ENVIRONMENT := BACKBEAT_PORT=$(PORT) $(if $(DATA),BACKBEAT_DATA="$(DATA)")
COMPOSE ?= docker compose
# The newest Python that the locked packages have wheels for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& command -v $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup run test lint unit golden bench lock build build-all start stop restart logs \
	audit soak logs-chat logs-indexer health shell chart run-interactive test-magenta backup clean screenshots

help: ## What can be made
	@grep -hE '^[a-z -]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Backbeat needs Python 3.11, 3.12 or 3.13; install one (Debian: apt install python3 python3-venv) and run make again." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Installing the locked packages (about 3 GB on disk, a few minutes the first time) …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY) ## The environment alone (.venv)

run: $(READY) ## Index MUSIC=/path/to/music and open the chat on PORT=8000; DATA=/folder for the data
	@$(ENVIRONMENT) $(BIN)/backbeat serve $(if $(MUSIC),"$(MUSIC)")

test: lint unit ## Everything that CI runs

lint: $(READY) ## Style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache

unit: $(READY) ## The tests; those in a browser run where a Chromium is found
	$(BIN)/python -m pytest -n 2 --dist loadgroup

golden: $(READY) ## Record the golden output again, after a version was raised
	$(BIN)/python tests/indexer/mir/test_golden_analysis.py
	BACKBEAT_WRITE_GOLDEN=1 $(BIN)/python -m pytest tests/indexer/drums/test_golden_chart.py

bench: $(READY) ## Measure; MUSIC=, DEMO=, LABELLED=, DRUMS= and GROOVE= name recordings; LARGE=1
	$(BIN)/python -m benchmarks $(if $(DEMO),--demo "$(DEMO)") $(if $(MUSIC),--music "$(MUSIC)") $(if $(LABELLED),--labelled "$(LABELLED)") $(if $(DRUMS),--drums "$(DRUMS)") $(if $(GROOVE),--groove "$(GROOVE)") $(if $(LARGE),--large)

lock: ## Resolve requirements.lock again (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group dev pyproject.toml -o requirements.lock

# Containers run as you, who then own what they write; never as root.
CONTAINERS := BACKBEAT_UID=$(or $(BACKBEAT_UID),$(shell id -u | sed 's/^0$$/1000/')) \
	BACKBEAT_GID=$(or $(BACKBEAT_GID),$(shell id -g | sed 's/^0$$/1000/')) BACKBEAT_PORT=$(PORT) \
	$(if $(MUSIC),MUSIC="$(MUSIC)") $(COMPOSE)

build: ## Build the container image for this machine
	$(CONTAINERS) build

build-all: ## Build amd64 and arm64 images and push them: IMAGE=registry.example/backbeat TAG=…
	./build-images.sh "$(IMAGE)" "$(TAG)"

start: ## Start chat, indexer and model server in containers; MUSIC=/path/to/music
	$(CONTAINERS) up --detach --wait
	@$(CONTAINERS) --profile setup run --rm ollama-pull || echo "The language model was not fetched; the chat works without it. Try again: make start" >&2

stop: ## Stop the containers
	$(CONTAINERS) --profile "*" down

restart: stop start ## Stop and start the containers

logs: ## Follow the containers' logs
	$(COMPOSE) logs --follow --tail 100

logs-chat logs-indexer: logs-%: ## Follow the log of one of them
	$(COMPOSE) logs --follow --tail 100 $*

shell: ## A shell in the container of the chat
	$(COMPOSE) exec chat bash

chart: ## Chart a song of ./input into ./output: ARGS="song.mp3 --title …"
	@mkdir -p input output
	$(CONTAINERS) run --rm --quiet-pull chart make --out /output $(ARGS)

run-interactive: ## The same, asking for title, artist, tempo and meter: ARGS=song.mp3
	@mkdir -p input output
	$(CONTAINERS) run --rm chart make --out /output --interactive $(ARGS)

test-magenta: $(READY) ## Import an E-GMD checkpoint made for the purpose and compare its output
	$(BIN)/python -m pytest tests/indexer/models/test_egmd.py

backup: ## Write library, playlists, charts and users of the containers to ./output
	@mkdir -p output
	$(CONTAINERS) run --rm --no-deps --volume ./output:/output chat backup /output

health: ## Ask the running server how it is
	@$(PYTHON) -I -c 'import json, urllib.request; print(json.dumps(json.load(urllib.request.urlopen("http://127.0.0.1:$(PORT)/api/health", timeout=5)), indent=2))'

screenshots: $(READY) ## Take the pictures of docs/ anew
	$(BIN)/python -m training.screenshots

clean: ## Remove the environment and caches (not your data)
	rm -rf $(VENV) .venv-audit .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

audit: $(READY) ## Compare the locked packages with known vulnerabilities (needs the network)
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit; }
	.venv-audit/bin/pip-audit --requirement requirements.lock --no-deps --disable-pip --progress-spinner off

soak: $(READY) ## Kill, damage and load for an hour or two: MINUTES=60
	$(BIN)/python -m benchmarks.faults.kills --kills 50
	$(BIN)/python -m benchmarks.faults.fuzz --files 500
	$(BIN)/python -m benchmarks.faults.load --minutes $(or $(MINUTES),60)
