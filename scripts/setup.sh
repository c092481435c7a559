#!/usr/bin/env bash
# Installs what building and testing need, for this project only, and says what it does. Quick when all is there.
#   scripts/setup.sh TOOLS [tests|fuzz|deny]
# TOOLS is the folder for trunk and wasm-bindgen; `tests` adds what the tests need: Node packages and a browser;
# `fuzz` the fuzzer; `deny` what checks licences and sources.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$1
export PATH="$tools/bin:$PATH"

TRUNK=0.21.14 # 0.22 needs a newer Rust than rust-version in Cargo.toml
WASM_BINDGEN=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)

say() { printf '\033[1mset-up:\033[0m %s\n' "$*"; }
lacks() { ! command -v "$1" >/dev/null 2>&1; }
# Build tools are compiled once and run for seconds: their own release profiles spend minutes on link-time optimisation.
install() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$tools/build" cargo install --quiet --root "$tools" "$@"
  rm -rf "$tools/build"
}
# Debian's packages, where there is Debian and a way to become root.
package() {
  local root=()
  if lacks apt-get; then return 1; fi
  if [ "$(id -u)" != 0 ]; then
    if lacks sudo; then return 1; fi
    root=(sudo -n)
  fi
  say "installing $* from the distribution"
  "${root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq "$@" >/dev/null
}

if lacks cargo; then
  say "Rust is missing: install it from rustup.rs, then try again" >&2
  exit 1
fi
sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
  say "adding the target wasm32-unknown-unknown (seconds)"
  rustup target add wasm32-unknown-unknown
fi
if lacks trunk || [ "$(trunk --version)" != "trunk $TRUNK" ]; then
  say "building trunk $TRUNK for this project (3 to 8 minutes, once)"
  install trunk --version "$TRUNK" --locked --no-default-features --features rustls
fi
if lacks wasm-bindgen || [ "$(wasm-bindgen --version)" != "wasm-bindgen $WASM_BINDGEN" ]; then
  say "building wasm-bindgen $WASM_BINDGEN for this project (1 to 3 minutes, once)"
  install wasm-bindgen-cli --version "$WASM_BINDGEN"
fi
if lacks node; then
  say "Node 20 or later is missing: install it, then try again" >&2
  exit 1
fi
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing the Node packages of server and tests"
  npm ci --silent
fi

if [ "${2:-}" = fuzz ] && lacks cargo-fuzz; then
  say "building cargo-fuzz for this project (a minute, once)"
  install cargo-fuzz --locked
fi
if [ "${2:-}" = deny ] && lacks cargo-deny; then
  say "building cargo-deny for this project (5 minutes, once)"
  install cargo-deny --locked
fi
[ "${2:-}" = tests ] || exit 0
if ! scripts/chromium.sh >/dev/null; then
  package chromium || { say "no Chromium found: install one, or set CHROMIUM to its path" >&2; exit 1; }
fi
if ! ls /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json >/dev/null 2>&1; then
  package mesa-vulkan-drivers libvulkan1 || say "no Vulkan driver: the native GPU tests will say that they did not run"
fi
