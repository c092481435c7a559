#!/usr/bin/env bash
# Prints the path of a Chromium on this machine; CHROMIUM stands above the search.
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && command -v "$name"; then exit 0; fi
done
exit 1
