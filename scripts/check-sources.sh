#!/usr/bin/env bash
# What needs nothing but the sources, side by side: each has one thread.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=()
for check in lint typecheck check:package; do
  npm run "$check" &
  jobs+=($!)
done
for job in "${jobs[@]}"; do
  wait "$job" || { kill "${jobs[@]}" 2>/dev/null; wait; exit 1; }
done
