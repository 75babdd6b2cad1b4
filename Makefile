# From nothing: `make demo` serves a sample shop, `make test` runs everything. Both build .venv themselves.

PYTHON ?= python3
BIN := .venv/bin
# Processes that run tests: each loads a network, and waits much of the time for what it starts.
WORKERS ?= 3
SPECTRAL := 6.16.3
INSTALL := $(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt

.PHONY: demo test test-slow test-stores lint format bench-embed bench-search bench-ingest bench-quality browser spectral clean

demo: .venv/installed
	$(BIN)/vizinho demo

test: .venv/installed-dev browser spectral
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist loadfile

test-slow: .venv/installed-dev
	$(BIN)/python -m pytest -m slow

# With VIZINHO_TEST_QDRANT_URL, on that server as well.
test-stores: .venv/installed-dev
	$(BIN)/python -m pytest tests/service/store

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Takes some minutes, and wants the machine for itself.
bench-embed: .venv/installed-bench
	$(BIN)/python -m benchmarks.embed

# A quarter of an hour, and also wants the machine for itself; some gigabytes of memory and of temporary files.
bench-search: .venv/installed-bench
	$(BIN)/python -m benchmarks.search

# Both want pictures: make bench-ingest CATALOGUE=path/to/catalogue
bench-ingest: .venv/installed-bench
	$(BIN)/python -m benchmarks.ingest $(CATALOGUE) --results benchmarks/results

# The second one trains a network: three quarters of an hour for 6,000 pictures. Without a catalogue both draw one.
bench-quality: .venv/installed-bench
	$(BIN)/python -m benchmarks.quality $(or $(CATALOGUE),build/sample --sample) --results benchmarks/results
	$(BIN)/python -m benchmarks.learning $(CATALOGUE) --results benchmarks/results

# Ten minutes, with the machine for itself; with CATALOGUE=path/to/pictures it sends photographs instead of drawn ones.
bench-api: .venv/installed-bench
	$(BIN)/python -m benchmarks.api $(CATALOGUE) --results benchmarks/results

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Vizinho needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (PyTorch is large: the first time takes a few minutes)"
	$(INSTALL) --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[dev]'
	@touch $@ .venv/installed

.venv/installed-bench: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[bench]'
	@touch $@ .venv/installed

# The browser tests want a Chromium. Where this may install one it does; elsewhere they are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		echo "No Chromium, and none can be installed from here: the browser tests will be skipped."

# The API's document is held against Spectral's rules where npm can install it; elsewhere those tests are skipped and say so.
spectral: build/spectral/$(SPECTRAL)

build/spectral/$(SPECTRAL):
	@{ command -v npm >/dev/null && rm -rf build/spectral && \
		npm install --prefix build/spectral --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 \
		@stoplight/spectral-cli@$(SPECTRAL) >/dev/null && touch $@; } || \
		echo "No Spectral, and none can be installed from here: its tests will be skipped."

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
