#!/bin/sh
# `make charts`: makes hub/web/static/charts/echarts.min.js from the pinned sources, with its licences and fingerprint.
# The result is committed: nobody needs Node to run or to test the site. The same pins give the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=$here/../../hub/web/static/charts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/echarts.js" "$work"
cd "$work"
npm ci --silent --no-audit --no-fund --ignore-scripts
version=$(node -p 'require("./node_modules/echarts/package.json").version')
node_modules/@esbuild/linux-*/bin/esbuild echarts.js --bundle --minify --format=esm --target=es2022 --legal-comments=none \
  '--define:process.env.NODE_ENV="production"' --log-level=warning \
  "--banner:js=/* Apache ECharts $version, tree-shaken; Apache License 2.0. With zrender and d3 (BSD 3-Clause), tslib (0BSD): LICENCES.txt */" \
  --outfile="$to/echarts.min.js"
{
  echo "echarts.min.js is built from the packages below by deploy/charts/build.sh, without changes to their sources."
  for each in echarts/NOTICE echarts/LICENSE echarts/licenses/LICENSE-d3 zrender/LICENSE tslib/LICENSE.txt; do
    printf '\n==== %s ====\n\n' "$each"
    cat "node_modules/$each"
  done
} | sed 's/[ \t]*$//' > "$to/LICENCES.txt"
cd "$to" && sha256sum echarts.min.js LICENCES.txt > SHA256SUMS
ls -l echarts.min.js
