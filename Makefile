# The README's commands.  `make demo` runs the headquarters; `make test` proves it.
SHELL := /bin/bash
PATH := $(CURDIR)/.venv/bin:$(PATH)
export PATH
PY := .venv/bin/python
ARGS ?=
ENGINE ?=
BENCHES := $(patsubst benchmarks/%.py,%,$(filter-out benchmarks/__init__.py benchmarks/report.py,$(wildcard benchmarks/*.py)))
CONSOLE_SOURCES := $(shell find console -path console/node_modules -prune -o -path console/dist -prune -o -type f -print 2>/dev/null)

.PHONY: demo test search check format bench env spark console clean

demo: .venv/base.stamp console/dist/index.html
	@zhongshu demo $(ARGS)

test: .venv/dev.stamp .venv/spark.stamp .venv/system.stamp console/dist/index.html
	@scripts/test.sh $(ARGS)

# The property tests with examples nobody has seen; `make test` takes the same ones every time, so
# that a change is not refused for what another one did.
search: .venv/dev.stamp .venv/spark.stamp
	@ZHONGSHU_EXAMPLES=search $(PY) -m pytest tests/property tests/unit $(ARGS)

check: .venv/dev.stamp console/node_modules/.stamp
	@scripts/check.sh

format: .venv/dev.stamp
	ruff check --fix -q . ; ruff format -q .

# make bench ENGINE=tracing runs one engine's benchmark; without ENGINE, all of them.
bench: .venv/dev.stamp .venv/spark.stamp
	@for engine in $(or $(ENGINE),$(BENCHES)); do $(PY) -m benchmarks.$$engine || exit 1; done

env: .venv/dev.stamp

# Tracing on a cluster (docs/how-to/trace-on-a-cluster.md); the headquarters runs without it.
spark: .venv/spark.stamp

.venv/uv.stamp: requirements/uv.txt
	@scripts/venv.sh
	@touch $@

.venv/base.stamp: .venv/uv.stamp requirements/base.txt pyproject.toml
	@scripts/install.sh requirements/base.txt
	@touch $@

.venv/dev.stamp: .venv/base.stamp requirements/dev.txt
	@scripts/install.sh requirements/dev.txt
	@touch $@

.venv/spark.stamp: .venv/base.stamp requirements/spark.txt
	@scripts/install.sh requirements/spark.txt
	@touch $@

# Only the tests need these from the system: Chromium with Chinese fonts, a Java 17 runtime.
.venv/system.stamp: scripts/system.sh
	@scripts/system.sh
	@touch $@

console/node_modules/.stamp: .venv/base.stamp console/package.json console/package-lock.json
	@echo "console: installing packages"
	@cd console && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

console/dist/index.html: console/node_modules/.stamp $(CONSOLE_SOURCES)
	@echo "console: building"
	@cd console && npm run --silent build -- --logLevel warn
	@touch $@

console: console/dist/index.html

clean:
	rm -rf .venv console/node_modules console/dist
