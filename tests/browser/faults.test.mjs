// Engines that die, hang or diverge: the work goes on from the newest checkpoint, and the person is told.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { decoded, download, eventually, inWorkers, open, otherDigit, picture, planeIsOf, press, slow, start, state, table, until } from './harness.mjs';

let host;
before(async () => { host = await start({ webgpu: true }); });
after(() => host.close());

/** The worker of this role among the page's. */
async function workerOf(page, role) {
  for (const worker of page.workers()) if (await worker.evaluate(() => self.name).then((name) => name.startsWith(role))) return worker;
  throw new Error(`there is no ${role}`);
}
const trainer = (page) => workerOf(page, 'trainer');
const notice = (page, text) => page.getByRole('alert').filter({ hasText: text });

/** Has the trainer die as a panic does: an error that nobody catches. */
const kill = async (page, role = 'trainer') => (await workerOf(page, role)).evaluate(() => {
  setTimeout(() => { throw new Error('unreachable executed'); });
});

/** Trains, pauses after some steps, and gives the checkpoint's step. */
async function trainAWhile(page, steps) {
  await press(page, 'Train');
  await until(page, `${steps} steps`, ({ step }) => step >= steps, 60_000);
  await press(page, 'Pause');
  const { kept } = await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
  return kept;
}

test('a run whose engine dies goes on from the checkpoint to the losses of the unbroken run', async (t) => {
  const fragment = '#engine=cpu&seed=5&images=5120&epochs=8';
  const whole = await open(host, fragment);
  t.after(whole.close);
  await press(whole.page, 'Train');
  await until(whole.page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  const expected = await table(whole.page, 'Losses as CSV');

  const { page, close } = await open(host, fragment);
  t.after(close);
  const kept = await trainAWhile(page, 30);
  await press(page, 'Train');
  const before = await until(page, 'more steps', ({ step }) => step > kept + 10);
  const killed = Date.now();
  await kill(page);
  await notice(page, `The CPU engine stopped: it stopped with an internal error. Another one goes on from step ${kept}.`).waitFor();
  const noticed_ms = Date.now() - killed;
  await until(page, 'training again', ({ phase, step }) => phase === 'training' && step > kept);
  const again_ms = Date.now() - killed;
  console.log(`noticed after ${noticed_ms} ms, training again after ${again_ms} ms, ${before.step - kept} steps trained again`);
  assert.ok(noticed_ms < 2_000 && again_ms < 5_000);
  await page.getByRole('img', { name: `Another engine took over after step ${kept}.` }).waitFor({ state: 'attached' });
  await page.getByText('another engine took over').waitFor();
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.deepEqual(await table(page, 'Losses as CSV'), expected);
  await picture(page, 'fault');
});

test('an engine that dies at rest leaves a model that can be saved and trained', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=50');
  t.after(close);
  const kept = await trainAWhile(page, 5);
  await kill(page);
  await notice(page, `The run is kept at step ${kept}.`).waitFor();
  assert.equal((await state(page)).phase, 'paused');
  const { name } = await download(page, () => press(page, 'Save model'));
  assert.match(name, new RegExp(`step-${kept}.safetensors`));
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > kept);
});

test('an engine that dies again and again is given up, and can be tried again', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  const kept = await trainAWhile(page, 3);
  await press(page, 'Train');
  for (let death = 1; death <= 3; death += 1) {
    await until(page, `steps before death ${death}`, ({ phase, step }) => phase === 'training' && step > kept);
    await kill(page);
    await notice(page, death < 3 ? 'Another one goes on' : 'three times in a row').waitFor();
    if (death < 3) await until(page, 'a new worker', ({ phase }) => phase !== 'training');
  }
  await notice(page, `The run is kept at step ${kept}: Train tries again.`).waitFor();
  assert.equal(await page.getByRole('alert').count(), 1);
  assert.equal((await state(page)).phase, 'paused');
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > kept);
});

test('an engine that hangs is replaced within 12 seconds', { timeout: 240_000 }, async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  const kept = await trainAWhile(page, 5);
  await press(page, 'Train');
  // Not while it waits for data: that may take longer.
  await until(page, 'all the data', ({ phase, validationLoss, step }) => phase === 'training' && validationLoss && step > kept + 30);
  const hung = Date.now();
  (await trainer(page)).evaluate(() => { for (;;); }).catch(() => {});
  await notice(page, 'it stopped responding').waitFor({ timeout: 20_000 });
  const noticed_ms = Date.now() - hung;
  await until(page, 'training again', ({ phase, step }) => phase === 'training' && step > kept);
  console.log(`noticed after ${noticed_ms} ms, training again after ${Date.now() - hung} ms`);
  assert.ok(noticed_ms < 12_500);
});

slow('while training a checkpoint is made every ten seconds, and costs the page no long task', { timeout: 60_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1000');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'training', ({ step }) => step > 20);
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: 'longtask' });
  });
  const first = await until(page, 'a checkpoint', ({ kept }) => kept > 0, 15_000);
  const second = await until(page, 'another', ({ kept }) => kept > first.kept, 15_000);
  assert.equal(second.phase, 'training');
  console.log(`longest task of the page: ${await page.evaluate(() => globalThis.longest)} ms`);
  assert.deepEqual(errors, []);
});

test('a loss that explodes gives the last good model back, from which a smaller rate goes on', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  const kept = await trainAWhile(page, 10);
  const rate = page.getByLabel('Learning rate', { exact: true });
  await rate.fill('10');
  await rate.press('Enter');
  await press(page, 'Train');
  await until(page, 'the failure', ({ phase }) => phase === 'failed', 60_000);
  await notice(page, 'try a smaller learning rate').waitFor();
  const back = await state(page);
  // Nothing has to be taken back, and nothing is said of that, where the first steps explode.
  assert.ok(back.step >= kept && back.step === back.kept && back.loss < 1, JSON.stringify(back));
  await download(page, () => press(page, 'Save model'));
  await rate.fill('0.0005');
  await rate.press('Enter');
  await press(page, 'Try again');
  const on = await until(page, 'more steps', ({ phase, step }) => phase === 'training' && step > back.step + 5);
  assert.ok(Number.isFinite(on.loss));
});

test('an explorer that dies is replaced, and the plane is as it was', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000&z=0.5,-0.5');
  t.after(close);
  const kept = await trainAWhile(page, 30);
  const plane = page.locator('#latent-plane[data-digits="2000"][data-map="20"]');
  await plane.waitFor();
  await planeIsOf(page, kept);
  const seen = async () => ({ digit: await decoded(page), codes: await table(page, 'Codes as CSV') });
  const before = await seen();
  await kill(page, 'explorer');
  await notice(page, 'The latent plane stopped: it stopped with an internal error. Another worker draws it now.').waitFor();
  await page.waitForTimeout(1_500);
  await plane.waitFor();
  await eventually('the plane as it was', seen, (now) => isDeepStrictEqual(now, before));
  // It answers to whoever drags, and to the trainer.
  await page.locator('#latent-plane').click({ position: { x: 80, y: 80 } });
  await otherDigit(page, before.digit);
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > 100);
  await eventually('other codes', () => table(page, 'Codes as CSV'), (codes) => !isDeepStrictEqual(codes, before.codes));
});

test('an explorer that dies again and again is given up, and training goes on without it', async (t) => {
  // As if something that the page has shown broke it: each dies before it can answer.
  const dying = (page) => page.route('**/cpu_engine-*.worker.js', async (route) => {
    const response = await route.fetch();
    const die = "\nif (self.name === 'explorer') setTimeout(() => { throw new Error('unreachable executed'); });";
    await route.fulfill({ response, body: await response.text() + die });
  });
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000', {}, dying);
  t.after(close);
  await notice(page, 'The latent plane stopped three times in a row: it stopped with an internal error.').waitFor();
  await page.waitForTimeout(1_000);
  await eventually('no worker', () => page.workers().length, (count) => count === 0);
  await press(page, 'Train');
  await until(page, 'steps', ({ phase, step }) => phase === 'training' && step > 10);
});

// The device is lost as when a driver restarts: collected in the worker before the engine makes it.
const collect = `globalThis.devices = [];
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...options) {
  const device = await request.apply(this, options);
  globalThis.devices.push(device);
  return device;
};
`;
const collecting = (page) => inWorkers(page, '**/webgpu_engine-*.worker.js', collect);
const lose = async (page) => (await trainer(page)).evaluate(() => {
  for (const device of globalThis.devices) device.destroy();
});

test('a lost GPU is replaced, and after three losses the CPU engine goes on', { timeout: 400_000 }, async (t) => {
  const { page, close } = await open(host, '#engine=webgpu&seed=5&images=5120&epochs=50', {}, collecting);
  t.after(close);
  const SLOW_MS = 200_000;
  await press(page, 'Step');
  const first = await until(page, 'a checkpoint', ({ phase, kept }) => phase === 'paused' && kept === 1, SLOW_MS);
  assert.equal(first.engine, 'webgpu');
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > 4, SLOW_MS);
  for (let loss = 1; loss <= 3; loss += 1) {
    const { kept } = await until(page, `steps before loss ${loss}`, ({ phase, step }) => phase === 'training' && step > 2, SLOW_MS);
    const lost = Date.now();
    await lose(page);
    await notice(page, loss < 3 ? `Another one goes on from step` : 'The CPU engine goes on from step').waitFor();
    const noticed_ms = Date.now() - lost;
    if (loss < 3) await until(page, 'a new worker', ({ phase }) => phase !== 'training');
    await until(page, 'training again', ({ phase, step }) => phase === 'training' && step > kept, SLOW_MS);
    console.log(`loss ${loss}: noticed after ${noticed_ms} ms, training again after ${Date.now() - lost} ms`);
    assert.ok(noticed_ms < 2_000);
  }
  const on = await state(page);
  assert.equal(on.engine, 'cpu');
  assert.ok(on.loss < 2 * first.loss);
});

test('a GPU that is gone for good hands the run to the CPU engine', { timeout: 240_000 }, async (t) => {
  let workers = 0;
  const gone = () => ((workers += 1) > 1 ? 'GPU.prototype.requestAdapter = async () => null;' : '');
  const { page, close } = await open(host, '#engine=webgpu&hidden=16&batch=32&images=5120&epochs=1000', {}, (page) => (
    inWorkers(page, '**/webgpu_engine-*.worker.js', gone)));
  t.after(close);
  await press(page, 'Train');
  await until(page, 'steps on the GPU', ({ step }) => step > 3, 60_000);
  await press(page, 'Pause');
  const { kept } = await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > kept);
  await kill(page);
  await notice(page, `The CPU engine goes on from step ${kept}.`).waitFor();
  await until(page, 'training', ({ phase, engine, step }) => phase === 'training' && engine === 'cpu' && step > kept);
});

/** A program that may not have more memory than this: what a browser does to a page on a small device. */
function withLessMemory(program, mostPages) {
  const bytes = [...new Uint8Array(program)];
  const number = (at) => {
    let [value, shift, next] = [0, 0, at];
    do value |= (bytes[next] & 0x7f) << (7 * shift++); while (bytes[next++] & 0x80);
    return { value, next };
  };
  const MEMORY = 5;
  let at = 8;
  for (;;) {
    const { value: length, next } = number(at + 1);
    if (bytes[at] === MEMORY) {
      const least = number(next + 2).value;
      const written = (value) => [0x80 | (value & 0x7f), 0x80 | ((value >> 7) & 0x7f), value >> 14];
      const limits = [1, 1, ...written(least), ...written(mostPages)];
      bytes.splice(at, next + length - at, MEMORY, limits.length, ...limits);
      return new Uint8Array(bytes);
    }
    at = next + length;
  }
}

test('an engine that runs out of memory is replaced', { timeout: 240_000 }, async (t) => {
  // Enough for an epoch, too little for what comes after it.
  const limit = `(${(withLessMemory) => {
    if (!self.name.startsWith('trainer')) return;
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = (program, imports) => instantiate(withLessMemory(program, 1_100), imports);
  }})(${withLessMemory});`;
  // The explorer is the first worker, then come the trainers.
  let workers = 0;
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000', {}, (page) => (
    inWorkers(page, '**/cpu_engine-*.worker.js', () => ((workers += 1) <= 2 ? limit : ''))));
  t.after(close);
  await press(page, 'Train');
  await notice(page, /The CPU engine stopped: it ran out of memory \(\d+ MB were asked for\)\. Another one goes on from/).waitFor();
  const { kept = 0 } = await state(page);
  await until(page, 'training', ({ phase, step }) => phase === 'training' && step > kept + 50);
  await press(page, 'Pause');
  await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
});
