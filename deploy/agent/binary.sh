#!/usr/bin/env bash
# Make of the wheel in dist/ the single file dist/venue-agent, and the same as a folder, var/build/folder.
# The wheel goes into the tools' own environment: what is frozen is what is delivered, never the work tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${1:?the environment that has PyInstaller}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
export SOURCE_DATE_EPOCH PYTHONHASHSEED=1
.venv/bin/uv pip install --quiet --python "$tools/bin/python" --no-deps --force-reinstall dist/farandole-*.whl
work=var/build/frozen
rm -rf "$work" var/build/folder
root=$PWD
mkdir -p "$work"
cd "$work" # the work tree must not be importable
"$root/$tools/bin/python" -P -m PyInstaller --noconfirm --log-level ERROR --workpath . --distpath out \
  "$root/deploy/agent/venue-agent.spec"
cd "$root"
mkdir -p dist
mv "$work/out/venue-agent" dist/venue-agent
mv "$work/out/folder" var/build/folder
rm -rf "$work"
