// The programs of `headless code`, run from a model that the page could have saved, in file order: their losses are those of
// `headless train`. `make test-code` runs this.
//
// Where training draws random numbers, both sides read the same ones from a file. The programs themselves draw their own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { read, write } from './safetensors.mjs';

const { HEADLESS, KERAS_PYTHON, PYTORCH_PYTHON, CODE_FOLDER } = process.env;
const root = new URL('../..', import.meta.url).pathname;
const here = (file) => join(root, 'tests/code', file);
const [BATCH, IMAGES, EPOCHS] = [32, 116, 20];
const STEPS_PER_EPOCH = Math.ceil(IMAGES / BATCH);
const STEPS = STEPS_PER_EPOCH * EPOCHS;
const TEST_IMAGES = 256;

const run = `batch=${BATCH}&images=${IMAGES}&epochs=${EPOCHS}`;
// The models of the menu (crates/core/src/model/presets.rs), and two with what these lack. `noise` names the random numbers that
// a model draws, and how many for an image.
const vae = 'activation=relu&output=sigmoid&loss=bce-sum&lr=0.001&variational=1';
const MODELS = {
  tutorial: { link: 'lr=0.0005' },
  deep: { link: 'hidden=512,128' },
  more_codes: { link: 'code=8' },
  convolutional: { link: 'encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid' },
  variational_dense: { link: `hidden=512&${vae}`, noise: { eps: 2 } },
  variational_convolutional: { link: `encoder=conv32k3s2,conv64k3s2,dense16&${vae}`, noise: { eps: 2 } },
  denoising: { link: 'corruption=gaussian0.4', noise: { corruption: 784 } },
  dropout: { link: 'encoder=dense300,dropout0.2', noise: { encoder_dropout_1: 300 } },
  rare: {
    link: 'encoder=conv6k1s2,conv5k4s2,conv4k5s1&code=3&code-activation=linear&activation=tanh&output=sigmoid&loss=bce'
      + '&corruption=masking0.3&lr=0.002,0.0005@30',
    noise: { corruption: 784 },
  },
  own_images: { link: 'hidden=20&loss=mse-sum&output=sigmoid', isOwn: true },
};

/** Numbers that are the same in every run (Park and Miller's generator). */
function random(seed) {
  let state = seed;
  return () => (state = state * 48271 % 2147483647) / 2147483647;
}

/** Random numbers for all steps, as `headless train --noise` reads them. */
function noiseFile(names, fractions) {
  const uniform = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return write(Object.fromEntries(Object.entries(names).map(([name, width]) => {
    const fraction = fractions[name];
    const next = fraction === undefined ? normal : () => Number(uniform() >= fraction);
    return [name, { shape: [STEPS, BATCH, width], values: Float32Array.from({ length: STEPS * BATCH * width }, next) }];
  })));
}

/** The first images of one of MNIST's sets, one byte a pixel. */
function pixels(set, count) {
  const shards = readFileSync(join(root, 'public/mnist/manifest.txt'), 'utf8').split('\n')
    .filter((line) => line.startsWith(`${set}-images `)).slice(0, 2).map((line) => line.split(' ')[1]);
  const all = Buffer.concat(shards.map((shard) => gunzipSync(readFileSync(join(root, 'public/mnist', shard)))));
  return all.subarray(0, count * 784);
}

/** An IDX file of images, or of labels that nobody reads. */
function idx(bytes, ...shape) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  [0x800 + shape.length, ...shape].forEach((number, at) => header.writeUInt32BE(number, 4 * at));
  return Buffer.concat([header, bytes]);
}

const headless = (...args) => execFileSync(HEADLESS, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });

/** The mean loss of each epoch, from lines of JSON with the loss of each step. */
function epochLosses(lines) {
  const losses = lines.trim().split('\n').map((line) => JSON.parse(line)).filter((line) => 'step' in line);
  assert.equal(losses.length, STEPS);
  return Array.from({ length: EPOCHS }, (_, epoch) => {
    const steps = losses.slice(epoch * STEPS_PER_EPOCH, (epoch + 1) * STEPS_PER_EPOCH);
    const images = steps.map((_, step) => Math.min(BATCH, IMAGES - step * BATCH));
    return steps.reduce((sum, { loss }, step) => sum + loss * images[step], 0) / IMAGES;
  });
}

/** The losses that a program prints, an epoch a line. */
const printed = (text) => [...text.matchAll(/^epoch \d+: loss (\S+), validation loss (\S+)$/gm)].map(([, loss]) => Number(loss));

const set = join(CODE_FOLDER, 'images.zip');
let data;

/** Makes a small set of MNIST's images, so that a validation takes no time. An import has an order of its own. */
function makeSet() {
  const folder = join(CODE_FOLDER, 'given');
  mkdirSync(folder, { recursive: true });
  for (const [kind, file, count] of [['train', 'train-images-idx3-ubyte', IMAGES], ['test', 't10k-images-idx3-ubyte', TEST_IMAGES]]) {
    writeFileSync(join(folder, file), idx(pixels(kind, count), count, 28, 28));
  }
  data = /own-\S+/.exec(headless('import', folder, '--out', set))[0];
  execFileSync(KERAS_PYTHON, ['-m', 'zipfile', '-e', set, join(CODE_FOLDER, 'set')]);
}

/** Puts the set's images where a program looks for them. */
function placeImages(folder) {
  const raw = join(folder, 'data/MNIST/raw');
  mkdirSync(raw, { recursive: true });
  cpSync(set, join(folder, 'images.zip'));
  for (const [kind, name, count] of [['train', 'train', IMAGES], ['test', 't10k', TEST_IMAGES]]) {
    const bytes = gunzipSync(readFileSync(join(CODE_FOLDER, `set/${kind}-images-000.gz`)));
    const images = idx(bytes, count, 28, 28);
    writeFileSync(join(raw, `${name}-images-idx3-ubyte`), images);
    writeFileSync(join(folder, `data/${name}-images-idx3-ubyte.gz`), gzipSync(images));
    // torchvision looks for the files of labels, too.
    writeFileSync(join(raw, `${name}-labels-idx1-ubyte`), idx(Buffer.alloc(count), count));
  }
}

/** The model's folder: images, a model that was trained a little, its random numbers, and the losses of `headless`. */
function prepare(name) {
  const { link, noise, isOwn } = MODELS[name];
  const folder = join(CODE_FOLDER, name);
  placeImages(folder);
  const model = join(folder, 'model.safetensors');
  headless('train', '--data', set, '--model', `${link}&batch=16&epochs=3&seed=5`, '--out', model, '--json');
  // The programs' Adam starts anew, and so does that of a model which has done no steps.
  const { notes, tensors } = read(readFileSync(model));
  const weights = Object.entries(tensors).filter(([tensor]) => /^(en|de)coder_/.test(tensor));
  const start = join(folder, 'start.safetensors');
  writeFileSync(start, write(Object.fromEntries(weights), { ...notes, 'latent_playground.steps': '0' }));
  const masks = { encoder_dropout_1: 0.2, ...(link.includes('masking') ? { corruption: 0.3 } : {}) };
  const noisePath = join(folder, 'noise.safetensors');
  if (noise) writeFileSync(noisePath, noiseFile(noise, masks));
  const drawn = noise ? ['--noise', noisePath] : [];
  const lines = headless('train', '--data', set, '--model', `${link}&${run}`, '--init', start, '--no-shuffle', '--log-steps', ...drawn);
  const images = isOwn ? `data=${data}&` : '';
  const program = (dialect) => headless('code', '--dialect', dialect, '--model', `${images}${link}&${run}&shuffle=0`);
  return { folder, losses: epochLosses(lines), program, noise: noise ? noisePath : '-' };
}

/** Whether a program's losses are those of `headless`, but for 1e-4 of each. */
function agree(losses, output) {
  const found = printed(output);
  assert.equal(found.length, EPOCHS, output);
  const worst = Math.max(...found.map((loss, epoch) => Math.abs(loss / losses[epoch] - 1)));
  assert.ok(worst < 1e-4, `${worst}: ${found} instead of ${losses}`);
  return worst;
}

const prepared = {};
before(() => {
  makeSet();
  for (const name of Object.keys(MODELS)) prepared[name] = prepare(name);
});

for (const [dialect, python, environment] of [
  ['keras', KERAS_PYTHON, { KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' }], ['pytorch', PYTORCH_PYTHON, {}],
]) {
  for (const name of Object.keys(MODELS)) {
    test(`${dialect} trains ${name} with the losses of headless`, (context) => {
      const { folder, losses, program, noise } = prepared[name];
      const file = join(folder, `${dialect}_autoencoder.py`);
      writeFileSync(file, program(dialect));
      const { stdout, stderr, status } = spawnSync(python, [here('run.py'), file, noise], {
        cwd: folder, encoding: 'utf8', env: { ...process.env, ...environment },
      });
      assert.equal(status, 0, stderr);
      context.diagnostic(`largest difference ${agree(losses, stdout).toExponential(1)}`);
    });
  }
}

// All programs in one crate, so that their dependencies are compiled once.
const crate = join(CODE_FOLDER, 'burn');

/** A program whose random numbers come from the file. */
function withDraws(program) {
  const rate = /encoder_dropout_1: DropoutConfig::new\(([^)]*)\)/.exec(program)?.[1];
  return program
    .replaceAll('images.random_like(Distribution::Normal(0.0, 1.0))', 'draws::next("corruption", &images)')
    .replaceAll('images.random_like(Distribution::Uniform(0.0, 1.0))', 'draws::next("corruption", &images)')
    .replaceAll('mean.random_like(Distribution::Normal(0.0, 1.0))', 'draws::next("eps", &mean)')
    .replaceAll('self.encoder_dropout_1.forward(x)', `draws::dropout(x, "encoder_dropout_1", ${rate})`)
    + readFileSync(here('burn_draws.rs'), 'utf8');
}

test('the programs for Burn compile as they are, without warnings', { timeout: 3_600_000 }, () => {
  mkdirSync(join(crate, 'src/bin'), { recursive: true });
  cpSync(here('burn.toml'), join(crate, 'Cargo.toml'));
  cpSync(join(root, 'Cargo.lock'), join(crate, 'Cargo.lock'));
  for (const name of Object.keys(MODELS)) {
    const text = prepared[name].program('burn');
    writeFileSync(join(crate, `src/bin/${name}.rs`), text);
    writeFileSync(join(crate, `src/bin/${name}_with_draws.rs`), `#![allow(unused)]\n${withDraws(text)}`);
  }
  const { stderr, status } = spawnSync('cargo', ['build', '--bins'], {
    cwd: crate, encoding: 'utf8', env: { ...process.env, CARGO_TARGET_DIR: join(CODE_FOLDER, 'target') }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /^warning/m);
});

for (const name of Object.keys(MODELS)) {
  test(`burn trains ${name} with the losses of headless`, (context) => {
    const { folder, losses } = prepared[name];
    const stdout = execFileSync(join(CODE_FOLDER, `target/debug/${name}_with_draws`), { cwd: folder, encoding: 'utf8' });
    context.diagnostic(`largest difference ${agree(losses, stdout).toExponential(1)}`);
  });
}
