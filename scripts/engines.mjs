// The page's own engines, measured through globalThis.aeBench (web/bench.js), each in a browser tab of its own.
import { spread } from '../web/spread.js';

/** An engine ready to be measured, all images there: `address` is what follows `?bench=`. `speed` is in steps per second. */
export async function measured({ browser, url }, address) {
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(`${url}?bench=${address}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(() => globalThis.aeBench.ready.then(() => globalThis.aeBench.load()));
  const speed = async (atLeast) => {
    const { ms, steps } = await page.evaluate((steps) => globalThis.aeBench.train('train', steps), atLeast);
    return (1000 * steps) / ms;
  };
  return { speed, close: () => page.context().close() };
}

/**
 * One worker of the CPU engine and two, by turns, over windows of so many steps: steps per second, and how many times as
 * fast two are. A virtual machine's neighbours come and go within a minute, so a window of two is compared with that of one
 * before it; and with the same steps of the run, since a step takes longer the more the network has learnt.
 */
export async function workersByTurns(host, windows, steps) {
  const one = await measured(host, 'cpu&workers=1');
  const two = await measured(host, 'cpu&workers=2');
  const speeds = { one: [], two: [], ratio: [] };
  await one.speed(steps);
  await two.speed(steps);
  for (let window = 0; window < windows; window += 1) {
    speeds.one.push(await one.speed(steps));
    speeds.two.push(await two.speed(steps));
    speeds.ratio.push(speeds.two[window] / speeds.one[window]);
  }
  await Promise.all([one.close(), two.close()]);
  return { one: spread(speeds.one), two: spread(speeds.two), ratio: spread(speeds.ratio) };
}
