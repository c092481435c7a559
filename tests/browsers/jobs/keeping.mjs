// Models, links and checkpoints: what a person keeps.
import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { alerts, isPlain, pause, press, pretrained, reached, ready, shown, state, until, words } from '../page.mjs';

const RUN = '#engine=cpu&images=5120&epochs=12&seed=5';

/** Jobs of make test. @type {import('../environment.mjs').Job[]} */
export const keeping = [
  {
    promise: 'a saved model opens in another visit and trains on',
    async run({ open }) {
      const page = await open('#engine=cpu&seed=9&images=5120&epochs=1');
      await press(page, 'Train');
      await reached(page, 'the end', ({ phase }) => phase === 'finished');
      await page.press('tab', 'Files');
      await press(page, 'Save model');
      const files = () => page.saved();
      const models = await until(files, (all) => all.some(({ name }) => /safetensors/.test(name)), 'a saved model');
      const { bytes } = models.find(({ name }) => /safetensors/.test(name));
      const folder = await mkdtemp(join(tmpdir(), 'model-'));
      try {
        await writeFile(join(folder, 'model.safetensors'), bytes);
        const other = await open('#engine=cpu&seed=1');
        await other.press('tab', 'Files');
        await other.chooseFile('Model file', join(folder, 'model.safetensors'));
        await reached(other, 'the model', ({ step }) => step === 20);
        // It is finished: further epochs train at once. The button takes no press in the first moment, and drivers press at once.
        await pause(1_500);
        await press(other, '10 more epochs');
        await reached(other, 'further steps', ({ step }) => step > 25);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    promise: 'a run resumes after a reload at the step that was saved',
    async run({ open }) {
      const page = await open(RUN);
      await press(page, 'Train');
      await reached(page, '25 steps', ({ step }) => step >= 25);
      await press(page, 'Pause');
      const saved = await reached(page, 'a checkpoint', ({ phase, step, saved }) => phase === 'paused' && saved === step);
      await page.reload();
      await ready(page);
      await press(page, `Resume at epoch ${saved.epoch}`);
      await reached(page, 'training', ({ phase, step }) => phase === 'training' && step > saved.step);
    },
  },
  {
    promise: 'a link opens with its settings and its point, and Share gives it back',
    async run({ open }) {
      const page = await open('#v=1&hidden=64&seed=7&lr=0.001&engine=cpu&z=0.5,-0.25');
      assert.equal(await page.evaluate("() => document.querySelector('#latent-plane').dataset.z1"), '0.5');
      await press(page, 'Share');
      const said = await until(() => words(page), (text) => /Link copied|Copy this link/.test(text), 'a link');
      const address = await page.evaluate(`() => [...document.querySelectorAll('input')]
        .map(({ value }) => value).find((value) => value.includes('#v=1')) ?? location.href`);
      assert.match(address, /hidden=64/, said);
      assert.match(address, /z=0\.5,-0\.25/);
      const other = await open(address.slice(address.indexOf('#')));
      assert.equal(await other.evaluate("() => document.querySelector('#latent-plane').dataset.z2"), '-0.25');
    },
  },
];

/** An address of this machine that is not localhost: plain http is no secure context there. */
const outside = () => Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Trains a little, pauses, and gives what the page said. */
async function trained(page) {
  await press(page, 'Train');
  await reached(page, '25 steps', ({ step }) => step >= 25);
  await press(page, 'Pause');
  await reached(page, 'a pause', ({ phase }) => phase === 'paused');
  const said = await until(() => alerts(page), (all) => all.length > 0, 'a notice', 20_000);
  assert.equal((await state(page)).saved, '');
  return said;
}

/** Jobs of make test-browsers. @type {import('../environment.mjs').Job[]} */
export const refusals = [
  {
    promise: 'without a server the page opens again, offers to resume and trains',
    async run({ open, server }) {
      const page = await open('#engine=cpu&images=5120&epochs=2&seed=3');
      await press(page, 'Train');
      const end = await reached(page, 'the end', ({ phase }) => phase === 'finished');
      // Of MNIST there are 61 shards with training images and 10 with test images.
      const kept = () => page.evaluate(`async () => {
        if (!navigator.serviceWorker.controller) return 0;
        const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().filter(({ url }) => /assets\\/(train|test)-images/.test(url)).length;
      }`);
      await until(kept, (shards) => shards >= 71, 'all images', 120_000);
      await server.stop();
      await page.reload();
      await ready(page);
      await pretrained(page);
      await press(page, 'Train');
      const again = await reached(page, 'the end', ({ phase, step }) => phase === 'failed' || (phase === 'finished' && step === 40), 120_000);
      assert.equal(again.phase, 'finished', (await alerts(page)).join(' '));
      assert.deepEqual([again.loss, again.valLoss], [end.loss, end.valLoss]);
    },
  },
  {
    promise: 'over plain http the page trains, and one sentence says what it does not keep',
    async run({ open, server }) {
      const host = outside();
      if (!host) return;
      const page = await open(RUN, { base: server.at(host) });
      assert.equal(await page.evaluate('() => isSecureContext'), false);
      const said = await trained(page);
      assert.deepEqual(said.length, 1, JSON.stringify(said));
      assert.match(said[0], /https/);
      isPlain(said);
    },
  },
  {
    promise: 'where storage is refused, one sentence says so and training goes on',
    async run({ open }) {
      const page = await open(RUN);
      await page.evaluate(`() => {
        IDBFactory.prototype.open = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
      }`);
      const said = await trained(page);
      assert.equal(said.length, 1, JSON.stringify(said));
      assert.match(said[0], /refuses storage/);
      isPlain(said);
      await press(page, 'Train');
      await reached(page, 'further steps', ({ step }) => step > 40);
    },
  },
  {
    promise: 'where locks are refused, one sentence says so, and nothing about another tab',
    async run({ open }) {
      const page = await open(RUN);
      await page.evaluate(`() => {
        LockManager.prototype.request = () => Promise.reject(new DOMException('The request was denied.', 'SecurityError'));
      }`);
      const said = await trained(page);
      assert.equal(said.length, 1, JSON.stringify(said));
      assert.match(said[0], /refuses the lock/);
      assert.doesNotMatch(said[0], /another tab/i);
      isPlain(said);
    },
  },
  {
    promise: 'with all cookies blocked, one sentence says so, and no error is left unhandled',
    preferences: { Firefox: { 'network.cookie.cookieBehavior': 2 } },
    async run({ open }) {
      const page = await open(RUN);
      const said = await trained(page);
      assert.equal(said.length, 1, JSON.stringify(said));
      assert.doesNotMatch(said[0], /another tab/i);
      isPlain(said);
      // Firefox itself notes in the console that it refuses the service worker.
      assert.deepEqual(page.errors().filter((error) => !/ServiceWorker for scope/.test(error)), []);
    },
  },
];
