# Two commands matter: `make demo` and `make test`. Both do all set-up on a machine with Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test check docs pictures bench long lock clean
setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Spacekeeper needs Python 3.11 or newer; call make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: setup
	$(BIN)/python -m bot.demo $(DEMO)

test: setup
	$(BIN)/python -m pytest -n auto

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto

BENCHES := deciding searching loading dispatching listing

bench: setup
	@for one in $(BENCHES); do echo "== $$one"; $(BIN)/python -m bench.$$one || exit 1; done

# The checks of `make test` that draw their cases, for hours: docs/proof.md has their figures.
long: setup
	nice -n 19 $(BIN)/python -m tests.long oracle $(LONG)
	nice -n 19 $(BIN)/python -m tests.long walks $(LONG)

docs: setup
	$(BIN)/python -m bot.reference
	$(BIN)/python -m tests.rails

pictures: setup
	$(BIN)/python -m tests.cards.pictures

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements-dev.lock

clean:
	rm -rf .venv var
