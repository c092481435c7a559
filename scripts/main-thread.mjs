// Measures what the page itself takes while it trains, beside its workers: processor time by thread, from /proc (Linux), the
// tasks of the main thread by the clock, and layouts.
//   node scripts/main-thread.mjs [ROUNDS [SECONDS [FOLDER…]]]
// Several folders with builds of the page are measured by turns. Prints a JSON line for each build: medians, in milliseconds a
// second. Needs CHROMIUM.
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';
import { CHROMIUM_FLAGS } from '../tests/browser/harness.mjs';

const [rounds = 3, seconds = 8, ...given] = process.argv.slice(2);
const folders = given.length > 0 ? given : [new URL('../dist', import.meta.url).pathname];
const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended meanwhile.
  }
};
const isNumber = (name) => /^\d+$/.test(name);

/** A process and all below it. */
function family(root) {
  const parent = (pid) => Number(read(`/proc/${pid}/stat`).replace(/^.*\) \S /s, '').split(' ')[0]);
  const parents = readdirSync('/proc').filter(isNumber).map((pid) => [Number(pid), parent(pid)]);
  const below = (pid) => [pid, ...parents.filter(([, of]) => of === pid).flatMap(([child]) => below(child))];
  return below(root);
}

/** Milliseconds on a core, by kind of thread. */
function times(root) {
  const times = { main_thread: 0, other: 0, workers: 0 };
  for (const pid of family(root)) {
    const kind = /--type=([\w-]+)/.exec(read(`/proc/${pid}/cmdline`))?.[1];
    if (!['renderer', 'gpu-process'].includes(kind)) continue;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const isWorker = /DedicatedWorker/.test(read(`/proc/${pid}/task/${thread}/comm`));
      const isMain = kind === 'renderer' && Number(thread) === pid;
      const name = isWorker ? 'workers' : isMain ? 'main_thread' : 'other';
      times[name] += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]) / 1e6;
    }
  }
  return times;
}

async function measure(folder) {
  const server = await serve(folder);
  const host = await chromium.launchServer({ executablePath: process.env.CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    const browser = await chromium.connect(host.wsEndpoint());
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await page.goto(`${server.url}#engine=cpu&epochs=1000&images=5120&seed=4`);
    await page.locator('#latent-plane[data-digits="2000"]').waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.waitForTimeout(5000);
    const look = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      const value = (name) => metrics.find((metric) => metric.name === name).value;
      const steps = Number(await page.locator('#run-state').getAttribute('data-step'));
      return { ...times(host.process().pid), tasks: 1000 * value('TaskDuration'), layouts: value('LayoutCount'), steps, at: performance.now() };
    };
    const before = await look();
    await page.waitForTimeout(1000 * seconds);
    const { at, ...after } = await look();
    const a_second = ([name, value]) => [name, Number(((value - before[name]) / ((at - before.at) / 1000)).toFixed(1))];
    return Object.fromEntries(Object.entries(after).map(a_second));
  } finally {
    await host.close();
    await server.close();
  }
}

const results = folders.map(() => []);
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [at, folder] of folders.entries()) results[at].push(await measure(folder));
}
for (const [at, folder] of folders.entries()) {
  const median = (name) => results[at].map((result) => result[name]).sort((a, b) => a - b)[Math.floor(results[at].length / 2)];
  console.log(JSON.stringify({ folder, ...Object.fromEntries(Object.keys(results[at][0]).map((name) => [name, median(name)])) }));
}
