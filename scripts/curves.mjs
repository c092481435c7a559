// Measures what a step costs as batch, hidden layer and code grow. Writes docs/curves.md.
//   node scripts/curves.mjs [RUN]
// With RUN (see peers.mjs) it also measures jax-js: a copy of its page, which lies in RUN's folder, with other sizes.
// Needs `make build`, CHROMIUM, and a machine that does nothing else.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { start } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { measured } from './engines.mjs';
import { inBrowser } from './programs.mjs';

const root = new URL('..', import.meta.url).pathname;
const WINDOWS = 3;
const WINDOW_S = 1.5;
/** The values of each setting; the others are the tutorial's. */
const SETTINGS = {
  batch: [32, 64, 128, 256, 512, 1024, 4096],
  hidden: [64, 128, 300, 600, 1024, 2048],
  code: [1, 2, 3, 8, 16, 32],
};
const TUTORIAL = { batch: 256, hidden: 300, code: 2 };
const [run] = process.argv.slice(2);
const PROGRAMS = {
  'CPU engine, one worker': (settings) => ours('cpu', settings),
  'WebGPU engine, in software': (settings) => ours('webgpu', settings),
  ...(run && {
    'jax-js on wasm': (settings) => jaxJs('wasm', settings),
    'jax-js on WebGPU': (settings) => jaxJs('webgpu', settings),
  }),
};

const host = await start({ webgpu: true });

async function ours(engine, settings) {
  const { speed, close } = await measured(host, `${engine}&workers=1#${new URLSearchParams(settings)}`);
  // The first steps are faster than the later ones, so the number of steps in a window is found in two rounds.
  let steps = Math.ceil(WINDOW_S * await speed(1));
  steps = Math.ceil(WINDOW_S * await speed(steps));
  const speeds = [];
  for (let window = 0; window < WINDOWS; window += 1) speeds.push(await speed(steps));
  await close();
  return spread(speeds).median;
}

/** Steps per second in the better of jax-js' modes, with sizes and batch changed in a copy of its page; NaN if it fails. */
async function jaxJs(backend, { batch, hidden, code }) {
  const folder = await mkdtemp(join(tmpdir(), 'curves-'));
  try {
    await cp(dirname(run), folder, { recursive: true });
    const change = async (file, from, to) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      await rm(file);
      await writeFile(file, text.replace(from, to));
    };
    await change(join(folder, 'web/src/jaxjs.mjs'), '[784, 300, 2, 300, 784]', `[784, ${hidden}, ${code}, ${hidden}, 784]`);
    // No more batches than there are images for.
    const batches = Math.min(20, Math.floor(60_000 / batch));
    await change(join(folder, 'web/src/jaxjs.mjs'), '20 * BATCH', `${batches} * BATCH`);
    await change(join(folder, 'web/src/common.mjs'), 'BATCH = 256', `BATCH = ${batch}`);
    const windows = ['--windows', '3', '--seconds', '1', '--warmup', '1', '--parity', '0'];
    const images = ['--images', String(Math.max(5120, 2 * batch))];
    return await inBrowser(join(folder, basename(run)), 'web', '--only', `jaxjs-${backend}`, ...windows, ...images);
  } catch (error) {
    console.log(`jax-js on ${backend}: ${error.message.split('\n')[0]}`);
    return NaN;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const number = (value) => (Number.isNaN(value) ? '–' : Number(value.toPrecision(3)).toString());
/** Floating-point operations of a step with dense products: a multiply-add counts as two. */
const flop = ({ batch, hidden, code }) => 2 * batch * (5 * 784 * hidden + 6 * hidden * code);

const tables = [];
for (const [name, values] of Object.entries(SETTINGS)) {
  const rows = [];
  for (const value of values) {
    const settings = { ...TUTORIAL, [name]: value };
    const speeds = [];
    for (const program of Object.values(PROGRAMS)) speeds.push(await program(settings));
    const cells = speeds.flatMap((speed) => [number(speed), number((speed * flop(settings)) / 1e9)]);
    rows.push(`| ${value} | ${cells.join(' | ')} |`);
    console.log(name, rows.at(-1));
  }
  const engines = Object.keys(PROGRAMS).flatMap((program) => [`${program}: steps/s`, 'GFLOP/s']);
  tables.push(`## ${name}\n\n| ${name} | ${engines.join(' | ')} |\n|${'---|'.repeat(1 + engines.length)}\n${rows.join('\n')}\n`);
}
await writeFile(join(root, 'docs/curves.md'), `# What a step costs

Written by \`make curves${run ? ' PEERS=…' : ''}\` (\`scripts/curves.mjs\`) on ${new Date().toISOString().slice(0, 10)}: the tutorial's network and batch, with one number changed. Medians of
${WINDOWS} windows of about ${WINDOW_S} s. ${cpus().length} cores of ${cpus()[0].model.trim()}; load at the end ${loadavg()[0].toFixed(1)}. Browsers are headless, and without a GPU
WebGPU runs in software there: how its figures change is meaningful, the figures themselves are not.

GFLOP/s count a step with dense products. jax-js computes it so, and so does the WebGPU engine where the code has more than
three numbers. With shorter codes the WebGPU engine skips work that images on the plane share. The CPU engine skips that and
black pixels, and skips less the longer the code is.

${tables.join('\n')}`);
await host.close();
