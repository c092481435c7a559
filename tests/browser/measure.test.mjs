// "Measure this device": every engine here is measured, what is shown can be copied, and nothing that a person has kept
// is touched.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, picture, press, slow, start, state, until } from './harness.mjs';

const SLOW_MS = 300_000;
const SHORT = 'windows=2&seconds=0.3';
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

let host;
let gpuHost;
before(async () => { [host, gpuHost] = [await start(), await start({ webgpu: true })]; });
after(() => Promise.all([host.close(), gpuHost.close()]));

/** Has the page, and the playground in its frame, find so many cores. */
const cores = (count) => (page) => page.addInitScript((count) => {
  Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => count });
}, count);
const noWebGpu = (page) => page.addInitScript(() => { delete Navigator.prototype.gpu; });

async function opened(t, { on = host, query = SHORT, prepare = [], options = CLIPBOARD } = {}) {
  const { page, errors, close } = await open(on, `measure.html?${query}`, options, async (page) => {
    for (const each of prepare) await each(page);
  }, 'Measure');
  t.after(close);
  return { page, errors };
}

const says = (page, words) => page.getByRole('status').filter({ hasText: words }).waitFor({ timeout: SLOW_MS });
const panel = (page, name) => page.getByRole('region', { name, exact: true });
const frames = (page) => page.frames().length - 1;

/** What a panel shows: pairs of a name and what it is. */
async function shown(page, name) {
  const texts = (role) => panel(page, name).getByRole(role).allTextContents();
  const [names, values] = [await texts('term'), await texts('definition')];
  assert.equal(names.length, values.length);
  return names.map((term, at) => [term, values[at]]);
}

async function copied(page, what) {
  await press(page, `Copy as ${what}`);
  await says(page, `Copied as ${what}`);
  return page.evaluate(() => navigator.clipboard.readText());
}

const isSpread = ({ min, median, max }) => min > 0 && min <= median && median <= max;
/** Whether a number stands in these words, up to rounding to three digits. */
const holds = (words, number) => (
  words.replaceAll(',', '').match(/[\d.]+/g).some((told) => Math.abs(told - number) <= 0.005 * number));

test('each engine is measured, and what is shown is what can be copied', { timeout: SLOW_MS }, async (t) => {
  const { page, errors } = await opened(t, { prepare: [cores(2), noWebGpu] });
  assert.equal(await page.title(), 'Measure this device: Latent Playground');
  // By keys alone: the link back comes first.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await says(page, 'CPU engine, 1 worker (1 of 3): loading the images');
  assert.equal(frames(page), 1);
  await says(page, 'Done; not measured: 1 of 3.');
  assert.ok(await page.getByRole('button', { name: 'Measure again' }).evaluate((button) => button === document.activeElement));
  assert.equal(frames(page), 0);
  await picture(page, 'measured');

  const report = JSON.parse(await copied(page, 'JSON'));
  const text = await copied(page, 'text');
  assert.equal(report.machine.cores, 2);
  assert.equal(report.machine.release, await page.locator('meta[name=release]').getAttribute('content'));
  assert.deepEqual(report.engines.map(({ engine, workers }) => [engine, workers]), [['cpu', 1], ['cpu', 2], ['webgpu', 1]]);
  const names = ['CPU engine, 1 worker', 'CPU engine, 2 workers'];
  for (const [at, name] of names.entries()) {
    const { steps_per_s, first_step_ms, train_to_first_step_ms, memory } = report.engines[at];
    assert.ok(isSpread(steps_per_s) && steps_per_s.median > 3 && steps_per_s.median < 3_000, JSON.stringify(steps_per_s));
    assert.ok(train_to_first_step_ms > 1 && first_step_ms > train_to_first_step_ms && first_step_ms < 30_000);
    // The trainer, its helper and the explorer; each that trains has all images, 47 MB.
    assert.equal(memory.workers, at + 2);
    assert.ok(memory.wasm_bytes > 47e6 * (at + 1) && memory.wasm_bytes < 1e9, `${memory.wasm_bytes} bytes`);
    const rows = Object.fromEntries(await shown(page, name));
    for (const number of Object.values(steps_per_s)) assert.ok(holds(rows['Steps a second'], number), rows['Steps a second']);
    assert.ok(holds(rows.Memory, memory.wasm_bytes / 1e6), rows.Memory);
  }
  assert.equal(report.engines[2].problem, 'this browser has no WebGPU');
  await panel(page, 'WebGPU engine').getByText('Not measured: this browser has no WebGPU').waitFor();

  const rows = await Promise.all(['This device', ...names].map((name) => shown(page, name)));
  const lines = text.split('\n').filter((line) => line.startsWith('  '));
  assert.deepEqual(lines, [...rows.flat().map((row) => `  ${row.join(': ')}`), '  Not measured: this browser has no WebGPU']);
  assert.deepEqual(errors, []);
});

test('on the GPU a step is ten dispatches, and a chunk of steps one submission', { timeout: SLOW_MS }, async (t) => {
  const { page, errors } = await opened(t, { on: gpuHost, prepare: [cores(1)] });
  await press(page, 'Measure');
  await says(page, 'Done.');
  const report = JSON.parse(await copied(page, 'JSON'));
  const { steps_per_s, host_ms_per_step, dispatches_per_step, submits_per_chunk, steps_per_chunk, memory } = report.engines[1];
  assert.ok(isSpread(steps_per_s), JSON.stringify(steps_per_s));
  // A clock that is rounded may show none in a window.
  assert.ok(host_ms_per_step.min >= 0 && host_ms_per_step.max > 0, JSON.stringify(host_ms_per_step));
  assert.ok(host_ms_per_step.median < 1_000 / steps_per_s.median, 'the GPU is not waited for');
  assert.equal(dispatches_per_step, 10);
  assert.equal(submits_per_chunk, 1);
  assert.ok(steps_per_chunk >= 1);
  // The images alone, as bytes, of both sets.
  assert.ok(memory.gpu_buffer_bytes > 47e6, `${memory.gpu_buffer_bytes} bytes`);
  const rows = Object.fromEntries(await shown(page, 'WebGPU engine'));
  assert.equal(rows['Dispatches a step'], '10');
  assert.match(rows['Submits a chunk'], /^1, of /);
  assert.notEqual(Object.fromEntries(await shown(page, 'This device')).GPU, 'the browser offers none');
  assert.deepEqual(errors, []);
});

/** The page as a program measures it on this engine, with a small network, and an epoch that is over soon. */
async function measuredSmall(t, engine = 'webgpu') {
  const context = await gpuHost.browser.newContext({ serviceWorkers: 'block' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route('**/bench-*.js', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('epochs=1000', 'epochs=1000&hidden=8&batch=16&images=1000');
    await route.fulfill({ response, body });
  });
  await page.goto(`${gpuHost.url}?bench=${engine}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(() => globalThis.aeBench.ready);
  return page;
}

test('validations, which take five dispatches a batch, are not counted as steps', { timeout: SLOW_MS }, async (t) => {
  const page = await measuredSmall(t);
  await page.evaluate(() => globalThis.aeBench.train('train', 1));
  await page.evaluate(() => globalThis.aeBench.counts());
  const { step } = await state(page);
  await page.evaluate(() => globalThis.aeBench.train('train', 130));
  const { training } = await page.evaluate(() => globalThis.aeBench.counts());
  const now = await state(page);
  assert.ok(now.validationLoss > 0 && now.step > step + 63);
  assert.equal(training.batches, now.step - step);
  assert.equal(training.dispatches, 10 * training.batches);
  assert.equal(training.submits, training.chunks);
});

slow('where Burn trains on the GPU nothing is said of the passes', { timeout: SLOW_MS }, async (t) => {
  const page = await measuredSmall(t, 'burn');
  const { training, workers } = await page.evaluate(() => globalThis.aeBench.counts());
  assert.ok((await state(page)).step > 0);
  assert.equal(training, undefined);
  assert.equal(workers.length, 2);
});

test('Stop ends everything at once, and what was measured stays', { timeout: SLOW_MS }, async (t) => {
  // Without the clipboard, as on plain http.
  const noClipboard = (page) => page.addInitScript(() => { delete Navigator.prototype.clipboard; });
  const { page, errors } = await opened(t, { query: 'windows=2&seconds=0.2', prepare: [cores(2), noWebGpu, noClipboard] });
  await press(page, 'Measure');
  await says(page, 'CPU engine, 2 workers (2 of 3)');
  const before = await shown(page, 'CPU engine, 1 worker');
  await press(page, 'Stop');
  await says(page, 'Stopped: what was measured before stays.');
  assert.equal(frames(page), 0);
  await eventually('the workers end', () => page.workers().length, (count) => count === 0);
  assert.deepEqual(await shown(page, 'CPU engine, 1 worker'), before);
  assert.equal(await panel(page, 'CPU engine, 2 workers').count(), 0);
  await press(page, 'Copy as JSON');
  const field = page.getByLabel('Copy this');
  const report = JSON.parse(await field.inputValue());
  assert.deepEqual(report.engines.map(({ workers }) => workers), [1]);
  assert.equal(await field.evaluate((area) => area.selectionEnd - area.selectionStart), (await field.inputValue()).length);

  // Once more, and stopped before anything came out.
  await press(page, 'Measure again');
  await says(page, '(1 of 3)');
  await press(page, 'Stop');
  await says(page, 'Stopped: nothing was measured.');
  assert.equal(await page.getByRole('button', { name: 'Copy as text' }).isVisible(), false);
  assert.deepEqual(errors, []);
});

test('an engine that fails costs only its own figures, and a sentence says why', { timeout: SLOW_MS }, async (t) => {
  const noEngine = (page) => page.route('**/webgpu_engine_bg-*', (route) => route.abort());
  const { page } = await opened(t, { on: gpuHost, query: 'windows=1&seconds=0.2', prepare: [cores(1), noEngine] });
  await press(page, 'Measure');
  await says(page, 'Done; not measured: 1 of 2.');
  await panel(page, 'WebGPU engine').getByText(/^Not measured: .*could not be loaded/).waitFor();
  assert.ok((await shown(page, 'CPU engine, 1 worker')).length > 3);
});

test('where the playground itself is not there, or of another release, it says so', async (t) => {
  const answers = [
    [/could not be opened/, (route) => route.fulfill({ status: 503, body: 'out of order' })],
    [/could not be opened/, (route) => route.abort()],
    [/another release.*reload/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/name="release" content="\w+"/, 'name="release" content="another"');
      return route.fulfill({ response, body });
    }],
  ];
  for (const [words, answer] of answers) {
    const spoil = (page) => page.route(/\/\?bench=/, answer);
    const { page } = await opened(t, { prepare: [cores(1), noWebGpu, spoil] });
    await press(page, 'Measure');
    await says(page, 'Done; not measured: 2 of 2.');
    await panel(page, 'CPU engine, 1 worker').getByText(words).waitFor();
  }
});

/** All that the browser keeps of this place. */
const kept = (page) => page.evaluate(async () => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const databases = await indexedDB.databases();
  const records = [];
  for (const { name, version } of databases) {
    const database = await answer(indexedDB.open(name, version));
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      records.push(await answer(all.getAllKeys()), JSON.stringify(await answer(all.getAll())));
    }
    database.close();
  }
  const stores = await caches.keys();
  const files = await Promise.all(stores.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  // The measuring's own scripts may be kept like any other file, under their own names.
  const others = files.flat().filter((url) => !/\/(bench|measure|spread|favicon)[^/]*$/.test(url)).sort();
  return { databases, records, local: { ...localStorage }, session: { ...sessionStorage }, stores, others };
});

slow('training, theme and files that the browser has kept are what they were before', { timeout: SLOW_MS }, async (t) => {
  const { page, errors, close } = await open(host, '#seed=5', { serviceWorkers: 'allow' }, async (page) => {
    await cores(2)(page);
    await noWebGpu(page);
  });
  t.after(close);
  await page.getByLabel('Theme').selectOption({ label: 'Dark' });
  await press(page, 'Train');
  await until(page, 'all images', ({ step }) => step > 60, 60_000);
  await page.locator('.download progress').waitFor({ state: 'detached', timeout: 60_000 });
  await press(page, 'Pause');
  await until(page, 'a kept checkpoint', ({ phase, step, saved }) => phase === 'paused' && saved === step);
  // The service worker has all that training takes, and serves the frame from here on.
  await page.waitForFunction(async () => {
    const stores = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return navigator.serviceWorker.controller && stores.flat().some(({ url }) => url.includes('train-images-059'));
  }, undefined, { timeout: 60_000 });
  await page.waitForTimeout(1_000);
  const before = await kept(page);
  assert.ok(before.records.length > 0 && before.local['latent-playground-theme'] === 'dark');

  await page.getByRole('link', { name: 'Measure this device' }).click();
  await page.goto(`${page.url()}?${SHORT}`);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  await press(page, 'Measure');
  await says(page, 'Done; not measured: 1 of 3.');
  assert.equal((await shown(page, 'CPU engine, 2 workers')).length, 5);
  assert.deepEqual(await kept(page), before);

  await page.getByRole('link', { name: 'Back to the playground' }).click();
  await page.getByRole('button', { name: /^Resume at epoch/ }).waitFor();
  assert.deepEqual(errors, []);
});
