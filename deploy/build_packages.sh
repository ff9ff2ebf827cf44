#!/usr/bin/env bash
# What make deb wants from the system beyond dpkg-deb: lintian, to read the package as Debian would.
set -euo pipefail
command -v lintian >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· installing lintian"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends lintian) >/dev/null 2>&1 ||
    echo "lintian could not be installed: its test will say that it was skipped"
else
  echo "lintian is missing and this is not root: its test will say that it was skipped"
fi
