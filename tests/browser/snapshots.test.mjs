// The newest weights go from the trainer to the explorer, and the plane follows the training.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { decoded, eventually, open, otherDigit, planeIsOf, press, start, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** Counts the messages of workers to the page whose size is about that of the tutorial network's weights. */
const countWeights = (page) => page.addInitScript(() => {
  globalThis.weightsSeen = 0;
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...options) {
      super(...options);
      // A checkpoint has Adam's moments besides, and three times as many bytes.
      this.addEventListener('message', ({ data }) => {
        if (data.byteLength > 1.5e6 && data.byteLength < 3e6) globalThis.weightsSeen += 1;
      });
    }
  };
});

test('while training the plane follows, and no weights pass through the page', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=1000', {}, countWeights);
  t.after(close);
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await planeIsOf(page, 1);
  const before = await decoded(page);
  await press(page, 'Train');
  await until(page, 'many steps', ({ step }) => step > 300, 60_000);
  await otherDigit(page, before);
  assert.equal(await page.evaluate(() => globalThis.weightsSeen), 0);
  assert.deepEqual(errors, []);
});

test('an explorer that is replaced shows the network as it was trained last', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'many steps', ({ step }) => step > 100, 60_000);
  await press(page, 'Pause');
  const { step } = await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
  await planeIsOf(page, step);
  const [codes, image] = [await table(page, 'Codes as CSV'), await decoded(page)];
  for (const worker of page.workers()) {
    await worker.evaluate(() => self.name === 'explorer' && setTimeout(() => { throw new Error('unreachable executed'); }));
  }
  await page.getByRole('alert').filter({ hasText: 'Another worker draws it now' }).waitFor();
  await page.waitForTimeout(1_500);
  const seen = async () => [await table(page, 'Codes as CSV'), await decoded(page)];
  await eventually('the plane as it was', seen, (now) => isDeepStrictEqual(now, [codes, image]));
});
