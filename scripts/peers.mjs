// Compares the engines with other programs that do the same work, by turns in one session. Writes docs/benchmarks.md.
//   node scripts/peers.mjs RUN [ROUNDS, 3 by default]
// RUN is the program that measures the others: `RUN web --only NAME` and `RUN site FOLDER --path ADDRESS` print a JSON line
// with steps per second by mode, `RUN reference` trains the tutorial in Keras. Needs `make build`, CHROMIUM, and a machine
// that does nothing else.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { inBrowser, lines } from './programs.mjs';
import { workersByTurns } from './engines.mjs';
import { peak } from './peak.mjs';

const [run, rounds = 3] = [process.argv[2], Number(process.argv[3] ?? 3)];
if (!run) throw new Error('node scripts/peers.mjs RUN [ROUNDS]: which program measures the peers?');
const root = new URL('..', import.meta.url).pathname;
const scratch = await mkdtemp(join(tmpdir(), 'peers-'));
const WINDOWS = ['--windows', '5', '--seconds', '2', '--parity', '0'];

const site = (query) => () => inBrowser(run, 'site', join(root, 'dist'), '--path', `/?${query}`, ...WINDOWS);
const peer = (name) => () => inBrowser(run, 'web', '--quick', '--only', name);

async function natively() {
  const [, ...later] = await lines('cargo', ['run', '--quiet', '--release', '-p', 'latent-cli', '--', 'train', '--epochs', '4', '--json']);
  return spread(later.filter(({ epoch }) => epoch).map((line) => line.steps_per_s)).median;
}
async function keras() {
  const reports = await lines(run, ['reference', '--seeds', '1', '--epochs', '4', '--out', join(scratch, 'reference.json')]);
  return reports.at(-1).steps_per_s;
}

/** How many times as fast two workers are as one. */
async function twoWorkersToOne() {
  const host = await start();
  const { ratio } = await workersByTurns(host, 10, 250);
  await host.close();
  return ratio.median;
}

/** Programs that are compared stand next to each other, since the load of a virtual machine's host changes within minutes. */
const PROGRAMS = {
  'CPU engine, two workers': site('bench=cpu&workers=2'),
  'CPU engine, one worker': site('bench=cpu&workers=1'),
  'jax-js on wasm, one thread, its better mode': peer('jaxjs-wasm'),
  'headless train --device cpu, native, two cores': natively,
  'Keras on TensorFlow, native, two cores': keras,
  'WebGPU engine, in software': site('bench=webgpu'),
  'jax-js on WebGPU, in software, its better mode': peer('jaxjs-webgpu'),
};
const [two, one, wasm, native, tensorflow, gpu, jaxGpu] = Object.keys(PROGRAMS);
/** Pairs of programs, and the ratio that is to be reached. For two workers and one worker it is measured by turns, below. */
const RATIOS = [[one, wasm, 2.3], [two, wasm, 4.0], [two, one, ''], [two, tensorflow, 0.9], [native, tensorflow, 1.6], [gpu, jaxGpu, 1.9]];

const number = (value) => value.toPrecision(3);
const ends = ({ min, max }, format) => `${format(min)} to ${format(max)}`;

const speeds = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
const gflops = await peak();
const loads = [];
const twoToOne = [];
for (let round = 1; round <= rounds; round += 1) {
  twoToOne.push(await twoWorkersToOne());
  console.log(`${round}/${rounds} two workers ÷ one, by turns: ${number(twoToOne.at(-1))}`);
  for (const [name, measure] of Object.entries(PROGRAMS)) {
    loads.push(loadavg()[0]);
    speeds[name].push(await measure());
    console.log(`${round}/${rounds} ${name}: ${number(speeds[name].at(-1))} steps/s`);
  }
}

const row = (name, least, ratios) => {
  const all = spread(ratios);
  return `| ${name} | ${least} | **${all.median.toFixed(2)}** | ${ends(all, (ratio) => ratio.toFixed(2))} |`;
};
const ratios = RATIOS.map(([a, b, least]) => (
  row(`${a} ÷ ${b}`, least, speeds[a].map((speed, round) => speed / speeds[b][round]))));
ratios.push(row('CPU engine, two workers ÷ CPU engine, one worker, both in one browser, by turns of 250 steps', 1.7, twoToOne));
const rows = Object.entries(speeds).map(([name, all]) => (
  `| ${name} | ${number(spread(all).median)} | ${ends(spread(all), number)} |`));
await writeFile(join(root, 'docs/benchmarks.md'), `# Comparison with other programs

Written by \`make bench PEERS=…\` (\`scripts/peers.mjs\`) on ${new Date().toISOString().slice(0, 10)}: the tutorial's training step, batch 256, by turns
in one session, ${rounds} rounds. ${cpus().length} cores of ${cpus()[0].model.trim()}, of which one multiplies and adds ${gflops.toFixed(1)} GFLOP/s by vectors of 128 bits
(\`scripts/peak.mjs\`); load before each turn ${ends(spread(loads), (load) => load.toFixed(1))}. Browsers are headless, and without a GPU WebGPU runs in software
there: its ratio is meaningful, its speed is not.

Medians, with the least and the most of all rounds. A ratio is taken in each round.
The last ratio compares the same steps of two workers and of one. Elsewhere each program trains for the same time: two workers
come further than one, and a step takes longer the more the network has learnt (docs/measurements.md).

| ratio | to be reached | median | |
|---|---|---|---|
${ratios.join('\n')}

| program | steps/s | |
|---|---|---|
${rows.join('\n')}
`);
await rm(scratch, { recursive: true });
