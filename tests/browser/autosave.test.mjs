// The page is closed, reloaded or crashes: the browser has kept the training.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, open, picture, press, start, state, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const fragment = '#engine=cpu&seed=5&images=5120&epochs=12';
const notice = (page, text) => page.getByRole('alert').filter({ hasText: text });
const offer = (page) => page.getByRole('button', { name: /^Resume at epoch/ });

/** Trains some steps, pauses, and waits until the browser has kept them. */
async function trainAWhile(page, steps) {
  await press(page, 'Train');
  await until(page, `${steps} steps`, ({ step }) => step >= steps, 60_000);
  await press(page, 'Pause');
  return until(page, 'a kept checkpoint', ({ phase, step, saved }) => phase === 'paused' && saved === step);
}

/** How many checkpoints are in the browser's database; `spoils`: and changes a bit of the newest. */
const records = (page, spoils = false) => page.evaluate(async (spoils) => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await answer(indexedDB.open(`${new URL('./', location)} training`));
  const store = database.transaction('checkpoints', 'readwrite').objectStore('checkpoints');
  const keys = await answer(store.getAllKeys());
  if (spoils) {
    const newest = await answer(store.get(keys.at(-1)));
    newest.file[100_000] ^= 1;
    await answer(store.put(newest, keys.at(-1)));
  }
  database.close();
  return keys.length;
}, spoils);

test('after a reload the run goes on to the losses of the unbroken run, bit for bit', async (t) => {
  const whole = await open(host, fragment);
  t.after(whole.close);
  await press(whole.page, 'Train');
  await until(whole.page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  const expected = await table(whole.page, 'Losses as CSV');

  const { page, errors, close } = await open(host, fragment);
  t.after(close);
  const { saved } = await trainAWhile(page, 65);
  await press(page, 'Train');
  await until(page, 'steps that are not kept', ({ step }) => step > saved + 5);
  await page.reload();
  const epoch = Math.ceil(saved / 20);
  await page.getByRole('button', { name: `Resume at epoch ${epoch}`, exact: true }).waitFor();
  await picture(page, 'resume');
  await press(page, `Resume at epoch ${epoch}`);
  await until(page, 'training', ({ step }) => step > saved);
  assert.equal(await offer(page).count(), 0);
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.deepEqual(await table(page, 'Losses as CSV'), expected);
  assert.deepEqual(errors, []);
});

/** Has the page believe that it is hidden, or no longer. */
const turn = (page, hidden) => page.evaluate((hidden) => {
  Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
  Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible'), configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}, hidden);

test('a page that is hidden keeps what it has at once, and trains on', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 10);
  await turn(page, true);
  const { saved } = await until(page, 'a kept checkpoint', (now) => now.saved > 0, 3_000);
  await until(page, 'more steps', ({ phase, step }) => phase === 'training' && step > saved);
});

test('a page that is hidden decodes nothing, and shows how far it has come when it is looked at', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 10);
  await turn(page, true);
  const onwards = async () => {
    const { step } = await state(page);
    await until(page, 'more steps', (now) => now.step > step + 100);
  };
  await onwards(); // what was on its way has arrived
  const digit = await decoded(page);
  await onwards();
  assert.deepEqual(await decoded(page), digit);
  await turn(page, false);
  await page.waitForFunction((before) => {
    const { data } = document.querySelector('#decoded-digit').getContext('2d').getImageData(0, 0, 28, 28);
    return before.some((value, at) => value !== data[4 * at]);
  }, digit);
});

test('a damaged checkpoint gives way to the one before it, and two are kept', async (t) => {
  const { page, close } = await open(host, fragment);
  t.after(close);
  const kept = [];
  for (const steps of [25, 45, 65]) kept.push((await trainAWhile(page, steps)).saved);
  assert.equal(await records(page, true), 2);
  await page.reload();
  await offer(page).click();
  const on = await until(page, 'training', ({ step }) => step > 0);
  assert.ok(on.step >= kept[1] && on.step < kept[2] + 20, `${on.step} after ${kept}`);
  const rows = await table(page, 'Losses as CSV');
  assert.equal(rows[0].step, 1);
});

test('an offer that is declined comes again, and none comes after none was kept', async (t) => {
  const { page, errors, close } = await open(host, fragment);
  t.after(close);
  await page.waitForTimeout(500);
  assert.equal(await offer(page).count(), 0);
  await trainAWhile(page, 5);
  for (const answer of ['Not now', 'Step']) {
    await page.reload();
    await offer(page).waitFor();
    // A setting that is changed before anything was trained is no answer.
    await page.getByLabel('Seed', { exact: true }).fill('8');
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    assert.equal(await offer(page).count(), 1);
    await press(page, answer);
    await offer(page).waitFor({ state: 'detached' });
  }
  await until(page, 'the first step', ({ phase, step }) => phase === 'paused' && step === 1);
  assert.deepEqual(errors, []);
});

/** Trains to two checkpoints: that neither is kept, and why, is said after the first, and not again. */
async function complainsOnce(page, why) {
  for (const steps of [5, 15]) {
    await press(page, 'Train');
    await until(page, `${steps} steps`, ({ step }) => step >= steps);
    await press(page, 'Pause');
    await until(page, 'a checkpoint', ({ phase, step, kept }) => phase === 'paused' && kept === step);
    if (steps === 5) {
      await notice(page, `does not keep this training over a reload (${why})`).waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
    }
  }
  await page.waitForTimeout(500);
  assert.equal(await page.getByRole('alert').count(), 0);
}

test('a browser that refuses to keep anything is complained of once, and everything else works', async (t) => {
  const refuse = (page) => page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  });
  const { page, errors, close } = await open(host, fragment, {}, refuse);
  t.after(close);
  await complainsOnce(page, 'it refuses storage to this page');
  assert.deepEqual(errors, []);
});

test('a disk that is full is complained of once, and training goes on', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=1000');
  t.after(close);
  const debug = await page.context().newCDPSession(page);
  await debug.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 1_000_000 });
  await complainsOnce(page, 'its storage is full');
  assert.equal((await state(page)).saved, undefined);
  await press(page, 'Train');
  await until(page, 'more steps', ({ phase, step }) => phase === 'training' && step > 20);
  assert.deepEqual(errors, []);
});

test('of two tabs only one keeps its training, and the other says so', async (t) => {
  const { page, close } = await open(host, fragment);
  t.after(close);
  const { saved } = await trainAWhile(page, 25);
  const other = await page.context().newPage();
  await other.goto(`${host.url}#engine=cpu&seed=9&images=2560&epochs=50`);
  await press(other, 'Train');
  await until(other, 'some steps', ({ step }) => step > 5);
  assert.equal(await offer(other).count(), 0);
  await press(other, 'Pause');
  await notice(other, 'Another tab keeps its training').waitFor();
  await other.close();
  await page.reload();
  await offer(page).click();
  const on = await until(page, 'the first tab’s run', ({ step }) => step >= saved);
  assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '5');
  assert.ok(on.step >= saved);
});

test('a finished run is shown again as it was', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&seed=5&images=2560&epochs=2');
  t.after(close);
  await press(page, 'Train');
  const done = await until(page, 'the end', ({ phase, saved }) => phase === 'finished' && saved === 20);
  await page.reload();
  await press(page, 'Resume at epoch 2');
  const again = await until(page, 'the run', ({ step }) => step === 20);
  assert.equal(again.validationLoss, done.validationLoss);
  assert.equal((await state(page)).phase, 'idle');
});
