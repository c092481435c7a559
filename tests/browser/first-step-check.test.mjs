// A GPU that computes wrongly does so in silence: it is found out at the first step, and the CPU engine takes over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inWorkers, open, press, start, state, until, openGroup } from './harness.mjs';

const SLOW_MS = 90_000;
let host;
before(async () => { host = await start({ webgpu: true }); });
after(() => host.close());

const notice = (page, text) => page.getByRole('alert').filter({ hasText: text });

/** Has every shader of the worker that holds `right` compiled with `wrong` in its place, if it `isToBe` by then. */
const spoil = (right, wrong, isToBe = () => true) => {
  const spoiling = ([right, wrong]) => {
    const create = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      return create.call(this, { ...descriptor, code: descriptor.code.replaceAll(right, wrong) });
    };
  };
  const text = () => (isToBe() ? `(${spoiling})(${JSON.stringify([right, wrong])});` : '');
  return (page) => inWorkers(page, '**/webgpu_engine-*.worker.js', text);
};

// A small network: it is SwiftShader that trains.
const fragment = '#engine=webgpu&hidden=16&batch=32&images=5120&epochs=1000&seed=3';

test('a wrong loss hands the run to the CPU before anyone sees a step of it', { timeout: 3 * SLOW_MS }, async (t) => {
  // As if a driver took the images' bytes for signed ones.
  const { page, close } = await open(host, fragment, {}, spoil('unpack4x8unorm', 'unpack4x8snorm'));
  t.after(close);
  const shown = new Set();
  await page.exposeFunction('shown', (loss) => shown.add(loss));
  await page.evaluate(() => {
    const { dataset } = document.querySelector('#run-state');
    const look = () => globalThis.shown(dataset.engine + dataset.loss);
    new MutationObserver(look).observe(document.querySelector('#run-state'), { attributes: true });
  });
  await press(page, 'Train');
  await notice(page, /The GPU computed a wrong result \(loss 0\.\d{4} instead of 0\.\d{4}\): the CPU engine goes on from the beginning of the run\./).waitFor({ timeout: 3 * SLOW_MS });
  const on = await until(page, 'training', ({ phase, step }) => phase === 'training' && step > 50);
  assert.equal(on.engine, 'cpu');
  assert.ok(on.loss < 0.15, `${on.loss}`);
  // No loss was ever shown of the GPU.
  assert.deepEqual([...shown].filter((loss) => /^webgpu./.test(loss)), []);
  assert.equal(await page.getByLabel('Engine', { exact: true }).inputValue(), 'cpu');

  // Not even a new run tries the GPU again by itself, but who chooses it gets it: and the same answer.
  await press(page, 'Pause');
  await press(page, 'Reset');
  assert.equal((await state(page)).engine, 'cpu');
  await openGroup(page, 'More settings');
  await page.getByLabel('Engine', { exact: true }).selectOption('webgpu');
  await until(page, 'the choice', ({ engine }) => engine === 'webgpu');
  await press(page, 'Step');
  await notice(page, 'The GPU computed a wrong result').waitFor({ timeout: 3 * SLOW_MS });
  const step = await until(page, 'the step', ({ phase, step }) => phase === 'paused' && step === 1);
  assert.equal(step.engine, 'cpu');
});

test('a wrong step is found out although its loss is right, and the run goes on from its checkpoint', { timeout: 3 * SLOW_MS }, async (t) => {
  let workers = 0;
  // Adam going uphill, but only in the second worker, as if the driver had been replaced by then.
  const { page, close } = await open(host, fragment, {}, spoil('step.rate', '-step.rate', () => (workers += 1) > 1));
  t.after(close);
  await press(page, 'Train');
  await until(page, 'steps on the GPU', ({ engine, step }) => engine === 'webgpu' && step > 3, SLOW_MS);
  await press(page, 'Pause');
  const { kept } = await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
  for (const worker of page.workers()) {
    await worker.evaluate(() => self.name.startsWith('trainer') && setTimeout(() => { throw new Error('unreachable executed'); }));
  }
  await notice(page, `The run is kept at step ${kept}.`).waitFor();
  await press(page, 'Train');
  const sentence = `The GPU computed a wrong result (a step that leads elsewhere than the CPU's): the CPU engine goes on from step ${kept}.`;
  await notice(page, sentence).waitFor({ timeout: 3 * SLOW_MS });
  const on = await until(page, 'training', ({ phase, step }) => phase === 'training' && step > kept + 50);
  assert.equal(on.engine, 'cpu');
  await page.getByRole('img', { name: `Another engine took over after step ${kept}.` }).waitFor({ state: 'attached' });
});
