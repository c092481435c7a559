# Two commands matter: `make run` and `make test`. `make help` lists the rest.

CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/latent-playground
TOOLS := $(CACHE)/tools
PORT ?= 8080
SECONDS ?= 60
export PATH := $(TOOLS)/bin:$(PATH)

# What `cargo test` and `clippy` cover natively, and what they cover for the browser.
NATIVE := --workspace --features latent-tests/flex,latent-tests/wgpu,latent-cli/wgpu
BROWSER := --target wasm32-unknown-unknown -p latent-playground -p latent-worker --features latent-worker/webgpu_engine,latent-worker/burn_engine,latent-worker/import_program,latent-worker/export_program
HEADLESS := cargo run --release -p latent-cli --
# The modules of the CPU engine with `unsafe` and with tests that take seconds under Miri.
MIRI := adam:: layered::product:: panels:: simd:: sparse:: tensors:: thread_pool:: tile::

TIMED := scripts/timed.sh

.PHONY: help run build dist pretrained test test-hosting test-mpi load test-native test-pretrained test-web test-browser test-browsers test-slow test-code check mistakes loom miri deny fuzz bench bench-models bench-gpu compare curves cold-load feel soak screenshot presets mnist fashion-mnist lessons clean setup setup-tests setup-check setup-code setup-deny setup-fuzz

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build the page and serve it on http://localhost:8080 (PORT= changes the port)
	@node scripts/serve.mjs dist $(PORT)

build: dist

dist: setup ## build a release into dist/: files for any static server
	$(TIMED) "page and engines" "7 minutes on two cores the first time" trunk build --release

# The shortest tests come first.
test: test-web test-native test-pretrained test-browser ## run every test but the slow ones

test-native: setup-tests ## test the crates outside a browser, and on a Vulkan adapter where there is one (Mesa's lavapipe will do); FILTER=name runs some
	$(TIMED) "native tests" "" cargo test $(NATIVE) -- $(FILTER)

test-pretrained: setup-tests ## train the pretrained network again and compare it with public/mnist/pretrained.gz and pretrained-encoder.gz
	$(TIMED) "pretrained decoder" "" cargo test $(NATIVE) --test headless -- --ignored pretrained

test-web: setup ## test the JavaScript in web/ outside a browser
	node --test tests/web/*.test.mjs

# Tests that judge speeds or deadlines have the machine to themselves. The others run two files at a time, because a test
# waits for the page about half of its time. Files that fail run once more, alone (scripts/browser-tests.mjs).
ALONE := $(patsubst %,tests/browser/%.test.mjs,autosave bench engine-benchmark faults measure passes pause-speed time-speed webgpu workers)
TOGETHER := $(filter-out $(ALONE),$(wildcard tests/browser/*.test.mjs))

test-browser: setup-tests build ## test the page in a real Chromium, and what matters most in Firefox and WebKitGTK too
	CHROMIUM=$$(scripts/chromium.sh) $(TIMED) "browser tests, two at a time" "" node scripts/browser-tests.mjs 2 $(TOGETHER)
	CHROMIUM=$$(scripts/chromium.sh) $(TIMED) "browser tests, one at a time" "" node scripts/browser-tests.mjs 1 $(ALONE)
	CHROMIUM=$$(scripts/chromium.sh) $(TIMED) "Chromium, Firefox and WebKitGTK" "3 minutes on two cores" node scripts/browser-tests.mjs 1 tests/browsers/quick.test.mjs

test-browsers: setup-tests build ## test in Chromium, Firefox and WebKitGTK what a browser engine can break; BROWSERS=firefox,webkitgtk chooses
	CHROMIUM=$$(scripts/chromium.sh) $(TIMED) "Chromium, Firefox and WebKitGTK" "12 minutes on two cores" node --test --test-concurrency=1 tests/browsers/*.test.mjs

test-slow: setup-tests build ## run the browser tests that take half a minute each, which make test leaves out
	CHROMIUM=$$(scripts/chromium.sh) SLOW=1 $(TIMED) "slow browser tests" "" node --test --test-only --test-concurrency=1 tests/browser/*.test.mjs

# A process waits busily for its messages, so tests run one at a time. With the features of the native tests, whose build is used.
test-mpi: setup-mpi ## test training by up to 4 ranks of MPI on this machine (installs Debian's Open MPI); make test leaves it out
	cargo clippy --quiet -p latent-cli --features mpi --all-targets -- -D warnings
	$(TIMED) "training by MPI" "" cargo test $(NATIVE),latent-cli/mpi --test mpi -- --test-threads=1

test-hosting: setup-tests setup-servers build ## test hosting/'s configurations with Debian's nginx and Caddy; make test leaves it out
	CHROMIUM=$$(scripts/chromium.sh) $(TIMED) "servers" "" node --test --test-concurrency=1 tests/hosting/*.test.mjs

load: setup-tests setup-servers build ## have 1,000 visitors at once load the page from nginx and from Caddy on this machine; VISITORS= changes their number
	CHROMIUM=$$(scripts/chromium.sh) node scripts/load.mjs $(VISITORS)

# Apart from the tests, because it takes Keras, PyTorch and a build of Burn.
test-code: setup-code ## run the programs of headless code in Keras, PyTorch and Burn, and compare their losses with headless train
	$(TIMED) "command line" "5 minutes on two cores the first time" cargo build --release -p latent-cli
	HEADLESS=$(abspath $(or $(CARGO_TARGET_DIR),target))/release/headless CODE_FOLDER=$(abspath $(or $(CARGO_TARGET_DIR),target))/code \
	  KERAS_PYTHON=$(TOOLS)/keras/bin/python PYTORCH_PYTHON=$(TOOLS)/pytorch/bin/python \
	  $(TIMED) "programs for other libraries" "10 minutes on two cores the first time" node --test tests/code/*.test.mjs

mistakes: ## inject the mistakes that a port is likely to make, each into a copy, and print which fixtures find them; MISTAKE=text runs some
	node scripts/inject-mistakes.mjs $(if $(MISTAKE),'$(MISTAKE)')

# A folder of its own, because RUSTFLAGS would have everything else compiled again.
loom: ## check the thread pool under every interleaving of its threads that loom explores
	RUSTFLAGS="--cfg loom" $(TIMED) "loom" "" cargo test -p latent-cpu --release --lib --target-dir $${CARGO_TARGET_DIR:-target}/loom thread_pool

miri: ## run the portable kernels under Miri (needs a nightly toolchain with the components miri and rust-src)
	cargo +nightly miri test -p latent-cpu --lib -- $(MIRI)

check: setup-check dist ## check formatting, lints, docs, spelling, types of the JavaScript, sizes, and known vulnerabilities where a registry answers
	cargo fmt --check
	cargo clippy --quiet $(NATIVE) --all-targets -- -D warnings
	cargo clippy --quiet $(BROWSER) --lib --bins -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps $(NATIVE)
	npm run --silent types
	@if command -v typos >/dev/null; then typos --format brief; else echo "typos is not installed, spelling was not checked"; fi
	node scripts/budget.mjs
	node scripts/inject-mistakes.mjs --texts
	@if command -v cargo-deny >/dev/null; then $(DENY); else echo "cargo-deny is not installed, licences and sources were not checked: make deny"; fi
	@node scripts/advisories.mjs

# Advisories are left to scripts/advisories.mjs, because not every machine reaches the registries.
DENY := cargo deny --all-features check --hide-inclusion-graph licenses bans sources

deny: setup-deny ## check licences and sources of all dependencies against deny.toml
	$(DENY)

# Fuzzers need flags of the nightly compiler; RUSTC_BOOTSTRAP lets the installed one accept them.
fuzz: setup-fuzz ## fuzz everything that reads foreign bytes, SECONDS= each (60); findings stay in fuzz/artifacts
	for target in fuzz/seeds/*; do \
	  mkdir -p fuzz/corpus/$${target##*/}; \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run $${target##*/} fuzz/corpus/$${target##*/} $$target -- \
	    -max_total_time=$(SECONDS) -rss_limit_mb=1024 -timeout=5 || exit 1; \
	done

bench: setup-tests build ## measure steps per second of the CPU engine in a headless Chromium, with one worker and two; PEERS=program compares others and writes docs/benchmarks.md
	CHROMIUM=$$(scripts/chromium.sh) node scripts/bench.mjs
	$(if $(PEERS),CHROMIUM=$$(scripts/chromium.sh) node scripts/peers.mjs $(PEERS))

bench-models: setup-tests setup-peers build ## compare models with other programs in a headless Chromium, and write docs/model-benchmarks.md; PEERS=program measures the others; ROUNDS= and SECTIONS= (dense, conv-vae, conv-small) choose
	CHROMIUM=$$(scripts/chromium.sh) JAX_JS=$(TOOLS)/jax-js/node_modules/@jax-js/jax/dist node scripts/model-peers.mjs $(PEERS) $(or $(ROUNDS),1) $(SECTIONS)

bench-gpu: ## train every model of the menu on this machine's GPU, by the own passes and by Burn, beside PyTorch where it is; OPTIONS= as in benches/gpu/bench.py
	$(TIMED) "command line" "10 minutes on two cores the first time" cargo build --release -p latent-cli --features wgpu
	python3 benches/gpu/bench.py $${CARGO_TARGET_DIR:-target}/release/headless $(OPTIONS)

compare: setup-tests build ## compare the speed of the build in the folder WITH= with this one's, ADDRESS= is 'cpu&workers=2' or the like
	CHROMIUM=$$(scripts/chromium.sh) node scripts/compare.mjs $(WITH) dist $(if $(ADDRESS),'$(ADDRESS)')

soak: setup-tests build ## train 5,000 steps on either engine and with every model of the menu, end ten workers, and check that memory does not grow; RUNS= names some
	CHROMIUM=$$(scripts/chromium.sh) node scripts/soak.mjs 5000 $(RUNS)

curves: setup-tests build ## measure a step as batch, hidden layer and code grow, and write docs/curves.md; PEERS=program adds jax-js
	CHROMIUM=$$(scripts/chromium.sh) node scripts/curves.mjs $(PEERS)

screenshot: setup-tests dist ## take the README's picture and those of the guide again
	CHROMIUM=$$(scripts/chromium.sh) node scripts/screenshot.mjs
	CHROMIUM=$$(scripts/chromium.sh) node scripts/guide-pictures.mjs

presets: setup-tests dist ## train every model of the menu on every engine, in a headless Chromium, and keep pictures; ENGINES= names some
	CHROMIUM=$$(scripts/chromium.sh) node scripts/presets.mjs $(ENGINES)

feel: setup-tests dist ## measure pointer to image, long tasks and layout shift in a headless Chromium
	CHROMIUM=$$(scripts/chromium.sh) node scripts/interaction.mjs

cold-load: setup-tests dist ## measure time and bytes of a first visit over a slow line
	CHROMIUM=$$(scripts/chromium.sh) node scripts/cold-load.mjs

mnist: ## pack public/mnist again from the IDX files in MNIST=folder
	$(HEADLESS) pack $(MNIST) public/mnist

FASHION := $(CACHE)/fashion-mnist

fashion-mnist: ## pack public/fashion-mnist again from Debian's package dataset-fashion-mnist, which is fetched
	mkdir -p $(FASHION)
	cd $(FASHION) && apt-get download dataset-fashion-mnist && dpkg-deb --extract dataset-fashion-mnist_*.deb .
	$(HEADLESS) pack --data fashion-mnist $(FASHION)/usr/share/datasets/fashion-mnist public/fashion-mnist

pretrained: ## train the decoders that the page shows first again, and their encoders: the tutorial's 20 epochs on each data set, a minute or two
	mkdir -p $(CACHE)
	for data in mnist fashion-mnist; do \
	  $(HEADLESS) train --seed 3 --data $$data --out $(CACHE)/pretrained.safetensors && \
	  $(HEADLESS) pack-pretrained $(CACHE)/pretrained.safetensors || exit 1; \
	done

# A lesson's model has the settings of its scene. The convolutions take most of the time.
LESSON := $(HEADLESS) train --seed 3 --no-moments
lessons: ## train the models of the lessons' scenes again, in public/lessons: a minute or two
	$(LESSON) --hidden 64 --lr 0.002 --steps 1400 --out public/lessons/code-size.safetensors
	$(LESSON) --hidden 64 --lr 0.002 --corruption gaussian0.4 --steps 1400 --out public/lessons/denoising.safetensors
	$(LESSON) --hidden 64 --lr 0.001 --batch 128 --variational 1 --activation relu --output sigmoid --loss bce-sum --steps 2800 \
	  --out public/lessons/variational.safetensors
	$(LESSON) --encoder conv8k3s2,conv16k3s2,dense16 --output sigmoid --lr 0.002 --steps 1000 --out public/lessons/convolution.safetensors

clean: ## remove what was built here (the tools stay in the cache)
	cargo clean
	rm -rf dist node_modules

setup: ## install the tools that this project needs
	@scripts/setup.sh $(TOOLS)

setup-tests:
	@scripts/setup.sh $(TOOLS) tests

setup-check:
	@scripts/setup.sh $(TOOLS) check

setup-code:
	@scripts/setup.sh $(TOOLS) code

setup-fuzz:
	@scripts/setup.sh $(TOOLS) fuzz

setup-deny:
	@scripts/setup.sh $(TOOLS) deny

setup-mpi:
	@scripts/setup.sh $(TOOLS) mpi

setup-servers:
	@scripts/setup.sh $(TOOLS) servers

setup-peers:
	@scripts/setup.sh $(TOOLS) peers
