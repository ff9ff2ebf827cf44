#!/usr/bin/env bash
# What the tests want from the system: Chromium for pages. Installed when root; else tests that need it say so.
set -euo pipefail
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· installing chromium for the page tests"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 ||
    echo "chromium could not be installed: the page tests will say that they were skipped"
else
  echo "chromium is missing and this is not root: the page tests will say that they were skipped"
fi
