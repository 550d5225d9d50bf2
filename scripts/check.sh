#!/usr/bin/env bash
# Format, lint, types, imports, drift: everything that can be said without running the product.
set -uo pipefail
failed=()
step() {
    local name=$1; shift
    if ! out=$("$@" 2>&1); then failed+=("$name"); printf '%s\n--- %s failed\n' "$out" "$name"; else echo "ok  $name"; fi
}
console() {
    cd console || return 1
    for part in lint types imports api:check; do
        out=$(npm run --silent "$part" 2>&1) || { printf '%s\n--- console %s failed\n' "$out" "$part"; return 1; }
    done
}
(console) & console_pid=$!
step format ruff format --check -q .
step lint ruff check -q .
step imports lint-imports
step types mypy
step "feed schemas" python -m zhongshu.connectors.feeds.schema --check
step "openapi.json" python -m zhongshu.api.schema --check
step "generated docs" python scripts/build_docs.py --check
step migrations env DJANGO_SETTINGS_MODULE=zhongshu.config.settings django-admin makemigrations --check --dry-run
if wait $console_pid; then echo "ok  console"; else failed+=(console); fi
[ ${#failed[@]} = 0 ] && echo "check: all green" || { echo "check: failed: ${failed[*]}"; exit 1; }
