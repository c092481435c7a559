// Steps per second of the page's CPU engine in a headless Chromium: as people see it, everything drawn, and then the
// engine by itself, with one worker and with two by turns.
//   node scripts/bench.mjs [WINDOWS] [SECONDS]
// Prints one JSON line for each. Compare only figures of one sitting.
import { loadavg } from 'node:os';
import { open, press, start, state, until } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { workersByTurns } from './engines.mjs';

const [windows = 5, seconds = 3] = process.argv.slice(2).map(Number);
const host = await start();

const tell = (figures) => console.log(JSON.stringify({ engine: 'cpu', ...figures, load_1m: loadavg()[0] }));

async function asPeopleSeeIt() {
  const { page, close } = await open(host, '#engine=cpu&epochs=1000');
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
  const { workers } = await state(page);
  await close();
  tell({ drawn: true, workers, first_step_ms, steps_per_s: spread(speeds) });
}

async function byItself() {
  const { one, two, ratio } = await workersByTurns(host, windows, 50 * seconds);
  tell({ drawn: false, workers: 1, steps_per_s: one });
  tell({ drawn: false, workers: 2, steps_per_s: two });
  tell({ two_workers_to_one: ratio });
}

await asPeopleSeeIt();
await byItself();
await host.close();
