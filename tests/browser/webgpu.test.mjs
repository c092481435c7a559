// The main job on the WebGPU engine: SwiftShader's, where there is no GPU, so it takes its time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, inWorkers, open, picture, press, start, state, until } from './harness.mjs';

const SLOW_MS = 300_000;
let host;
before(async () => { host = await start({ webgpu: true }); });
after(() => host.close());

test('an adapter in software counts as none unless it is asked for', async () => {
  const { page, close } = await open(host);
  const { engine } = await until(page, 'an engine', (now) => now.engine);
  const software = await page.evaluate(async () => (await navigator.gpu.requestAdapter()).info.isFallbackAdapter);
  assert.equal(engine, software ? 'cpu' : 'webgpu');
  await close();
});

test('twenty steps on WebGPU bring the loss down, without an error in the console', { timeout: SLOW_MS }, async () => {
  const { page, errors, close } = await open(host, '#engine=webgpu&seed=3');
  await press(page, 'Step');
  const first = await until(page, 'the first step', ({ phase, step }) => phase === 'paused' && step === 1, SLOW_MS);
  assert.equal(first.engine, 'webgpu');
  await press(page, 'Train');
  await until(page, 'twenty steps', ({ step }) => step >= 20, SLOW_MS);
  await press(page, 'Pause');
  const paused = await until(page, 'a pause', ({ phase }) => phase === 'paused', 30_000);
  assert.ok(paused.loss < 0.85 * first.loss, `${first.loss} -> ${paused.loss}`);
  assert.ok((await decoded(page)).some((shade) => shade > 0));
  await page.getByText('own compute passes').first().waitFor();
  await picture(page, 'webgpu');
  assert.deepEqual(errors, []);
  await close();

  // Same seed, same start: the engines begin with the same loss, up to rounding.
  const cpu = await open(host, '#engine=cpu&seed=3');
  await press(cpu.page, 'Step');
  const same = await until(cpu.page, 'the first step', ({ step }) => step === 1);
  assert.ok(Math.abs(same.loss - first.loss) < 1e-4 * first.loss, `${same.loss} and ${first.loss}`);
  await cpu.close();
});

test('where a pass does not compile the CPU trains, and the page says why', { timeout: SLOW_MS }, async () => {
  const spoil = `const make = GPUDevice.prototype.createShaderModule;
GPUDevice.prototype.createShaderModule = function (descriptor) {
  return make.call(this, descriptor.label.startsWith('Backward') ? { ...descriptor, code: 'spoiled' } : descriptor);
};`;
  const network = '#engine=webgpu&hidden=8&batch=32&images=512';
  const { page, close } = await open(host, network, {}, (page) => inWorkers(page, '**/webgpu_engine-*.worker.js', spoil));
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, SLOW_MS);
  assert.equal((await state(page)).engine, 'cpu');
  await page.getByRole('alert').getByText(/its GPU failed.*goes on/s).first().waitFor();
  await close();
});

const withoutTimestamps = () => {
  const features = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features').get;
  Object.defineProperty(GPUAdapter.prototype, 'features', {
    get() { return new Set([...features.call(this)].filter((name) => name !== 'timestamp-query')); },
  });
};

test('Burn trains the same network where it is chosen', { timeout: SLOW_MS }, async () => {
  const losses = {};
  for (const engine of ['burn', 'webgpu']) {
    const { page, errors, close } = await open(host, `#engine=${engine}&hidden=8&batch=32&images=512`);
    await press(page, 'Step');
    const { loss } = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, SLOW_MS);
    assert.equal((await state(page)).engine, engine);
    losses[engine] = loss;
    assert.deepEqual(errors, []);
    await close();
  }
  assert.ok(Math.abs(losses.burn - losses.webgpu) < 1e-4 * losses.webgpu, JSON.stringify(losses));
});

test('the passes need no optional feature of the GPU', { timeout: SLOW_MS }, async () => {
  const { page, errors, close } = await open(host, '#engine=webgpu&hidden=8&batch=32&images=512', {}, (page) => page.addInitScript(withoutTimestamps));
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, SLOW_MS);
  assert.equal((await state(page)).engine, 'webgpu');
  assert.deepEqual(errors, []);
  await close();
});

test('a GPU that Burn cannot start on is left alone, and the page says why', async () => {
  const { page, errors, close } = await open(host, '#engine=burn', {}, (page) => page.addInitScript(withoutTimestamps));
  const { engine } = await until(page, 'an engine', (now) => now.engine);
  assert.equal(engine, 'cpu');
  await page.getByText('timestamp-query').first().waitFor();
  await press(page, 'Step');
  await until(page, 'a step on the CPU', ({ step }) => step === 1);
  assert.deepEqual(errors, []);
  await close();
});

/** Has a worker's browser look for finished GPU work every 100 ms, and whenever something is submitted: as Firefox does. */
const lookRarely = `{
  const waiting = new Set();
  const look = () => waiting.forEach((one) => one.done_ms && waiting.delete(one) && one.report());
  setInterval(look, 100);
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (...commands) {
    submit.apply(this, commands);
    look();
  };
  for (const [{ prototype }, method] of [[GPUQueue, 'onSubmittedWorkDone'], [GPUBuffer, 'mapAsync']]) {
    const original = prototype[method];
    prototype[method] = async function (...given) {
      const one = {};
      const reported = new Promise((report) => { one.report = report; });
      waiting.add(one);
      await original.apply(this, given);
      one.done_ms = performance.now();
      await reported;
      if (method === 'mapAsync') console.debug('late', performance.now() - one.done_ms);
    };
  }
}`;

test('where finished work is looked for every 100 ms, losses do not wait for the next look', async (t) => {
  const late_ms = [];
  const { page, close } = await open(host, '#engine=webgpu&hidden=32&images=5120&epochs=5', {}, async (page) => {
    page.on('console', (message) => {
      const [, ms] = /^late (.*)/.exec(message.text()) ?? [];
      if (ms) late_ms.push(Number(ms));
    });
    await inWorkers(page, '**/webgpu_engine-*.worker.js', lookRarely);
  });
  t.after(close);
  await press(page, 'Train');
  await until(page, 'many readbacks', () => late_ms.length >= 12, 120_000);
  const [median] = late_ms.sort((a, b) => a - b).slice(Math.floor(late_ms.length / 2));
  t.diagnostic(`reported ${median.toFixed(1)} ms after its end, in the median of ${late_ms.length}`);
  // Without anything submitted meanwhile it would be 50 ms.
  assert.ok(median < 25, `${median} ms`);
});
