#!/usr/bin/env bash
# Runs a command, says what it is for and how long it took.
#   scripts/timed.sh WHAT EXPECTED COMMAND…
#   scripts/timed.sh "page and engines" "7 minutes on two cores the first time" trunk build --release
# EXPECTED may be empty. Every 30 seconds a line says how far a long command is, where its output is not a terminal.
set -euo pipefail
what=$1 expected=$2
shift 2

say() { printf '\033[1m%s:\033[0m %s\n' "$what" "$*" >&2; }
say "starts${expected:+ ($expected)}"
SECONDS=0
if [ ! -t 2 ]; then
  while sleep 30 >/dev/null 2>&1; do say "$SECONDS s so far"; done &
  ticker=$!
  trap 'kill "$ticker" 2>/dev/null || true' EXIT
fi
status=0
"$@" || status=$?
if [ "$status" = 0 ]; then say "done in $SECONDS s"; else say "failed after $SECONDS s"; fi
exit "$status"
