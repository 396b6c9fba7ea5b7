#!/usr/bin/env bash
# What needs nothing but the sources, side by side: each has one thread.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=()
for check in lint typecheck check:package; do
  npm run "$check" &
  jobs+=($!)
done
# None is ended early: `npm pack`, cut off, would leave the README as the package has it.
failed=0
for job in "${jobs[@]}"; do
  wait "$job" || failed=1
done
exit "$failed"
