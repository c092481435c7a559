// Drawing: how often the page draws while it trains, that it draws without asking for layouts, and that it ends at the newest
// numbers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** Counts in the page: animation frames that were drawn in, drawings of the dots, and questions that have the page laid out. */
function count() {
  const counts = { frames: 0, drawings: 0, questions: 0 };
  window.counts = counts;
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => request((time) => {
    counts.frames += 1;
    callback(time);
  });
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...picture) {
    if (this.canvas.closest('#latent-plane')) counts.drawings += 1;
    put.apply(this, picture);
  };
  for (const name of ['clientWidth', 'clientHeight']) {
    const { get } = Object.getOwnPropertyDescriptor(Element.prototype, name);
    Object.defineProperty(Element.prototype, name, {
      get() {
        counts.questions += 1;
        return get.call(this);
      },
    });
  }
}

const counts = (page) => page.evaluate(() => ({ ...window.counts, ms: performance.now() }));
const reading = (page, name) => page.locator('.readings > div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd');

test('while it trains, the page draws in few frames and asks for no layout', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=50', {}, (page) => page.addInitScript(count));
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await press(page, 'Train');
  await until(page, 'training', ({ step }) => step > 20);
  const begin = await counts(page);
  await page.waitForTimeout(4_000);
  const end = await eventually('the dots follow the training', () => counts(page), ({ drawings }) => drawings > begin.drawings);
  const rate = (end.frames - begin.frames) / ((end.ms - begin.ms) / 1_000);
  assert.ok(rate <= 12, `${rate} frames a second`);
  assert.equal(end.questions, begin.questions);
  assert.deepEqual(errors, []);
});

test('when it stops, the readings are those of the last step', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=2');
  t.after(close);
  await press(page, 'Train');
  const { step, loss } = await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.equal(step, 40);
  await page.getByText('step 40 / 40').waitFor();
  await reading(page, 'loss').getByText(loss.toFixed(4)).waitFor();
  // It has no height of its own: its canvases fill the chart.
  await page.getByRole('img', { name: 'At step 40:' }).waitFor({ state: 'attached' });
  assert.deepEqual(errors, []);
});
