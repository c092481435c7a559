#!/usr/bin/env bash
# Installs what building and testing need, for this project only, and says what it does. Quick when all is there.
#   scripts/setup.sh TOOLS [tests|check|code|fuzz|deny|mpi|servers|peers]
# TOOLS is the folder for trunk, wasm-bindgen and wasm-split-cli. `tests` adds what the tests need: Node packages, three browsers
# and a Vulkan driver. `check` adds the spelling checker, `code` Keras and PyTorch, `fuzz` the fuzzer, `deny` the check of
# licences and sources, `mpi` an MPI library and what its bindings need, `servers` nginx and Caddy, `peers` jax-js.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$1
export PATH="$tools/bin:$PATH"

TRUNK=0.21.14 # 0.22 needs a newer Rust than rust-version in Cargo.toml
WASM_BINDGEN=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)
WASM_SPLIT=0.2.4 # of the crate wasm_split_cli_support
TYPOS=1.52.0
KERAS=3.15.1
JAX_JS=0.1.25

say() { printf '\033[1mset-up:\033[0m %s\n' "$*"; }
lacks() { ! command -v "$1" >/dev/null 2>&1; }
# Compiles a tool: install NAME EXPECTED ARGUMENTS… Tools run for seconds, so they are compiled unoptimised: their own
# release profiles take five times as long.
install() {
  local name=$1 expected=$2
  shift 2
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$tools/build-${name%% *}" \
    scripts/timed.sh "set-up: $name" "once, $expected on two cores" cargo install --quiet --force --root "$tools" "$@"
  rm -rf "$tools/build-${name%% *}"
}
# Installs packages of Debian, where there is Debian and a way to become root.
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
if lacks node; then
  say "Node 20 or later is missing: install it, then try again" >&2
  exit 1
fi
sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
  say "adding the target wasm32-unknown-unknown (seconds)"
  rustup target add wasm32-unknown-unknown
fi
# Binaries of these versions that are on PATH already are used: docs/decisions/0020-tools-are-compiled.md. Without --locked,
# because its lock file names versions that not every registry has. They are compiled at once: each leaves a core idle in its last
# crates.
installs=()
if lacks wasm-bindgen || [ "$(wasm-bindgen --version)" != "wasm-bindgen $WASM_BINDGEN" ]; then
  install "wasm-bindgen $WASM_BINDGEN" "4 minutes" wasm-bindgen-cli --version "$WASM_BINDGEN" --no-default-features --bin wasm-bindgen &
  installs+=($!)
fi
# Without TLS: Trunk would use it to download tools, and all that the build needs is here.
if lacks trunk || [ "$(trunk --version)" != "trunk $TRUNK" ]; then
  install "trunk $TRUNK" "4 minutes" trunk --version "$TRUNK" --locked --no-default-features &
  installs+=($!)
fi
# The tool does not say its version.
if lacks wasm-split-cli || { [ -x "$tools/bin/wasm-split-cli" ] &&
  ! cargo install --list --root "$tools" | grep -q "^wasm_split_cli_support v$WASM_SPLIT:"; }; then
  install "wasm_split_cli_support $WASM_SPLIT" "1 minute" wasm_split_cli_support --version "$WASM_SPLIT" --locked --features build-binary &
  installs+=($!)
fi
for install in ${installs[@]+"${installs[@]}"}; do wait "$install"; done
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing the Node packages of server and tests"
  npm ci --silent
fi

case "${2:-}" in
tests)
  if ! scripts/chromium.sh >/dev/null; then
    package chromium || { say "no Chromium found: install one, or set CHROMIUM to its path" >&2; exit 1; }
  fi
  # The page is tested in three browser engines. Without one of these its tests say that they did not run, and why.
  if lacks "${FIREFOX:-firefox-esr}" && lacks firefox; then
    package firefox-esr || say "no Firefox found: its tests will say that they did not run"
  fi
  if lacks WebKitWebDriver || lacks Xvfb || lacks xdotool; then
    package webkit2gtk-driver xvfb xdotool || say "no WebKitGTK found: its tests will say that they did not run"
  fi
  if ! ls /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json >/dev/null 2>&1; then
    package mesa-vulkan-drivers libvulkan1 || say "no Vulkan driver: the native GPU tests will say that they did not run"
  fi
  ;;
check)
  # The package on PyPI has the program as a binary. scripts/typos.txt has the hashes of its files.
  if lacks typos || [ "$(typos --version)" != "typos-cli $TYPOS" ]; then
    say "installing typos $TYPOS (seconds)"
    if python3 -m venv "$tools/python" &&
      "$tools/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r scripts/typos.txt; then
      ln -sf "$tools/python/bin/typos" "$tools/bin/typos"
    else
      say "typos could not be installed from PyPI: spelling will not be checked"
    fi
  fi
  ;;
code)
  if [ ! -x "$tools/keras/bin/python" ]; then
    say "installing Keras and JAX from PyPI (a minute)"
    python3 -m venv "$tools/keras"
    "$tools/keras/bin/pip" install --quiet --disable-pip-version-check "keras==$KERAS" jax safetensors
  fi
  # PyPI's PyTorch brings CUDA. The distribution's belongs to the distribution's Python.
  if ! /usr/bin/python3 -c 'import torch, torchvision' 2>/dev/null; then
    package python3-torch python3-torchvision python3-venv ||
      { say "PyTorch and torchvision are missing: install them for /usr/bin/python3, then try again" >&2; exit 1; }
  fi
  if [ ! -x "$tools/pytorch/bin/python" ]; then
    /usr/bin/python3 -m venv --system-site-packages "$tools/pytorch"
    "$tools/pytorch/bin/pip" install --quiet --disable-pip-version-check safetensors
  fi
  ;;
fuzz)
  if lacks cargo-fuzz; then install cargo-fuzz "1 minute" cargo-fuzz --locked; fi
  ;;
mpi)
  if lacks mpirun || lacks mpicc || ! ls /usr/lib/llvm*/lib/libclang*.so* /usr/lib/*/libclang*.so* >/dev/null 2>&1; then
    package libopenmpi-dev openmpi-bin libclang-dev ||
      { say "no MPI found: install Open MPI or MPICH, and libclang" >&2; exit 1; }
  fi
  ;;
servers)
  if lacks nginx; then package nginx-light || { say "nginx is missing: install it" >&2; exit 1; }; fi
  if lacks caddy; then package caddy || { say "Caddy is missing: install it" >&2; exit 1; }; fi
  ;;
peers)
  if [ "$(node -p 'require(process.argv[1]).version' "$tools/jax-js/node_modules/@jax-js/jax/package.json" 2>/dev/null)" != "$JAX_JS" ]; then
    say "installing jax-js $JAX_JS (seconds)"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools/jax-js" "@jax-js/jax@$JAX_JS"
  fi
  ;;
deny)
  if lacks cargo-deny; then install cargo-deny "3 minutes" cargo-deny --locked; fi
  ;;
esac
