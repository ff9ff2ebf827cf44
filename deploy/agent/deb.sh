#!/usr/bin/env bash
# Make dist/farandole-agent_*.deb of the frozen folder that binary.sh left in var/build/folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v dpkg-deb >/dev/null || { echo "dpkg-deb is missing: the package is made on Debian or Ubuntu." >&2; exit 1; }
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
export SOURCE_DATE_EPOCH
rm -f dist/farandole-agent_*.deb
.venv/bin/python -m deploy.agent.deb var/build/folder dist
