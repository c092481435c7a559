// How fast the page shows an earlier moment. It has the machine to itself (Makefile).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

test('dots are redrawn within a frame or two, and the manifold within 300 ms', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&images=12800&batch=128&epochs=3&map=1');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 90_000);
  await page.waitForFunction(() => document.querySelector('.slider input:not([disabled])'));
  // What is in sight stays, so that below the dots nothing but the manifold changes.
  await press(page, 'Zoom in');
  await page.waitForTimeout(500);
  const times = await page.evaluate(async () => {
    const input = document.querySelector('.chart .slider input');
    const [below, middle] = document.querySelectorAll('#latent-plane canvas');
    const sum = (canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let at = 0; at < data.length; at += 97) sum = (sum * 31 + data[at]) % 1_000_003;
      return sum;
    };
    const frame = () => new Promise(requestAnimationFrame);
    const until = async (canvas, before, begun) => {
      while (sum(canvas) === before && performance.now() - begun < 2_000) await frame();
      return performance.now() - begun;
    };
    const times = [];
    // Moments are at even distances, but for the ends of epochs.
    for (const place of [0.4, 0.8, 0, 0.6]) {
      const [map, dots] = [below, middle].map(sum);
      const begun = performance.now();
      input.value = String(Math.round(place * Number(input.max)));
      input.dispatchEvent(new Event('input', { bubbles: true }));
      times.push(await Promise.all([until(middle, dots, begun), until(below, map, begun)]));
      await new Promise((done) => setTimeout(done, 400));
    }
    return times;
  });
  t.diagnostic(`dots and manifold after [ms]: ${times.map((pair) => pair.map(Math.round).join(' and ')).join(', ')}`);
  const [dotsAfter, mapAfter] = [0, 1].map((at) => Math.min(...times.map((pair) => pair[at])));
  assert.ok(dotsAfter < 100, `dots after ${dotsAfter} ms`);
  assert.ok(mapAfter < 300, `manifold after ${mapAfter} ms`);
});
