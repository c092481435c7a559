// Steps per second of the page's CPU engine in a headless Chromium: as people see it, everything drawn, and then the
// engine by itself, with one worker and with two by turns.
//   node scripts/bench.mjs [WINDOWS] [SECONDS]
// Prints one JSON line for each. Compare only figures of one sitting.
import { loadavg } from 'node:os';
import { open, press, start, state, until } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';

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

/** The page that web/bench.js measures, with so many workers at work. */
async function measured(workers) {
  const page = await (await host.browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(`${host.url}?bench=cpu&workers=${workers}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(async () => {
    await globalThis.aeBench.ready;
    await globalThis.aeBench.load();
  });
  return { workers, speeds: [], train: (steps) => page.evaluate((steps) => globalThis.aeBench.train('train', steps), steps) };
}

async function byItself() {
  const all = [await measured(1), await measured(2)];
  for (const { train } of all) await train(30);
  for (let window = 0; window < windows; window += 1) {
    for (const { train, speeds } of all) {
      const { ms, steps } = await train(50 * seconds);
      speeds.push(1000 * steps / ms);
    }
  }
  for (const { workers, speeds } of all) tell({ drawn: false, workers, steps_per_s: spread(speeds) });
  const [one, two] = all.map(({ speeds }) => spread(speeds).median);
  tell({ two_workers_to_one: two / one });
}

await asPeopleSeeIt();
await byItself();
await host.close();
