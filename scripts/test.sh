#!/usr/bin/env bash
# All tests: Python (unit, spec, property, service, end-to-end) and the console's own.
set -euo pipefail
(cd console && npm run --silent test -- --reporter=dot)
# A process on each core, four at the most: each has a PostgreSQL and a lake of its own.  In the
# order they are found, the long ones come first.  One that dies is not started again: the run ends
# and names the test it was at.
exec python -m pytest -n auto --maxprocesses 4 --max-worker-restart 0 --no-loadscope-reorder "$@"
