# `make run` and `make test` do everything on a fresh machine; installer/setup.sh says how.
.DEFAULT_GOAL := run
.PHONY: run test setup check bench torture package sbom lock clean

BIN := .venv/bin
SETUP := sh installer/setup.sh

run:  ## open the window, or play the sample where there is no display
	@$(SETUP) run
	@sh installer/run.sh

test: ## run every test but the long ones, which are marked torture
	@$(SETUP) test
	$(BIN)/python -m pytest -m "not torture" -n auto --dist loadfile $(ARGS)

setup: ## make .venv with everything for developing
	@$(SETUP) test

check: ## formatting, lint, types, import contracts and risky calls
	@$(SETUP) test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml app installer

bench: ## measure the budgets, each against its yardstick; writes out/bench.json
	@$(SETUP) test
	$(BIN)/python -m tests.bench

torture: ## the large numbers: many kills, long meetings; takes its time
	@$(SETUP) test
	$(BIN)/python -m pytest -m torture $(ARGS)

package: ## build the program as one folder for this machine, and try it
	@$(SETUP) test
	$(BIN)/python installer/package.py

sbom: ## list every library of the program, with its licence and hashes; writes out/sbom.json
	@$(SETUP) test
	$(BIN)/python installer/sbom.py

lock: ## write the lock files again; UPGRADE=1 takes the newest versions
	@sh installer/lock.sh

clean: ## remove everything that is made
	rm -rf .venv build dist out .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
