#!/usr/bin/env bash
# Make the virtual environment and put uv in it, on a machine that has Python >= 3.11 and little else.
set -euo pipefail
venv=$1

pick() {
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "$candidate"
      return
    fi
  done
  echo "No Python 3.11 or newer was found. Install it (Debian, Ubuntu: apt-get install python3 python3-venv) and call make again." >&2
  exit 1
}

python=$(pick)
echo "· making $venv with $("$python" --version)"
if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
  rm -rf "$venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "· installing python3-venv"
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv "$venv"
  else
    echo "$python cannot make a virtual environment. Install the package python3-venv and call make again." >&2
    exit 1
  fi
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
