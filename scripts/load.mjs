// Has many visitors at once load the page from nginx and from Caddy on this machine: node scripts/load.mjs [VISITORS]
//
// A browser makes real visits first, and the server's log says what they ask for. Then each visitor asks for the same, in the
// same order, over one connection that is kept open, as fast as the answers come. Everything stays on the loopback interface.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, press, until } from '../tests/browser/harness.mjs';
import { SERVERS, startServer } from '../tests/hosting/servers.mjs';

const DIST = new URL('../dist/', import.meta.url).pathname;
const VISITORS = Number(process.argv[2] ?? 1000);
/** Bytes that all visitors of a kind may ask for together. */
const MOST_BYTES = 4e9;

/** What the log has got since the last call: requests in order, as [address, status, bytes with headers]. */
function logReader(file) {
  let read = 0;
  return async () => {
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    const news = lines.slice(read).map((line) => line.split(' ')).map(([path, status, bytes]) => ({ path, status: Number(status), bytes: Number(bytes) }));
    read = lines.length;
    return news;
  };
}

/** Until nothing has been asked for in a second. */
async function quiet(page, file) {
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await page.waitForTimeout(1000);
    now = (await readFile(file)).length;
  }
}

/** The requests of real visits: the first one, one that trains, and another one a day later. */
async function recorded() {
  const server = await startServer('nginx', DIST);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    const news = logReader(server.log);
    await news();
    const context = await browser.newContext({ serviceWorkers: 'allow' });
    const page = await context.newPage();
    const visits = {};
    await page.goto(`${server.url}#engine=cpu&epochs=2`);
    await page.getByRole('button', { name: 'Reset' }).waitFor();
    await quiet(page, server.log);
    visits['the first visit'] = await news();
    // The first epoch asks for all images, and the later ones for nothing.
    await press(page, 'Train');
    await until(page, 'two epochs', ({ epoch }) => epoch >= 2, 300_000);
    await quiet(page, server.log);
    visits['training on it, all epochs'] = await news();
    await page.goto('about:blank');
    await page.goto(`${server.url}#engine=cpu&epochs=2`);
    await page.getByRole('button', { name: 'Reset' }).waitFor();
    await press(page, 'Train');
    await until(page, 'two epochs again', ({ epoch }) => epoch >= 2, 300_000);
    await quiet(page, server.log);
    visits['a second visit that trains'] = await news();
    return visits;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** One request. Gives its time until the last byte, its bytes and its status; 0 for none. */
const ask = (agent, url) => new Promise((resolve) => {
  const began = performance.now();
  let bytes = 0;
  const end = (status) => resolve({ status, bytes, ms: performance.now() - began });
  const asked = request(url, { agent, headers: { 'accept-encoding': 'gzip' }, timeout: 60_000 }, (response) => {
    response.on('data', (chunk) => { bytes += chunk.length; });
    response.on('end', () => end(response.statusCode));
    response.on('error', () => end(0));
  });
  asked.on('timeout', () => asked.destroy());
  asked.on('error', () => end(0));
  asked.end();
});

/** So many visitors at once, each of whom asks for these in order. */
async function replay(url, visit, visitors) {
  const answers = [];
  const visits = [];
  const began = performance.now();
  await Promise.all(Array.from({ length: visitors }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const began = performance.now();
    for (const { path } of visit) answers.push(await ask(agent, new URL(path, url)));
    visits.push(performance.now() - began);
    agent.destroy();
  }));
  const seconds = (performance.now() - began) / 1000;
  const expected = new Set([200, 304]);
  const errors = answers.filter(({ status }) => !expected.has(status)).length;
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  return { requests: answers.length, errors, bytes, seconds, request: quantiles(answers.map(({ ms }) => ms)), visit: quantiles(visits) };
}

function quantiles(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p99: at(0.99) };
}

const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const kB = (bytes) => (bytes / 1e3).toFixed(0);

const visits = await recorded();
console.log('\nWhat a visitor asks for, from the log of nginx (bytes with headers):\n');
row('', 'requests', 'of them 304', 'kB', 'a million visits, GB');
row('---', '--:', '--:', '--:', '--:');
for (const [name, visit] of Object.entries(visits)) {
  const bytes = visit.reduce((sum, { bytes }) => sum + bytes, 0);
  row(name, visit.length, visit.filter(({ status }) => status === 304).length, kB(bytes), kB(bytes));
}
const assets = new Set(Object.values(visits).flat().map(({ path }) => path).filter((path) => path.includes('/assets/')));
console.log(`\nBehind a CDN, each of its places asks the origin once a release for ${assets.size} files in assets/, and for the pages at each visit or as often as it is allowed to keep them.`);

console.log(`\nVisitors at once on this machine (${availableParallelism()} cores, which the load generator shares):\n`);
row('server', 'visit', 'visitors', 'requests', 'errors', 'MB', 's', 'requests/s', 'request p50/p99, ms', 'visit p50/p99, s');
row('---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:');
for (const name of Object.keys(SERVERS)) {
  const server = await startServer(name, DIST);
  try {
    for (const [kind, visit] of Object.entries(visits).slice(0, 2)) {
      const bytes = visit.reduce((sum, { bytes }) => sum + bytes, 0);
      const visitors = Math.max(1, Math.min(VISITORS, Math.floor(MOST_BYTES / bytes)));
      const { requests, errors, bytes: got, seconds, request: each, visit: whole } = await replay(server.url, visit, visitors);
      row(name, kind, visitors, requests, errors, (got / 1e6).toFixed(0), seconds.toFixed(1), (requests / seconds).toFixed(0),
        `${each.p50.toFixed(0)} / ${each.p99.toFixed(0)}`, `${(whole.p50 / 1e3).toFixed(1)} / ${(whole.p99 / 1e3).toFixed(1)}`);
    }
  } finally {
    await server.close();
  }
}
