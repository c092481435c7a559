// What a job is given: a browser, a server of the built page, and a way to open it.
import { after, before, describe, test } from 'node:test';
import { launch, missing, NAMES } from './drivers/index.mjs';
import { ready } from './page.mjs';
import { serve } from './server.mjs';

const DIST = process.env.DIST ?? new URL('../../dist', import.meta.url).pathname;
const MOST_MS = 300_000;
/** Workers that die or hang at a word. */
const MORTAL = `new BroadcastChannel('fate').onmessage = ({ data: [role, fate] }) => self.name.startsWith(role) && setTimeout(() => {
  if (fate === 'hangs') for (;;);
  throw new Error('unreachable executed');
});`;

/**
 * @typedef {object} Job
 * @property {string} promise What it checks.
 * @property {string[]} [needs] What the driver must be able to do.
 * @property {Record<string, Record<string, unknown>>} [preferences] The browsers it runs in, by name, with preferences that it
 * sets. All
 *   browsers without it.
 * @property {(environment: Environment) => Promise<void>} run
 */
/**
 * @typedef {object} Environment
 * @property {import('./drivers/index.mjs').Browser} browser
 * @property {Awaited<ReturnType<typeof serve>>} server
 * @property {(fragment?: string, options?: object) => Promise<import('./drivers/index.mjs').Page>} open Opens the page; `base` is
 * another
 *   address of the server, `isReady` other than the page's readiness.
 * @property {(isMortal: boolean) => void} mortal Whether workers that start from now on can be ended.
 */

/**
 * Declares the tests of these jobs in every browser. A browser that is not there is skipped, with the reason. @param {Job[]}
 * jobs
 */
export function runEverywhere(jobs) {
  for (const name of NAMES) {
    const reason = missing(name);
    if (reason) console.log(`not tested: ${reason}`);
    describe(name, { skip: reason }, () => {
      let browser;
      before(async () => { browser = await launch(name); });
      after(async () => {
        console.log(`${name} ${browser?.version}`);
        await browser?.close();
      });
      for (const job of jobs.filter(({ preferences }) => !preferences || preferences[name])) {
        test(job.promise, { timeout: MOST_MS }, (t) => runOne(t, job, browser));
      }
    });
  }
}

async function runOne(t, job, usual) {
  const lacking = (job.needs ?? []).filter((need) => usual.cannot.includes(need));
  if (lacking.length) return t.skip(`the driver of ${usual.name} cannot: ${lacking.join(', ')}`);
  let isMortal = false;
  const server = await serve(DIST, (path) => (isMortal && path.endsWith('.worker.js') ? MORTAL : undefined));
  const browser = job.preferences ? await launch(usual.name, { preferences: job.preferences[usual.name] }) : usual;
  const pages = [];
  const open = async (fragment = '', { base = server.url, isReady = ready, ...options } = {}) => {
    const page = await browser.open(base + fragment, options);
    pages.push(page);
    await isReady(page);
    return page;
  };
  try {
    await job.run({ browser, server, open, mortal: (now) => { isMortal = now; } });
  } catch (error) {
    const shot = new URL(`../browser/screenshots/${usual.name}-${job.promise.replace(/\W+/g, '-')}.png`, import.meta.url).pathname;
    await pages.at(-1)?.screenshot(shot).catch(() => {});
    t.diagnostic(`console: ${pages.flatMap((page) => page.errors()).join('; ')}`);
    throw error;
  } finally {
    for (const page of pages) await page.close().catch(() => {});
    if (browser !== usual) await browser.close();
    await server.stop();
  }
}
