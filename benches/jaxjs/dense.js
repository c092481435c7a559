// Trains dense autoencoders in jax-js, for comparison with the engines: plain, variational, and denoising. The address has the
// backend, and behind # the model as a link of this project: /?backend=wasm#hidden=512,128.
//
// A measuring program finds globalThis.aeBench, as in web/bench.js. It serves the pixels of MNIST at /data/train?count=N, and for
// `parity` the tutorial's first weights at /fixture.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, random, valueAndGrad } from '@jax-js/jax';
import { modelOf, weightShapes } from './model.js';

const VALUES = 784;
const SLOPE = 0.3;
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-7];
/** Where a step's random numbers come from: jax-js within the step, or JavaScript before it. */
const SOURCES = ['random numbers by jax-js', 'random numbers by JavaScript'];

const model = modelOf(location.hash.slice(1));
const ACTIVATIONS = {
  'leaky-relu': (z) => nn.leakyRelu(z, SLOPE),
  relu: (z) => nn.relu(z),
  sigmoid: (z) => nn.sigmoid(z),
};
const activate = ACTIVATIONS[model.activation];

/** A dense layer without its activation. Arrays of jax-js are used up by what takes them. */
const dense = (parameters, layer, x) => np.dot(x, parameters[2 * layer]).add(parameters[2 * layer + 1]);

function chain(parameters, layers, x) {
  return layers.reduce((x, layer) => activate(dense(parameters, layer, x)), x);
}

/** The code's mean, and of a variational model the logarithm of its variance. */
function encode(parameters, x) {
  const hidden = chain(parameters, model.layers.encoder, x);
  const [mean, logVariance] = model.layers.code;
  if (!model.isVariational) return [activate(dense(parameters, mean, hidden))];
  return [dense(parameters, mean, hidden.ref), dense(parameters, logVariance, hidden)];
}

/** The loss of a batch. `noise` is normally distributed: by the pixels, or by the code. */
function lossOf(parameters, x, noise) {
  const input = model.deviation ? np.clip(x.ref.add(noise.mul(model.deviation)), 0, 1) : x.ref;
  const [mean, logVariance] = encode(parameters, input);
  const code = model.isVariational ? mean.ref.add(np.exp(logVariance.ref.mul(0.5)).mul(noise)) : mean;
  const a = dense(parameters, model.layers.output, chain(parameters, model.layers.decoder, code));
  if (!model.isCrossEntropy) return np.mean(np.square(ACTIVATIONS[model.output](a).sub(x)));
  const losses = np.maximum(a.ref, 0).sub(a.ref.mul(x)).add(np.log(np.exp(np.abs(a).mul(-1)).add(1)));
  const loss = np.sum(losses).div(model.batch);
  if (!model.isVariational) return loss;
  const divergence = np.sum(np.square(mean).add(np.exp(logVariance.ref)).sub(logVariance).sub(1));
  return loss.add(divergence.mul(0.5 / model.batch));
}

/** A step of Adam in Keras' form, whose size is `rate`. */
function update({ parameters, means, squares }, gradients, rate) {
  const newMeans = means.map((mean, at) => mean.mul(BETA_1).add(gradients[at].ref.mul(1 - BETA_1)));
  const newSquares = squares.map((square, at) => square.mul(BETA_2).add(np.square(gradients[at]).mul(1 - BETA_2)));
  const change = (at) => newMeans[at].ref.mul(rate.ref).div(np.sqrt(newSquares[at].ref).add(EPSILON));
  const newParameters = parameters.map((parameter, at) => parameter.sub(change(at)));
  rate.dispose();
  return { parameters: newParameters, means: newMeans, squares: newSquares };
}

function trained(state, x, rate, noise) {
  const parameters = state.parameters.map((parameter) => parameter.ref);
  const [loss, gradients] = noise
    ? valueAndGrad(lossOf)(parameters, x, noise)
    : valueAndGrad((parameters, x) => lossOf(parameters, x))(parameters, x);
  return [loss, update(state, gradients, rate)];
}

const noiseShape = [model.batch, model.deviation ? VALUES : model.code];
const isRandom = model.isVariational || model.deviation > 0;
const STEPS = {
  plain: jit((state, x, rate) => trained(state, x, rate)),
  [SOURCES[0]]: jit((state, x, rate, seed) => trained(state, x, rate, random.normal(random.key(seed), noiseShape))),
  [SOURCES[1]]: jit((state, x, rate, noise) => trained(state, x, rate, noise)),
};
const codes = jit((parameters, x) => encode(parameters, x)[0]);

/** Normally distributed numbers: both of each pair that the method of Box and Muller gives. */
function gaussian(count) {
  const numbers = new Float32Array(count);
  for (let at = 0; at < count; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 2 * Math.PI * Math.random();
    numbers[at] = radius * Math.cos(angle);
    if (at + 1 < count) numbers[at + 1] = radius * Math.sin(angle);
  }
  return numbers;
}

class Trainer {
  /** Starts from weights, or from Glorot's. */
  constructor(weights) {
    const glorot = ([inputs, outputs]) => {
      const limit = Math.sqrt(6 / (inputs + outputs));
      return Float32Array.from({ length: inputs * outputs }, () => limit * (2 * Math.random() - 1));
    };
    const shapes = weightShapes(model);
    const values = weights ?? shapes.map((shape) => (shape.length === 2 ? glorot(shape) : new Float32Array(shape[0])));
    const zeros = () => shapes.map((shape) => np.zeros(shape));
    const parameters = values.map((values, at) => np.array(values).reshape(shapes[at]));
    this.state = { parameters, means: zeros(), squares: zeros() };
    this.steps = 0;
  }

  /** Trains on a batch. Gives its loss, which is not waited for. */
  step(mode, x) {
    this.steps += 1;
    const rate = np.array(model.rate * Math.sqrt(1 - BETA_2 ** this.steps) / (1 - BETA_1 ** this.steps));
    const more = {
      plain: () => [],
      [SOURCES[0]]: () => [np.array(new Uint32Array([this.steps]), { dtype: np.uint32 }).reshape([])],
      [SOURCES[1]]: () => [np.array(gaussian(noiseShape[0] * noiseShape[1])).reshape(noiseShape)],
    };
    let loss;
    [loss, this.state] = STEPS[mode](this.state, x, rate, ...more[mode]());
    return loss;
  }

  codes(x) {
    const parameters = this.state.parameters.slice(0, 2 * (model.layers.encoder.length + 1));
    return codes(parameters.map((parameter) => parameter.ref), x).jsAsync();
  }
}

let pixels;
let count;
let trainer;
let batches = 0;

async function images(name, count) {
  const bytes = new Uint8Array(await (await fetch(`/data/${name}?count=${count}`)).arrayBuffer());
  return np.array(Float32Array.from(bytes, (byte) => byte / 255)).reshape([count, VALUES]);
}

async function load(wanted) {
  pixels?.dispose();
  count = wanted;
  pixels = await images('train', count);
}

/** Images in the order of the file, by their numbers: a slice at a constant place would be compiled for each batch. */
function batch(number) {
  const first = (number % Math.floor(count / model.batch)) * model.batch;
  const order = Int32Array.from({ length: model.batch }, (_, at) => first + at);
  return pixels.ref.slice(np.array(order, { dtype: np.int32 }));
}

async function train(mode, steps) {
  await blockUntilReady(trainer.state.parameters);
  const began = performance.now();
  let loss;
  for (let step = 0; step < steps; step += 1) {
    loss?.dispose();
    loss = trainer.step(mode, batch(batches));
    batches += 1;
  }
  loss = await loss.jsAsync();
  await blockUntilReady(trainer.state.parameters);
  return { ms: performance.now() - began, steps, loss };
}

/** The losses of the first steps from the fixture's weights, in the order of the file, and codes before and after. */
async function parity(steps) {
  const { weights } = await (await fetch('/fixture/fixture.json')).json();
  const file = await (await fetch(`/fixture/${weights.file}`)).arrayBuffer();
  const size = (shape) => shape.reduce((product, length) => product * length);
  const own = new Trainer(weights.tensors.map(({ shape, byte_offset }) => new Float32Array(file, byte_offset, size(shape))));
  const test = await images('t10k', 16);
  const codes_before = await own.codes(test.ref);
  const loss = [];
  for (let step = 0; step < steps; step += 1) loss.push(await own.step('plain', batch(step)).jsAsync());
  return { loss, codes_before, codes_after: await own.codes(test) };
}

async function start() {
  const backend = new URLSearchParams(location.search).get('backend');
  await init(backend);
  defaultDevice(backend);
  await load(20 * model.batch);
  trainer = new Trainer();
  const modes = isRandom ? SOURCES : ['plain'];
  const first_loss = await trainer.step(modes[0], batch(0)).jsAsync();
  return { library: 'jax-js', backend, batch: model.batch, modes, first_loss, first_step_ms: performance.now() };
}

globalThis.aeBench = { ready: start(), load, train, ...(!isRandom && { parity }) };
