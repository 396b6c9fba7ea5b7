#!/usr/bin/env bash
# Installs what the tests need in addition to npm's packages: a real browser, Redis and PostgreSQL, and a Python with Gymnasium, ALE,
# ONNX Runtime and TensorBoard to compare with, and an S3. Does nothing where they are there already.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
if [ -z "${BELLMAN_CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null &&
  ! command -v google-chrome >/dev/null; then
  wanted+=(chromium-headless-shell)
fi
command -v redis-server >/dev/null || wanted+=(redis-server)
# Debian has its programs apart, by version.
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
if [ "${#wanted[@]}" -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "Not found: ${wanted[*]}. Install them; BELLMAN_CHROMIUM may name a Chromium or Chrome program." >&2
    exit 1
  fi
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  # Ubuntu has none without windows.
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || wanted=("${wanted[@]/chromium-headless-shell/chromium}")
  $sudo apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

if [ -z "${BELLMAN_PYTHON:-}" ]; then
  if ! [ -x .venv/bin/python ]; then
    python3 -m venv .venv || { echo "python3 with venv is needed (Debian: apt-get install python3-venv)." >&2; exit 1; }
  fi
  pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
  # uv takes a tenth of pip's processor time, but knows no pip.conf: pip is there where it cannot.
  "${pip[@]}" uv && .venv/bin/uv pip install --quiet --python .venv/bin/python -r test/requirements.txt || "${pip[@]}" -r test/requirements.txt
fi
