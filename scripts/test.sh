#!/usr/bin/env bash
# All tests: Python (unit, spec, property, service, end-to-end) and the console's own.
set -euo pipefail
(cd console && npm run --silent test -- --reporter=dot)
exec python -m pytest "$@"
