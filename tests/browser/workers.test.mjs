// Several workers on the CPU engine: as many as the address says, the same numbers to the bit, and a plain sentence when
// one of them is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, planeIsOf, press, start, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** The page with so many workers allowed. */
const openWith = (workers, fragment) => open(host, `?workers=${workers}${fragment}`);
const trainedBy = (workers) => ({ phase, workers: now }) => phase === 'training' && now === workers;

for (const [network, fragment, numbers] of [
  ['network', 'hidden=40', [1, 2, 4]],
  ['network with several hidden layers', 'hidden=40,20', [1, 2]],
]) test(`losses, validation and the ${network} are the same to the bit with ${numbers.join(', ')} workers`, { timeout: 240_000 }, async () => {
  const runs = [];
  for (const workers of numbers) {
    const { page, errors, close } = await openWith(workers, `#engine=cpu&${fragment}&batch=1000&epochs=3&seed=5`);
    await press(page, 'Train');
    if (workers > 1) {
      await until(page, `${workers} workers`, trainedBy(workers));
      await page.getByText(`${workers} workers`).waitFor();
    }
    await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
    const losses = await table(page, 'Losses as CSV');
    assert.equal(losses.length, 180);
    await planeIsOf(page, 180);
    runs.push({ losses, codes: await table(page, 'Codes as CSV') });
    assert.deepEqual(errors, []);
    await close();
  }
  for (const run of runs.slice(1)) assert.deepEqual(run, runs[0]);
});

test('a run that two workers have trained goes on from its pause, and starts anew', async () => {
  const { page, errors, close } = await openWith(2, '#engine=cpu&seed=7');
  await press(page, 'Step');
  const first = await until(page, 'one step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Train');
  await until(page, 'two workers', trainedBy(2));
  await press(page, 'Pause');
  const paused = await until(page, 'a pause', ({ phase }) => phase === 'paused');
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step > paused.step + 20);
  await press(page, 'Reset');
  await until(page, 'step 0', ({ phase, step }) => phase === 'idle' && step === 0);
  await press(page, 'Step');
  const again = await until(page, 'one step again', ({ step }) => step === 1);
  assert.equal(again.loss, first.loss);
  assert.deepEqual(errors, []);
  await close();
});

test('when a helper dies the page says so in a sentence, and the run goes on with another', async () => {
  const { page, close } = await openWith(2, '#engine=cpu&seed=7');
  await press(page, 'Train');
  const { step } = await until(page, 'two workers', trainedBy(2));
  const helper = await helperOf(page);
  await helper.evaluate(() => { setTimeout(() => { throw new Error('out of memory'); }); });
  await page.getByRole('alert').filter({ hasText: /helper.*out of memory/ }).waitFor();
  await until(page, 'two workers again', (now) => trainedBy(2)(now) && now.step > step + 50);
  await close();
});

test('when no helper can be loaded one worker trains alone', async () => {
  const { page, close } = await open(host, '?workers=2#engine=cpu', {}, async (page) => {
    let loads = 0;
    // The explorer's engine, the trainer's, and no more.
    await page.route('**/cpu_engine_bg-*', (route) => { loads += 1; return loads > 2 ? route.abort() : route.continue(); });
  });
  const warned = page.waitForEvent('console', (message) => message.text().includes('without helpers'));
  await press(page, 'Train');
  await warned;
  const { workers } = await until(page, 'many steps', ({ step }) => step > 50);
  assert.equal(workers, 1);
  await close();
});

test('a core stays the page’s, and a helper that slows the others down is let go', { timeout: 240_000 }, async () => {
  const { page, errors, close } = await open(host, '#engine=cpu', {}, (page) => {
    page.on('worker', (worker) => slowDown(worker).catch(() => {}));
    return page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 3 });
    });
  });
  const warned = page.waitForEvent('console', { predicate: (message) => message.text().includes('slow it down'), timeout: 150_000 });
  await press(page, 'Train');
  await until(page, 'two workers', trainedBy(2), 60_000);
  await warned;
  const { step } = await until(page, 'one worker', trainedBy(1));
  await until(page, 'more steps', (now) => now.step > step + 20);
  assert.deepEqual(errors, []);
  await close();
});

/** Keeps a worker busy with something else most of the time, if it is a helper. */
const slowDown = (worker) => worker.evaluate(() => self.name === 'helper' && setInterval(() => {
  for (const began = performance.now(); performance.now() - began < 150;);
}));

/** The trainer's helper, beside which the page has an explorer. */
async function helperOf(page) {
  const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
  return page.workers()[names.indexOf('helper')];
}
