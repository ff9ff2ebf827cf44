# Farandole: every task of the house. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help charts demo test test-long check bench bench-peers bench-recommend spark wheel binary deb docs lock screenshots clean

# Images of containers often forbid Python to keep what it compiled: every command would compile pandas anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
TOOLS := var/build/tools
PEERS := var/build/peers
DP_PEERS := var/build/dp-peers
RECOMMEND := var/build/recommend
SPARK := var/build/spark
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

$(VENV)/bin/uv:
	@deploy/bootstrap.sh $(VENV)

$(READY): requirements.lock pyproject.toml | $(VENV)/bin/uv
	@echo "· installing the pinned packages"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	@echo "· installing the pinned development packages"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(READY) ## a network of twelve venues, end to end, and its page (ONCE=1: print the figures and end; WORLD=citypass: a dense one)
	@$(BIN)/python -m deploy.demo $(if $(ONCE),--once) $(if $(WORLD),--world $(WORLD))

test: $(READY_DEV) ## check, then every test that takes less than fifteen minutes in all
	@deploy/system_packages.sh
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -q -m "not long" -n 2 --dist loadfile --no-loadscope-reorder --reruns 1

test-long: $(READY_DEV) ## crash loops, DP audits, fuzzing: by hand
	@$(BIN)/python -m pytest -q -m long

check: $(READY_DEV) ## format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY_DEV) ## speed and memory, as ratios within one run (QUICK=1: smaller sizes)
	@$(BIN)/python -m tests.bench $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

bench-peers: $(READY_DEV) ## the same work by others' tools (clkhash, OpenMined PSI, OpenDP's Context, PipelineDP), in environments of their own
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PEERS)
	@$(BIN)/uv pip install --quiet --python $(PEERS)/bin/python --require-hashes -r requirements-peers.lock
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(DP_PEERS)
	@$(BIN)/uv pip install --quiet --python $(DP_PEERS)/bin/python --require-hashes -r requirements-dp-peers.lock
	@$(BIN)/python -m tests.bench --only peers $(if $(QUICK),--quick)

bench-recommend: $(READY_DEV) ## our private model beside implicit, DPALS and MovieLens 100k (from recbole's wheel), in an environment of their own (MILLION=1: 2,000 items and a million people)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(RECOMMEND)
	@$(BIN)/uv pip install --quiet --python $(RECOMMEND)/bin/python --no-deps --require-hashes -r requirements-recommend.lock
	@$(BIN)/python -m tests.bench --only $(if $(MILLION),million,recommend) $(if $(QUICK),--quick)

spark: $(READY_DEV) ## the core measures on Spark, in an environment of their own, against DuckDB (Java 17; QUICK=1: smaller sizes)
	@command -v java >/dev/null || { echo "Spark needs Java: apt-get install openjdk-17-jre-headless"; exit 1; }
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(SPARK)
	@$(BIN)/uv pip install --quiet --python $(SPARK)/bin/python --require-hashes -r requirements-spark.lock
	@$(BIN)/python -m pytest -q -m long tests/properties/test_portable_measures.py
	@$(BIN)/python -m tests.bench --only spark $(if $(QUICK),--quick)

$(TOOLS)/.ready: requirements-build.lock | $(VENV)/bin/uv
	@echo "· installing the pinned build tools"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(TOOLS)
	@$(BIN)/uv pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r requirements-build.lock
	@touch $@

wheel: $(READY_DEV) $(TOOLS)/.ready ## dist/farandole-*.whl, tried in an empty environment
	@deploy/agent/wheel.sh $(TOOLS)
	@$(BIN)/python -m pytest -q -m "long or not long" tests/delivery/test_wheel.py

binary: wheel ## dist/venue-agent: one file that needs no Python, tried where there is none
	@deploy/agent/binary.sh $(TOOLS)
	@$(BIN)/python -m pytest -q -m "long or not long" tests/delivery/test_binary.py

deb: binary ## dist/farandole-agent_*.deb with the daily timer, installed, removed and purged in a root of its own
	@deploy/build_packages.sh
	@deploy/agent/deb.sh
	@$(BIN)/python -m pytest -q -m "long or not long" tests/delivery/test_deb.py

docs: $(READY_DEV) ## write the reference of commands and settings from the code
	@$(BIN)/python -m docs.build_reference

charts: ## build the vendored ECharts anew from its pinned sources (Node; the result is committed)
	@deploy/charts/build.sh

screenshots: $(READY_DEV) ## shoot docs/images anew from the edition that make demo published
	@$(BIN)/python -m tests.support.screenshots

lock: | $(VENV)/bin/uv ## pin the dependencies anew, with hashes
	@$(COMPILE) --generate-hashes --no-header --extra agent --extra hub --extra postgres pyproject.toml -o requirements.lock
	@$(COMPILE) --generate-hashes --no-header --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	@$(COMPILE) --generate-hashes --no-header --extra agent --extra keyring --extra build pyproject.toml -c requirements.lock -c requirements-dev.lock -o requirements-build.lock
	@printf '%s\n' clkhash openmined-psi 'setuptools<81' | $(COMPILE) --generate-hashes --no-header - -o requirements-peers.lock
	@printf '%s\n' implicit numpy recbole scipy threadpoolctl tqdm | $(COMPILE) --no-deps --generate-hashes --no-header - -o requirements-recommend.lock
	@$(COMPILE) --generate-hashes --no-header --extra spark pyproject.toml -c requirements.lock -o requirements-spark.lock
	@printf '%s\n' 'opendp[polars]' pipeline-dp | $(COMPILE) --generate-hashes --no-header - -o requirements-dp-peers.lock
	@mkdir -p var && $(COMPILE) --format pylock.toml --extra agent pyproject.toml -c requirements.lock -o var/pylock.toml >/dev/null
	@$(BIN)/python -m deploy.agent.wheels var/pylock.toml && rm var/pylock.toml

clean: ## remove what the tasks made
	@rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
