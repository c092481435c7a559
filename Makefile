# Two commands matter: `make run` and `make test`. `make help` lists the rest.

CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/latent-playground
TOOLS := $(CACHE)/tools
PORT ?= 8080
SECONDS ?= 60
export PATH := $(TOOLS)/bin:$(PATH)

# What `cargo test` and `clippy` cover natively, and what they cover for the browser.
NATIVE := --workspace --features latent-tests/flex,latent-tests/wgpu,latent-cli/wgpu
BROWSER := --target wasm32-unknown-unknown -p latent-playground -p latent-worker --features latent-worker/wgpu
HEADLESS := cargo run --release -p latent-cli --

.PHONY: help run build dist pretrained test test-native test-pretrained test-web test-browser check deny fuzz bench curves cold-load feel soak screenshot mnist clean setup setup-tests setup-deny setup-fuzz

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on http://localhost:8080 (PORT= to change)
	@node scripts/serve.mjs dist $(PORT)

build: dist

dist: setup ## the page, for release, into dist/: files for any server
	trunk build --release

test: test-native test-pretrained test-web test-browser ## every test

test-native: setup-tests ## unit and integration tests outside a browser, on a Vulkan adapter too (Mesa's lavapipe will do)
	cargo test $(NATIVE)

test-pretrained: setup-tests ## whether the pretrained decoder is what `make pretrained` makes: trains it again
	cargo test --release -p latent-cli -- --ignored pretrained

test-web: setup ## unit tests of the JavaScript in web/, outside a browser
	node --test tests/web/*.test.mjs

test-browser: setup-tests build ## the page in a real Chromium
	CHROMIUM=$$(scripts/chromium.sh) node --test --test-concurrency=1 tests/browser/*.test.mjs

check: setup dist ## formatting, lints (native and wasm), docs, types of the JavaScript, sizes, known holes in dependencies where that can be asked
	cargo fmt --check
	cargo clippy --quiet $(NATIVE) --all-targets -- -D warnings
	cargo clippy --quiet $(BROWSER) --lib --bins -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps $(NATIVE)
	npm run --silent types
	node scripts/budget.mjs
	@if command -v cargo-deny >/dev/null; then $(DENY); else echo "cargo-deny is not here, licences and sources were not checked: make deny"; fi
	@node scripts/advisories.mjs

# Advisories are not among them: scripts/advisories.mjs asks for those, which not every machine can.
DENY := cargo deny --all-features check --hide-inclusion-graph licenses bans sources

deny: setup-deny ## licences and sources of all dependencies against deny.toml
	$(DENY)

# Fuzzers want flags of the nightly compiler; this lets the installed one take them.
fuzz: setup-fuzz ## whatever reads foreign bytes against a fuzzer, SECONDS= each (60); what it finds stays in fuzz/artifacts
	for target in fuzz/seeds/*; do \
	  mkdir -p fuzz/corpus/$${target##*/}; \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run $${target##*/} fuzz/corpus/$${target##*/} $$target -- \
	    -max_total_time=$(SECONDS) -rss_limit_mb=1024 -timeout=5 || exit 1; \
	done

bench: setup-tests build ## steps per second of the CPU engine in a headless Chromium, one worker and two; PEERS=program: beside others, into docs/benchmarks.md
	CHROMIUM=$$(scripts/chromium.sh) node scripts/bench.mjs
	$(if $(PEERS),CHROMIUM=$$(scripts/chromium.sh) node scripts/peers.mjs $(PEERS))

soak: setup-tests build ## 5,000 steps on either engine and ten deaths in a headless Chromium: whether memory creeps
	CHROMIUM=$$(scripts/chromium.sh) node scripts/soak.mjs

curves: setup-tests build ## what a step costs as batch, hidden layer and code grow, into docs/curves.md; PEERS=program: jax-js' as well
	CHROMIUM=$$(scripts/chromium.sh) node scripts/curves.mjs $(PEERS)

screenshot: setup-tests dist ## the README's picture anew
	CHROMIUM=$$(scripts/chromium.sh) node scripts/screenshot.mjs

feel: setup-tests dist ## pointer to digit, long tasks and layout shift in a headless Chromium
	CHROMIUM=$$(scripts/chromium.sh) node scripts/interaction.mjs

cold-load: setup-tests dist ## time and bytes of a first visit over a slow line
	CHROMIUM=$$(scripts/chromium.sh) node scripts/cold-load.mjs

mnist: ## pack public/mnist anew from the IDX files in MNIST=folder
	$(HEADLESS) pack-mnist $(MNIST) public/mnist

pretrained: ## train the decoder that the page shows first anew: the tutorial's 20 epochs, a minute or two
	mkdir -p $(CACHE)
	$(HEADLESS) train --seed 3 --out $(CACHE)/pretrained.safetensors
	$(HEADLESS) pack-pretrained $(CACHE)/pretrained.safetensors

clean: ## remove what was built here (tools stay in the cache)
	cargo clean
	rm -rf dist node_modules

setup: ## install the tools for this project
	@scripts/setup.sh $(TOOLS)

setup-tests:
	@scripts/setup.sh $(TOOLS) tests

setup-fuzz:
	@scripts/setup.sh $(TOOLS) fuzz

setup-deny:
	@scripts/setup.sh $(TOOLS) deny
