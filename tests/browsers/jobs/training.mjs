// Jobs of make test: the page opens, trains and shows what it learns.
import assert from 'node:assert/strict';
import { decoded, drag, otherImage, pause, plane, press, pretrained, reached, state, until, words } from '../page.mjs';

/** Losses after 40 steps of seed 3, the same in every browser and at the command line, to the bit. */
const LOSSES = { loss: 0.06539733, valLoss: 0.0629876 };

/** @type {import('../environment.mjs').Job[]} */
export const training = [
  {
    promise: 'the page opens with a trained plane, and the image follows the pointer',
    async run({ open }) {
      const page = await open('#engine=cpu');
      await pretrained(page);
      const before = await decoded(page);
      await drag(page, [[0.3, 0.85], [0.35, 0.8]]);
      await otherImage(page, before);
      assert.deepEqual(page.errors(), []);
    },
  },
  {
    promise: 'training gives the losses of every other browser, to the bit',
    async run({ open }) {
      const page = await open('#engine=cpu&images=5120&epochs=2&seed=3');
      await press(page, 'Train');
      const { step, loss, valLoss } = await reached(page, 'the end', ({ phase }) => phase === 'finished');
      assert.deepEqual({ step, loss, valLoss }, { step: 40, ...LOSSES });
    },
  },
  {
    promise: 'every move over the plane shows another image while it trains',
    async run({ open }) {
      const page = await open('#engine=cpu&epochs=20');
      await press(page, 'Train');
      const begun = await reached(page, 'a formed plane', ({ step }) => step > 60);
      let image = await decoded(page);
      const points = [0, 1, 2, 3, 4, 5].map((move) => [0.3 + 0.06 * move, 0.3 + 0.05 * move]);
      await drag(page, points, async () => { image = await otherImage(page, image); });
      await reached(page, 'further steps', ({ phase, step }) => phase === 'training' && step > begun.step);
    },
  },
  {
    promise: 'a step, a pause and a reset do what they say',
    async run({ open }) {
      const page = await open('#engine=cpu&seed=7');
      await press(page, 'Step');
      const first = await reached(page, 'one step', ({ phase, step }) => phase === 'paused' && step === 1);
      await press(page, 'Train');
      await reached(page, 'some steps', ({ step }) => step > 5);
      await press(page, 'Pause');
      const paused = await reached(page, 'a pause', ({ phase }) => phase === 'paused');
      await press(page, 'Reset');
      await reached(page, 'step 0', ({ phase, step }) => phase === 'idle' && step === 0);
      assert.ok(paused.step > 5);
      await press(page, 'Step');
      const again = await reached(page, 'one step again', ({ phase, step }) => phase === 'paused' && step === 1);
      assert.equal(again.loss, first.loss);
    },
  },
];

/** Jobs of make test-browsers. @type {import('../environment.mjs').Job[]} */
export const workers = [
  {
    promise: 'one, two and four workers give the same losses, and the page says how many train',
    async run({ open }) {
      const losses = [];
      for (const count of [1, 2, 4]) {
        const page = await open(`?workers=${count}#engine=cpu&images=5120&epochs=2&seed=3`);
        // Helpers load with the first step. On a slow machine the run would be over before they join.
        for (let step = 1; step <= 20 && (await state(page)).workers !== count; step += 1) {
          await press(page, 'Step');
          await reached(page, 'a step', ({ phase, step: done }) => phase === 'paused' && done === step);
          await pause(500);
        }
        await press(page, 'Train');
        const end = await reached(page, 'the end', ({ phase }) => phase === 'finished');
        assert.equal(end.workers, count);
        losses.push({ loss: end.loss, valLoss: end.valLoss });
      }
      assert.deepEqual(losses, [LOSSES, LOSSES, LOSSES]);
    },
  },
  {
    promise: 'training goes on in a hidden tab',
    needs: ['hide'],
    async run({ open }) {
      const page = await open('#engine=cpu&images=5120&epochs=1000');
      await press(page, 'Train');
      await reached(page, 'training', ({ step }) => step > 20);
      // The page notes for itself how it fares: looking at it may bring it to the front.
      await page.evaluate(`() => {
        window.notes = [];
        setInterval(() => notes.push([document.hidden, Number(document.querySelector('#run-state').dataset.step)]), 200);
      }`);
      const back = await page.hide();
      await new Promise((resume) => { setTimeout(resume, 6_000); });
      await back();
      const steps = (await page.evaluate('() => notes')).filter(([isHidden]) => isHidden).map(([, step]) => step);
      assert.ok(steps.length > 1, 'the page was hidden');
      assert.ok(steps.at(-1) > steps[0], `steps ${steps}`);
      assert.equal((await state(page)).phase, 'training');
    },
  },
  {
    promise: 'keys move the point, train, pause and step',
    async run({ open }) {
      const page = await open('#engine=cpu&epochs=1');
      await pretrained(page);
      const focused = () => page.evaluate('() => document.activeElement.id');
      for (let stops = 0; await focused() !== 'latent-plane'; stops += 1) {
        assert.ok(stops < 80, 'Tab reaches the plane');
        await page.key('Tab');
      }
      const [from, image] = [await plane(page), await decoded(page)];
      for (let time = 0; time < 10; time += 1) await page.key('ArrowRight');
      await page.key('Shift+ArrowUp');
      await until(() => plane(page), (to) => to.z1 > from.z1 && to.z2 > from.z2, `the point right of and above ${from.z1}, ${from.z2}`);
      await otherImage(page, image);
      await page.key('.');
      await reached(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
      await page.key(' ');
      await reached(page, 'training', ({ phase, step }) => phase === 'training' && step > 5);
      await page.key(' ');
      await reached(page, 'a pause', ({ phase }) => phase === 'paused');
      await page.key('?');
      assert.match(await words(page), /train one step/);
    },
  },
  {
    promise: 'a tap on the plane moves the point',
    needs: ['touch'],
    async run({ open }) {
      const page = await open('#engine=cpu', { width: 390, height: 844 });
      await pretrained(page);
      const [before, image] = [await plane(page), await decoded(page)];
      const box = await page.evaluate(`() => {
        const plane = document.querySelector('#latent-plane');
        plane.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { x, y, width, height } = plane.getBoundingClientRect();
        return [x + 0.25 * width, y + 0.3 * height];
      }`);
      await page.tap(...box);
      await otherImage(page, image);
      await until(() => plane(page), ({ z1 }) => z1 !== before.z1, 'another point');
    },
  },
];
