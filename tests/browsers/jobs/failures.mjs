// Jobs of make test-browsers: workers die, the server is gone, the device is measured.
import assert from 'node:assert/strict';
import { alerts, decoded, drag, isPlain, otherImage, press, reached, state, until, words } from '../page.mjs';

const measuring = { isReady: (page) => until(() => page.has('button', 'Measure'), Boolean, 'the button Measure') };

/** @type {import('../environment.mjs').Job[]} */
export const failures = [
  {
    promise: 'a trainer or explorer that dies or hangs is replaced, and training goes on',
    async run({ open, mortal }) {
      mortal(true);
      const page = await open('#engine=cpu&images=5120&epochs=1000');
      await press(page, 'Train');
      await reached(page, '30 steps', ({ step }) => step >= 30);
      for (const [role, fate] of [['trainer', 'dies'], ['explorer', 'dies'], ['trainer', 'hangs']]) {
        const { step } = await state(page);
        await page.evaluate('(...what) => { new BroadcastChannel("fate").postMessage(what); }', role, fate);
        if (role === 'trainer') await until(() => alerts(page), (all) => all.length > 0, `words about a ${role} that ${fate}`);
        isPlain(await alerts(page));
        await reached(page, 'further steps', (now) => now.phase === 'training' && now.step > step + 10, 120_000);
      }
      const image = await decoded(page);
      await drag(page, [[0.2, 0.2], [0.7, 0.6]]);
      await otherImage(page, image);
    },
  },
  {
    promise: 'the device is measured',
    async run({ open }) {
      const page = await open('measure.html?windows=1&seconds=0.2', measuring);
      await press(page, 'Measure');
      const said = await until(() => words(page), (text) => /Done/.test(text), 'the end', 200_000);
      assert.match(said, /CPU engine, 1 worker/);
      isPlain(said);
    },
  },
  {
    promise: 'measuring without a server ends with a sentence within twenty seconds',
    async run({ open, server }) {
      const page = await open('measure.html?windows=1&seconds=0.2', measuring);
      await server.stop();
      await press(page, 'Measure');
      const said = await until(() => words(page), (text) => /Done/.test(text), 'the end', 20_000);
      assert.match(said, /Not measured: the playground could not be opened/);
      isPlain(said);
    },
  },
];
