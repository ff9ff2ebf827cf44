#!/usr/bin/env bash
# Build the wheel and the source archive into dist/, the same bytes for the same commit.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${1:?the environment that has hatchling}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
export SOURCE_DATE_EPOCH
rm -f dist/farandole-*.whl dist/farandole-*.tar.gz
"$tools/bin/python" -m hatchling build -d dist >/dev/null
ls -1 dist/farandole-*
