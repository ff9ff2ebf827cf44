#!/usr/bin/env bash
# What the tests want from the system: Chromium for pages, Pango and fonts for reports and pictures of charts.
# Installed when root; else the tests that need it say so.
set -euo pipefail
PDF=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-liberation)
wanted=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || wanted+=(chromium)
for name in "${PDF[@]}"; do
  command -v dpkg-query >/dev/null && dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "install ok" ||
    wanted+=("$name")
done
if [ "${#wanted[@]}" = 0 ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· installing ${wanted[*]} for the page tests"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}") >/dev/null 2>&1 ||
    echo "${wanted[*]} could not be installed: the page tests will say that they were skipped"
else
  echo "${wanted[*]} missing and this is not root: the page tests will say that they were skipped"
fi
