// Two workers of the CPU engine and one, in one browser and by turns of a few seconds: on a virtual machine, whose
// neighbours come and go within a minute, what is compared has to follow each other closely.
import { spread } from '../web/spread.js';

/** The page that web/bench.js measures, with so many workers at work. */
async function measured({ browser, url }, workers) {
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(`${url}?bench=cpu&workers=${workers}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(async () => {
    await globalThis.aeBench.ready;
    await globalThis.aeBench.load();
  });
  const speed = async (steps) => {
    const { ms, steps: done } = await page.evaluate((steps) => globalThis.aeBench.train('train', steps), steps);
    return 1000 * done / ms;
  };
  return { speed, close: () => page.context().close() };
}

/**
 * Steps per second of one worker and of two, and the ratio of two to one, over so many windows of at least so many steps.
 * A ratio is that of a window and the one before it. `host` has a browser and the built page's address.
 */
export async function workersByTurns(host, windows, steps) {
  const [one, two] = [await measured(host, 1), await measured(host, 2)];
  const speeds = { one: [], two: [] };
  for (let window = -1; window < windows; window += 1) {
    const pair = [await one.speed(steps), await two.speed(steps)];
    // The first is to warm up.
    if (window >= 0) [speeds.one, speeds.two].forEach((all, at) => all.push(pair[at]));
  }
  await Promise.all([one.close(), two.close()]);
  const ratio = spread(speeds.two.map((speed, window) => speed / speeds.one[window]));
  return { one: spread(speeds.one), two: spread(speeds.two), ratio };
}
