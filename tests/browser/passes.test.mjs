// What the WebGPU engine asks of the device, counted by wrapping the API in its worker: nothing is made once a run is
// warm, a step has as many dispatches as its schedule says, a chunk of steps is one submission and one readback.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, inWorkers, open, press, start, state, until } from './harness.mjs';

const SLOW_MS = 300_000;

/** Runs in the worker before the engine. Host time is from a chunk's first command to the end of its submission. */
function count() {
  const counts = { bindGroups: 0, buffers: 0, pipelines: 0, dispatches: 0, chunks: 0, submits: 0, readbacks: 0 };
  globalThis.hostTimes_ms = [];
  globalThis.counts = counts;
  const computing = new WeakSet();
  let began;
  const wrap = (type, method, before, after = () => {}) => {
    const original = type.prototype[method];
    type.prototype[method] = function (...args) {
      before(args, this);
      const result = original.apply(this, args);
      after(result, this, args);
      return result;
    };
  };
  wrap(GPUDevice, 'createBindGroup', () => { counts.bindGroups += 1; });
  wrap(GPUDevice, 'createBuffer', () => { counts.buffers += 1; });
  wrap(GPUDevice, 'createComputePipeline', () => { counts.pipelines += 1; });
  wrap(GPUComputePassEncoder, 'dispatchWorkgroups', () => { counts.dispatches += 1; });
  wrap(GPUCommandEncoder, 'beginComputePass', (_, encoder) => computing.add(encoder));
  wrap(GPUCommandEncoder, 'finish', () => {}, (commands, encoder) => computing.has(encoder) && computing.add(commands));
  wrap(GPUBuffer, 'mapAsync', () => { counts.readbacks += 1; });
  wrap(GPUDevice, 'createCommandEncoder', () => { began = performance.now(); });
  wrap(GPUQueue, 'submit', () => { counts.submits += 1; }, (_, __, [commands]) => {
    if (![...commands].some((one) => computing.has(one))) return;
    counts.chunks += 1;
    globalThis.hostTimes_ms.push(performance.now() - began);
  });
}

const counting = (page) => inWorkers(page, '**/webgpu_engine-*.worker.js', `(${count})();`);

// A network of dense layers, small so that chunks are long in software too, and the convolutional preset.
for (const [name, link, dispatches, steps] of [
  ['dense', 'hidden=20&batch=16', 10, 300],
  ['convolutional', 'encoder=conv8k3s2,conv16k3s2&batch=8', 18, 24],
]) {
  test(`a warm run makes nothing, and a chunk of steps is one submission and one readback: ${name}`, { timeout: SLOW_MS }, (t) =>
    makesNothing(t, link, dispatches, steps));
}

async function makesNothing(t, link, dispatches, steps) {
  const host = await start({ webgpu: true });
  t.after(() => host.close());
  const { page, errors, close } = await open(host, `#engine=webgpu&${link}&epochs=50`, {}, counting);
  const inTrainer = async (what) => {
    for (const worker of page.workers()) {
      const value = await worker.evaluate(what);
      if (value) return value;
    }
    throw new Error('no worker counts');
  };
  const paused = async () => {
    await press(page, 'Pause');
    await until(page, 'a pause', ({ phase }) => phase === 'paused', SLOW_MS);
    // The pause's weights are read after it is told: until nothing is counted any more.
    let before;
    const counts = await eventually('the end of the reading', async () => {
      const last = before;
      before = await inTrainer(() => globalThis.counts);
      await page.waitForTimeout(500);
      return { before, isOver: JSON.stringify(last) === JSON.stringify(before) };
    }, ({ isOver }) => isOver);
    return { ...counts.before, steps: (await state(page)).step };
  };
  const trained = async (more) => {
    const { step = 0 } = await state(page);
    await press(page, 'Train');
    await until(page, 'steps', (now) => now.step >= step + more, SLOW_MS);
  };
  await trained(steps / 2);
  const before = await paused();
  await trained(steps);
  const after = await paused();
  const between = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
  const hostTimes_ms = (await inTrainer(() => globalThis.hostTimes_ms)).slice(-between.chunks).sort((a, b) => a - b);
  const median_ms = hostTimes_ms[hostTimes_ms.length >> 1];
  console.log(JSON.stringify(between), `host time a chunk: median ${median_ms.toFixed(2)} ms, least ${hostTimes_ms[0].toFixed(2)}`);
  assert.deepEqual([between.bindGroups, between.buffers, between.pipelines], [0, 0, 0]);
  assert.equal(between.dispatches, dispatches * between.steps);
  assert.ok(between.chunks <= between.steps);
  // Those that are no chunks bring weights for the page.
  assert.equal(between.readbacks, between.submits);
  assert.deepEqual(errors, []);
  await close();
}
