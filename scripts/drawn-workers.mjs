// Measures an epoch of training, with everything drawn, by one worker and by two, from the press of Train to the finished run.
//   node scripts/drawn-workers.mjs [ROUNDS [FOLDER]]
// Chromium and Firefox, where they are. By turns; the epoch that makes a browser warm is not counted. Prints a JSON line for each
// browser: the seconds of all rounds, and the ratio one ÷ two of their medians. Needs CHROMIUM, and a machine that does nothing
// else.
import { loadavg } from 'node:os';
import { launch, missing } from '../tests/browsers/drivers/index.mjs';
import { press, pretrained, reached, ready } from '../tests/browsers/page.mjs';
import { serve } from '../tests/browsers/server.mjs';
import { spread } from '../web/spread.js';

const [rounds = 3, folder = new URL('../dist', import.meta.url).pathname] = process.argv.slice(2);

/** Seconds from the press to the end of an epoch of 235 steps. */
async function epoch(browser, url, workers) {
  const page = await browser.open(`${url}?workers=${workers}#engine=cpu&epochs=1&seed=3`);
  try {
    await ready(page);
    await pretrained(page);
    const began = performance.now();
    await press(page, 'Train');
    await reached(page, 'the end of the epoch', ({ phase }) => phase === 'finished', 300_000);
    return (performance.now() - began) / 1e3;
  } finally {
    await page.close();
  }
}

for (const name of ['Chromium', 'Firefox']) {
  const reason = missing(name);
  if (reason) {
    console.log(`not measured: ${reason}`);
    continue;
  }
  const server = await serve(folder);
  const browser = await launch(name);
  const seconds = { 1: [], 2: [] };
  await epoch(browser, server.url, 1);
  for (let round = 0; round < rounds; round += 1) {
    for (const workers of [1, 2]) seconds[workers].push(await epoch(browser, server.url, workers));
  }
  const ratio = spread(seconds[1]).median / spread(seconds[2]).median;
  console.log(JSON.stringify({ browser: name, version: browser.version, seconds, ratio, load: loadavg()[0] }));
  await browser.close();
  await server.stop();
}
