#!/usr/bin/env bash
# All set-up and all checks. What is downloaded comes while the sources are checked, which need none of it.
set -euo pipefail
cd "$(dirname "$0")/.."

# Where its install script failed, npm left it out without a word; it does without the script.
node -e 'require("onnxruntime-node")' 2>/dev/null || npm install --ignore-scripts --no-audit --no-fund

jobs=()
for check in "npm run lint" "npm run typecheck" "npm run check:package" "bash scripts/setup-tests.sh"; do
  $check &
  jobs+=($!)
done
for job in "${jobs[@]}"; do
  wait "$job" || { kill "${jobs[@]}" 2>/dev/null; wait; exit 1; }
done
npm run test
