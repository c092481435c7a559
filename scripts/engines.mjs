// Measures the page's engines through globalThis.aeBench (web/bench.js), each in a browser tab of its own.
import { spread } from '../web/spread.js';

/**
 * Opens an engine with all images: `address` is what follows `?bench=`. `train` trains at least so many steps, and gives how
 * many it were and their milliseconds; `speed` gives steps per second.
 */
export async function measured({ browser, url }, address) {
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(`${url}?bench=${address}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(() => globalThis.aeBench.ready.then(() => globalThis.aeBench.load()));
  const train = (atLeast) => page.evaluate((steps) => globalThis.aeBench.train('train', steps), atLeast);
  const speed = async (atLeast) => {
    const { ms, steps } = await train(atLeast);
    return (1000 * steps) / ms;
  };
  return { train, speed, close: () => page.context().close() };
}

/**
 * Measures one worker of the CPU engine and two workers by turns, over windows of `steps` steps. Gives steps per second,
 * and how many times as fast two workers are.
 *
 * A window of two workers is compared with the window of one before it, since the load of a virtual machine's host changes
 * within a minute. Both are the same steps of a run, since a step takes longer the more the network has learnt.
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
