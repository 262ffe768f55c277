# What the scripts of this folder share: where things are kept, which versions, how they speak. Sourced, POSIX sh.
# Everything that can be made again lives in $CACHE, outside the clone, so that a second clone starts warm.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$ROOT" || exit 1

CACHE=${CACHE:-$HOME/.cache/agentwright}
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
PATH=$CACHE/tools/bin:$ROOT/style/node_modules/.bin:$PATH
export ROOT CACHE CARGO_TARGET_DIR PATH

# wasm-bindgen's command line must be of the same version as the crate.
WASM_BINDGEN=$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' Cargo.toml)
CARGO_LEPTOS=0.3.10
CARGO_FUZZ=0.13.1
# The oldest Rust that builds it, as 1.N.
RUST_MINOR=$(sed -n 's/^rust-version = "1\.\([0-9]*\)".*/\1/p' Cargo.toml)

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# need COMMAND LINE: ends with LINE when COMMAND is not there.
need() { command -v "$1" >/dev/null 2>&1 || die "$2"; }

if command -v sha256sum >/dev/null 2>&1; then SHA256=sha256sum; else SHA256='shasum -a 256'; fi

# Digest of standard input.
digest() { $SHA256 | cut -d ' ' -f 1; }
