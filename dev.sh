#!/usr/bin/env bash
# `npm run dev`: compiles when a source file changes, and starts the command again. Without arguments that is the
# demo on the simulated switch; `npm run dev -- run --db ringline.db --switch 127.0.0.1:8021` is an engine.
set -euo pipefail
# Each job in a process group of its own: `tsc` starts the compiler as another process, and both have to end.
set -m

[ $# -gt 0 ] || set -- demo
npm run --silent build
tsc -p tsconfig.build.json --watch --preserveWatchOutput &
trap 'kill -- -$!' EXIT
node --watch --watch-preserve-output dist/engine/cli/ringline.js "$@"
