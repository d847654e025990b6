.PHONY: help up install test quick lint bench lock vendor clean
EXTRAS ?= all
PY := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

up: install ## set up what is missing, start everything, print the address
	@exec .venv/bin/varangian up

install: ## set up only
	@sh tools/bootstrap.sh "$(EXTRAS)"

test: ## every test, with a database and a browser of their own: about an hour on two cores
	@sh tools/bootstrap.sh --dev --browser "$(EXTRAS)"
	@exec $(PY) tools/suite.py

quick: ## the tests that need no database: seconds
	@sh tools/bootstrap.sh --dev "$(EXTRAS)"
	@exec $(PY) -m pytest -n 2 tests/unit tests/fuzz tests/contract/test_docs.py

lint: ## the rules of the house
	@sh tools/bootstrap.sh --dev "$(EXTRAS)"
	@$(PY) tools/lint.py

bench: ## every benchmark, one JSON line each
	@sh tools/bootstrap.sh --dev "$(EXTRAS)"
	@for file in bench/*.py; do PYTHONPATH=. $(PY) $$file || exit 1; done

lock: ## resolve the dependency locks anew (needs uv)
	@sh tools/lock.sh

vendor: ## fetch the browser modules anew (developers; needs npm)
	@$(PY) tools/vendor.py update

clean: ## remove the environment and caches; the home folder stays
	@rm -rf .venv .tools .ruff_cache .import_linter_cache .hypothesis build src/*.egg-info
