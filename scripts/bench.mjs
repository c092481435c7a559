// Measures the page's CPU engine in a headless Chromium, in steps per second: first with everything drawn, as people see
// it, then without drawing, one worker and two workers by turns. Before that, the peak of a core.
//   node scripts/bench.mjs [WINDOWS] [SECONDS]
// Prints one JSON line for each. Compare only figures of one session on one machine.
import { cpus, loadavg } from 'node:os';
import { open, press, start, state, until } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { workersByTurns } from './engines.mjs';
import { peak } from './peak.mjs';

const [windows = 5, seconds = 3] = process.argv.slice(2).map(Number);
const host = await start();

const print = (figures) => console.log(JSON.stringify({ engine: 'cpu', ...figures, load_1m: loadavg()[0] }));

async function drawn() {
  const { page, close } = await open(host, '#engine=cpu&epochs=1000');
  const began = Date.now();
  await press(page, 'Train');
  await until(page, 'the first step', ({ step }) => step > 0);
  const first_step_ms = Date.now() - began;
  // By then the whole data set has arrived and been inflated: only training is left.
  await until(page, 'an epoch', ({ validationLoss }) => validationLoss, 120_000);
  const speeds = [];
  for (let window = 0; window < windows; window += 1) {
    await page.waitForTimeout(seconds * 1000);
    speeds.push((await state(page)).stepsPerSecond);
  }
  const { workers } = await state(page);
  await close();
  print({ drawn: true, workers, first_step_ms, steps_per_s: spread(speeds) });
}

async function undrawn() {
  const { one, two, ratio } = await workersByTurns(host, windows, 50 * seconds);
  print({ drawn: false, workers: 1, steps_per_s: one });
  print({ drawn: false, workers: 2, steps_per_s: two });
  print({ two_workers_to_one: ratio });
}

console.log(JSON.stringify({ cores: cpus().length, cpu: cpus()[0].model.trim(), peak_gflops: Number((await peak()).toFixed(1)) }));
await drawn();
await undrawn();
await host.close();
