#!/usr/bin/env bash
# Installs one hashed requirements file and the package itself into .venv.
set -euo pipefail
echo "environment: installing $1"
uv pip install -q --python .venv/bin/python --require-hashes -r "$1"
uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
