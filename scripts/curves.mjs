// What a step costs as batch, hidden layer and code grow: writes docs/curves.md.
//   node scripts/curves.mjs
// Needs `make build`, CHROMIUM, and a machine that does nothing else.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { start } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';

const root = new URL('..', import.meta.url).pathname;
const WINDOWS = 3;
const WINDOW_S = 1.5;
/** The tutorial's, but for one. */
const SETTINGS = {
  batch: [32, 64, 128, 256, 512, 1024, 4096],
  hidden: [64, 128, 300, 600, 1024, 2048],
  code: [1, 2, 3, 8, 16, 32],
};
const TUTORIAL = { batch: 256, hidden: 300, code: 2 };
const ENGINES = { cpu: 'CPU engine, one worker', webgpu: 'WebGPU engine, in software' };

const host = await start({ webgpu: true });

async function measured(engine, settings) {
  const page = await (await host.browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(`${host.url}?bench=${engine}&workers=1#${new URLSearchParams(settings)}`);
  await page.waitForFunction(() => globalThis.aeBench);
  await page.evaluate(() => globalThis.aeBench.ready.then(() => globalThis.aeBench.load()));
  const train = (steps) => page.evaluate((steps) => globalThis.aeBench.train('train', steps), steps);
  const speed = ({ ms, steps }) => (1000 * steps) / ms;
  // The first steps bend less than the later ones, and tell how many make a window.
  let steps = Math.ceil(WINDOW_S * speed(await train(1)));
  steps = Math.ceil(WINDOW_S * speed(await train(steps)));
  const speeds = [];
  for (let window = 0; window < WINDOWS; window += 1) speeds.push(speed(await train(steps)));
  await page.context().close();
  return spread(speeds).median;
}

const number = (value) => Number(value.toPrecision(3)).toString();
/** Multiply-adds of a step whose products are all dense, times two. */
const flop = ({ batch, hidden, code }) => 2 * batch * (5 * 784 * hidden + 6 * hidden * code);

const tables = [];
for (const [name, values] of Object.entries(SETTINGS)) {
  const rows = [];
  for (const value of values) {
    const settings = { ...TUTORIAL, [name]: value };
    const speeds = [];
    for (const engine of Object.keys(ENGINES)) speeds.push(await measured(engine, settings));
    const cells = speeds.flatMap((speed) => [number(speed), number((speed * flop(settings)) / 1e9)]);
    rows.push(`| ${value} | ${cells.join(' | ')} |`);
    console.log(name, rows.at(-1));
  }
  const engines = Object.values(ENGINES).flatMap((engine) => [`${engine}: steps/s`, 'GFLOP/s']);
  tables.push(`## ${name}\n\n| ${name} | ${engines.join(' | ')} |\n|${'---|'.repeat(1 + engines.length)}\n${rows.join('\n')}\n`);
}
await writeFile(join(root, 'docs/curves.md'), `# What a step costs

Written by \`make curves\` (\`scripts/curves.mjs\`) on ${new Date().toISOString().slice(0, 10)}: the tutorial's network and batch, but for one number. Medians of
${WINDOWS} windows of about ${WINDOW_S} s. ${cpus().length} cores of ${cpus()[0].model.trim()}; load at the end ${loadavg()[0].toFixed(1)}. Browsers are headless, and without a GPU
WebGPU runs in software there: believe how its figures change, not the figures.

GFLOP/s count a step whose products all are dense. The WebGPU engine makes it so; the CPU engine leaves out black pixels
and what images on the plane share, the less of it the longer the code.

${tables.join('\n')}`);
await host.close();
