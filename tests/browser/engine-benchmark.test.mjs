// The engine benchmark: the CPU engine trains at once, and the GPU takes the run over when it has proved to be faster.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inWorkers, open, picture, press, start, state, table, until } from './harness.mjs';

const SLOW_MS = 180_000;
// A network that a GPU in software trains in a reasonable time.
const SMALL = '#hidden=16&batch=16&images=5120&epochs=400&seed=3';

let host;
before(async () => { host = await start({ webgpu: true }); });
after(() => host.close());

/** Has the page take the GPU in software for a real one. */
const realGpu = (page) => page.addInitScript(() => {
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
});

/** Has the CPU engine train a step at a time, and rest after it, as on a slow machine. */
const slowCpu = (page) => inWorkers(page, '**/cpu_engine-*.worker.js', `
  if (self.name.startsWith('trainer')) {
    const [post, now] = [MessagePort.prototype.postMessage, performance.now.bind(performance)];
    MessagePort.prototype.postMessage = function (...message) { setTimeout(() => post.apply(this, message), 500); };
    performance.now = () => 1000 * now();
  }`);

async function opened(t, fragment, ...prepare) {
  const asked = [];
  const { page, errors, close } = await open(host, fragment, {}, async (page) => {
    page.on('request', (request) => asked.push(request.url()));
    await realGpu(page);
    for (const each of prepare) await each(page);
  });
  t.after(close);
  const asksForGpu = () => asked.some((url) => /webgpu_engine.*wasm/.test(url));
  return { page, errors, asksForGpu };
}

const engine = (page) => page.locator('.engine');

test('a GPU that is faster takes the run over, without a jump in the losses', { timeout: SLOW_MS }, async (t) => {
  const { page, errors } = await opened(t, SMALL, slowCpu);
  await press(page, 'Train');
  await until(page, 'a first step on the CPU', ({ engine, step }) => engine === 'cpu' && step > 0);
  const { step } = await until(page, 'steps on the GPU', (now) => now.engine === 'webgpu' && now.phase === 'training', SLOW_MS);
  await page.getByText('another engine took over').waitFor();
  const told = /WebGPU engine.*took over at step ([\d,]+): [\d.]+ steps\/s, the CPU engine [\d.]+/;
  const [, at] = told.exec(await engine(page).textContent());
  await until(page, 'more steps', (now) => now.step > step + 50, SLOW_MS);
  await press(page, 'Pause');
  await until(page, 'a pause', ({ phase }) => phase === 'paused');
  await picture(page, 'taken-over');
  const mixed = await table(page, 'Losses as CSV');
  assert.deepEqual(errors, []);

  // The same run on the CPU alone.
  const { page: other } = await opened(t, `${SMALL}&engine=cpu`);
  await press(other, 'Train');
  await until(other, 'as many steps', (now) => now.step >= mixed.length, SLOW_MS);
  await press(other, 'Pause');
  await until(other, 'a pause', ({ phase }) => phase === 'paused');
  const alone = await table(other, 'Losses as CSV');
  const before = Number(at.replaceAll(',', ''));
  assert.ok(before > 0 && mixed.length > before + 50);
  for (const [row, { step, loss, training_loss = loss }] of mixed.entries()) {
    const expected = alone[row].training_loss ?? alone[row].loss;
    assert.equal(step, row + 1);
    if (row < before) assert.equal(training_loss, expected);
    else assert.ok(Math.abs(training_loss / expected - 1) < 1e-3, `step ${step}: ${training_loss}, ${expected}`);
  }

  // What is known is not found out again: another run stays with the GPU.
  await press(page, 'Reset');
  assert.equal((await state(page)).engine, 'webgpu');
});

test('a GPU that is slower is told of with both speeds, and not tried again', { timeout: SLOW_MS }, async (t) => {
  const { page, errors, asksForGpu } = await opened(t, '#epochs=400');
  await press(page, 'Train');
  const lost = engine(page).filter({ hasText: /the GPU is slower: [\d.]+ steps\/s, this one [\d.]+/ });
  await lost.waitFor({ timeout: SLOW_MS });
  assert.ok(asksForGpu());
  const { phase, engine: at_work, step } = await state(page);
  assert.deepEqual([phase, at_work], ['training', 'cpu']);
  await until(page, 'more steps', (now) => now.step > step);

  await page.reload();
  await press(page, 'Train');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await lost.waitFor({ timeout: SLOW_MS });
  assert.deepEqual(asked.filter((url) => url.includes('webgpu_engine')), []);
  assert.deepEqual(errors, []);
});

test('a GPU that fails leaves the run where it is', { timeout: SLOW_MS }, async (t) => {
  const { page, asksForGpu } = await opened(t, SMALL, (page) => page.route('**/webgpu_engine_bg-*', (route) => route.abort()));
  await press(page, 'Train');
  await engine(page).filter({ hasText: 'the GPU was tried, and failed:' }).waitFor({ timeout: 60_000 });
  assert.ok(asksForGpu());
  const { phase, engine: at_work } = await state(page);
  assert.deepEqual([phase, at_work], ['training', 'cpu']);
});

test("a person's own choice of an engine stands, whatever is faster", async (t) => {
  const { page, asksForGpu } = await opened(t, '#engine=cpu&images=5120&epochs=400');
  await press(page, 'Train');
  await until(page, 'all images', ({ step }) => step > 100, 60_000);
  await page.locator('.download progress').waitFor({ state: 'detached' });
  await page.waitForTimeout(1_000);
  assert.equal((await state(page)).engine, 'cpu');
  assert.ok(!asksForGpu());
});
