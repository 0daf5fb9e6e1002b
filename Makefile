# `make` alone says what there is. `make demo` and `make test` do all of their own set-up.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

PYTHON3 ?= python3
PORT ?= 8001
REASON ?=
ARGS ?=

BIN := .venv/bin
PY := $(BIN)/python
CODE := $(wildcard rules extract models corpus datasette_plugins kehoach.py tools bench)

.PHONY: help setup system-parts demo test test-pythons check static format check-copied docs quality \
	quality-accept bench bench-build bench-readers bench-formats bench-degraded pairs findings-read works \
	fuzz kill clean train evaluate likeness test-datasettes bench-pages bundle bundle-check

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F '\t' '{ printf "  make %-15s %s\n", $$1, $$2 }'

setup: ## make .venv with the packages of uv.lock (uv itself comes from PyPI, pinned by hash)
	@$(PYTHON3) -m tools.set_up

system-parts: ## chromium, tesseract, LibreOffice, antiword, fonts: by apt-get as root, else what is missing
	@$(PYTHON3) -m tools.system_parts

demo: setup ## build the sample corpus and serve it on 127.0.0.1 (PORT=8001); Ctrl-C stops it
	@exec $(BIN)/kehoach demo --port $(PORT)

test: setup system-parts ## all tests, the browser tests among them (ARGS= goes to pytest)
	@$(PY) -m pytest $(ARGS)

test-pythons: setup system-parts ## the tests on the other supported Pythons that are there (ARGS= goes to pytest)
	@$(PY) -m tools.other_pythons $(ARGS)

test-datasettes: setup system-parts ## the desk's tests on the newest alpha of Datasette 1.0 (ARGS= goes to pytest)
	@$(PY) -m tools.other_datasette $(ARGS)

check: static test ## format, lint, types, import direction, copied text, and the tests

static: setup ## the parts of check that run nothing: ruff, mypy, import direction, copied text
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict $(CODE)
	$(BIN)/lint-imports --no-logo
	@$(MAKE) check-copied

format: setup ## put the code into its format and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

check-copied: setup ## no run of 12 syllables of ../shared/corpus stands in the tree
	@$(PY) -m tools.check_copied

docs: setup ## write the pages of docs/ that follow from the code
	@$(PY) -m tools.document

quality: setup ## measure the extraction against ../shared and the accepted figures
	@$(PY) -m bench.quality $(ARGS)

quality-accept: setup ## accept the measured figures (REASON="why they changed")
	@test -n "$(REASON)" || { echo 'quality-accept: say why the figures change: make quality-accept REASON="..."' >&2; exit 2; }
	@$(PY) -m bench.quality --accept "$(REASON)"

bench: setup ## measure speed and memory
	@$(PY) -m bench.speed $(ARGS)

bench-build: setup ## measure builds of generated corpora
	@$(PY) -m bench.build $(ARGS)

bench-pages: setup ## measure the pages over 100,000 generated documents (ARGS= a count, --db a database)
	@$(PY) -m bench.pages $(ARGS)

bench-readers: setup ## measure reading of files
	@$(PY) -m bench.readers $(ARGS)

bench-formats: setup ## measure the facts of files against those of their clean texts
	@$(PY) -m bench.formats $(ARGS)

bench-degraded: setup ## measure the samples as bad scans
	@$(PY) -m bench.degraded $(ARGS)

pairs: setup ## measure linking against pairs of citations and known conflicts
	@$(PY) -m bench.pairs $(ARGS)
	@$(PY) -m bench.conflicts $(ARGS)

findings-read: setup ## which findings were read by hand, how many were right, which are still to be read
	@$(PY) -m bench.findings $(ARGS)

works: setup ## the works that ten documents or more cite, with what they may have been split from
	@$(PY) -m bench.works $(ARGS)

fuzz: setup ## feed broken files to the readers
	@$(PY) -m bench.fuzz $(ARGS)

train: setup ## train the learned parts that ship anew from ../shared (ARGS="--to FILE" writes elsewhere)
	@$(PY) -m models.train $(ARGS)

evaluate: setup ## measure every learned part against the rule on issuers that it has not seen (ARGS=headings: one)
	@$(PY) -m models.evaluate $(ARGS)

likeness: setup ## measure the likeness of documents: likely parents, noisy copies
	@$(PY) -m bench.likeness $(ARGS)

kill: setup ## kill builds half-way and see that nothing half-written is left
	@$(PY) -m bench.kill $(ARGS)

bundle: ## build the libraries of the graph into one file (npm, tools/graph_bundle)
	@cd tools/graph_bundle && npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs

bundle-check: system-parts ## build them again and compare with the committed file, byte by byte
	@cd tools/graph_bundle && npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs --check

clean: ## remove what set-up, tests and demo made
	rm -rf tools/graph_bundle/node_modules .venv .tools .demo .bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
