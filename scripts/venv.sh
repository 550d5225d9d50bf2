#!/usr/bin/env bash
# A virtual environment with uv in it, from a hashed file.
set -euo pipefail
echo "environment: creating .venv"
if ! python3 -m venv .venv >/tmp/zhongshu-venv.$$ 2>&1; then
    # Debian splits venv off from python3; bring it when we may, say what to do when we may not.
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        python3 -m venv .venv
    else
        cat /tmp/zhongshu-venv.$$
        echo "Python's venv module is missing: install it with 'apt install python3-venv'." >&2
        exit 1
    fi
fi
rm -f /tmp/zhongshu-venv.$$
.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
