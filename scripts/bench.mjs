// Steps per second of the page's CPU engine: medians over windows, in a headless Chromium with nothing else on the page.
//   node scripts/bench.mjs [WINDOWS] [SECONDS]
// Prints one JSON line. Compare only figures of one sitting.
import { loadavg } from 'node:os';
import { open, press, start, state, until } from '../tests/browser/harness.mjs';

const [windows = 5, seconds = 3] = process.argv.slice(2).map(Number);
const host = await start();
const { page } = await open(host, '#engine=cpu&epochs=1000');
const began = Date.now();
await press(page, 'Train');
await until(page, 'the first step', ({ step }) => step > 0);
const first_step_ms = Date.now() - began;
// The whole data set has arrived and been inflated after this: from then on there is only training.
await until(page, 'an epoch', ({ validationLoss }) => validationLoss, 120_000);
const speeds = [];
for (let window = 0; window < windows; window += 1) {
  await page.waitForTimeout(seconds * 1000);
  speeds.push((await state(page)).stepsPerSecond);
}
speeds.sort((a, b) => a - b);
const steps_per_s = { median: speeds[windows >> 1], min: speeds[0], max: speeds.at(-1) };
console.log(JSON.stringify({ engine: 'cpu', first_step_ms, steps_per_s, load_1m: loadavg()[0] }));
await host.close();
