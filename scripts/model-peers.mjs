// Compares the engines with other programs in the browser that train the same models, by turns in one session. Writes
// docs/model-benchmarks.md.
//   node scripts/model-peers.mjs RUN [ROUNDS, 1 by default] [SECTION …, by default dense conv-vae conv-small]
// RUN is the program that measures the others: `RUN web --only NAME --batch N` and `RUN site FOLDER --path ADDRESS` print a JSON
// line with steps per second and CPU seconds a step by mode. It serves the pixels of MNIST to the page that it measures, as
// benches/jaxjs/dense.js asks for them. Sections that are not named stay as they are. Needs `make build`, CHROMIUM, JAX_JS (the
// folder with jax-js' modules), and a machine that does nothing else.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spread } from '../web/spread.js';
import { peak } from './peak.mjs';
import { lines } from './programs.mjs';

const [run, rounds = '1', ...named] = process.argv.slice(2);
if (!run) throw new Error('node scripts/model-peers.mjs RUN [ROUNDS] [SECTION …]: which program measures the peers?');
const root = new URL('..', import.meta.url).pathname;
const page = join(root, 'docs/model-benchmarks.md');

/** The convolutional models: the part of a link that describes them, their batch, and one that slow programs train in seconds. */
const MODELS = {
  'conv-vae': {
    link: 'encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid&loss=bce-sum&lr=0.001',
    batch: 128, small: 8,
  },
  'conv-small': { link: 'encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid', batch: 256, small: 16 },
};
const PEERS = ['tfjs-cpu', 'jaxjs-wasm', 'tfjs-webgl', 'tfjs-webgpu', 'jaxjs-webgpu'];

/** Presets of dense layers, as links, and how many times as fast as jax-js they are to be. */
const DENSE = {
  'Variational dense': {
    link: 'hidden=512&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=128&lr=0.001', least: 2.5,
  },
  'More codes': { link: 'code=8', least: 2.0 },
  Deep: { link: 'hidden=512,128', least: 2.0 },
  Denoising: { link: 'corruption=gaussian0.4', least: 1.35 },
};

/** Steps after which browsers have compiled by their optimising compiler what a step of these takes. */
const WARM_STEPS = 60;

/** Steps per second, CPU seconds a step, and calls of the GPU a step, in the better mode of a target. */
async function measured(...args) {
  const [line] = await lines(run, args);
  if (line.error) throw new Error(`${line.target}: ${line.error}`);
  const better = line.modes.map((mode) => line[mode]).reduce((a, b) => (b.cpu_s_per_step < a.cpu_s_per_step ? b : a));
  const { dispatchWorkgroups, drawArrays = 0, drawElements = 0 } = better.per_step;
  const calls = dispatchWorkgroups ?? (drawArrays + drawElements || undefined);
  return { steps_per_s: better.steps_per_s, cpu_s_per_step: better.cpu_s_per_step, calls };
}

const site = (folder, query, link, seconds, warmup) => measured(
  'site', folder, '--path', `/?${query}#${link}`, '--windows', '3', '--seconds', `${seconds}`, '--parity', '0', '--warmup', `${warmup}`);
const own = (query, link) => site(join(root, 'dist'), query, link, 3, 2);
const peer = (target, batch) => measured(
  'web', '--quick', '--only', target, '--batch', String(batch), '--parity', '0', '--timeout', '600');

const loads = [];
/** Measures every program once a round: an object of functions by name. Gives lists of figures. */
async function byTurns(section, programs) {
  const all = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(programs)) {
      loads.push(loadavg()[0]);
      const figures = await measure().catch((error) => ({ error: error.message }));
      console.log(`${round}/${rounds} ${section}: ${name}: ${JSON.stringify(figures)}`);
      all[name].push(figures);
    }
  }
  return all;
}

const number = (value) => (value === undefined ? '' : Number(value.toPrecision(3)));
const fixed = (value) => value.toFixed(2);
const median = (figures, key) => spread(figures.map((figure) => figure[key])).median;

async function convolutional(name) {
  const { link, batch, small } = MODELS[name];
  const batches = {};
  const programs = {};
  const add = (program, batch, measure) => {
    const title = `${program}, batch ${batch}`;
    [batches[title], programs[title]] = [batch, measure];
  };
  const ours = (query, batch) => () => own(query, `${link}&batch=${batch}`);
  add('CPU engine, one worker', batch, ours('bench=cpu&workers=1', batch));
  add('CPU engine, two workers', batch, ours('bench=cpu&workers=2', batch));
  for (const size of [small, batch]) add('WebGPU engine', size, ours('bench=webgpu', size));
  for (const target of PEERS) add(target, small, () => peer(`${name}-${target}`, small));
  const row = ([program, figures]) => {
    const good = figures.filter(({ error }) => !error);
    if (!good.length) return `| ${program} | ${figures[0].error} | | |`;
    const images_per_s = median(good, 'steps_per_s') * batches[program];
    const cpu_ms = (median(good, 'cpu_s_per_step') * 1e3) / batches[program];
    const calls = good[0].calls === undefined ? '' : number(median(good, 'calls'));
    return `| ${program} | ${number(images_per_s)} | ${number(cpu_ms)} | ${calls} |`;
  };
  return `| program | images/s | CPU ms an image | dispatches or draws a step |
|---|---|---|---|
${Object.entries(await byTurns(name, programs)).map(row).join('\n')}`;
}

/** The presets of dense layers on one worker beside jax-js on wasm, which has one thread there. */
async function dense() {
  if (!process.env.JAX_JS) throw new Error('JAX_JS: where are the modules of jax-js?');
  const folder = await mkdtemp(join(tmpdir(), 'jaxjs-'));
  await cp(join(root, 'benches/jaxjs'), folder, { recursive: true });
  await cp(process.env.JAX_JS, join(folder, 'jax-js'), { recursive: true });
  const programs = Object.fromEntries(Object.entries(DENSE).flatMap(([name, { link }]) => [
    [name, () => site(join(root, 'dist'), 'bench=cpu&workers=1', link, 1, WARM_STEPS)],
    [`${name}, jax-js`, () => site(folder, 'backend=wasm', link, 1, WARM_STEPS)],
  ]));
  const all = await byTurns('dense', programs);
  await rm(folder, { recursive: true });
  const rows = Object.entries(DENSE).map(([name, { least }]) => {
    const [ours, theirs] = [all[name], all[`${name}, jax-js`]];
    const failed = [...ours, ...theirs].find(({ error }) => error);
    if (failed) return `| ${name} | ${least} | ${failed.error} | | | | | |`;
    const ratio = (of) => {
      const { median, min, max } = spread(ours.map((figures, round) => of(figures, theirs[round])));
      return `**${fixed(median)}** (${fixed(min)} to ${fixed(max)})`;
    };
    const speeds = [ours, theirs].flatMap((figures) => [median(figures, 'steps_per_s'), median(figures, 'cpu_s_per_step') * 1e3]);
    return `| ${name} | ${least} | ${ratio((a, b) => a.steps_per_s / b.steps_per_s)} | ${
      ratio((a, b) => b.cpu_s_per_step / a.cpu_s_per_step)} | ${speeds.map(number).join(' | ')} |`;
  });
  return `The presets of dense layers: the CPU engine with one worker, and jax-js on wasm (\`benches/jaxjs\`), which has one thread. A ratio is
taken in each round. Random numbers of jax-js are its own or JavaScript's, whichever takes less.

| preset | to be reached | ratio of steps/s | ratio of CPU time a step | ours, steps/s | CPU ms a step | jax-js, steps/s | CPU ms a step |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

const SECTIONS = { dense, ...Object.fromEntries(Object.keys(MODELS).map((name) => [name, () => convolutional(name)])) };

/** The sections that the page has, by their names. */
const before = await readFile(page, 'utf8').then((text) => text.split(/^## /m).slice(1), () => []);
const sections = Object.fromEntries(before.map((section) => [section.split('\n')[0], section.split('\n').slice(1).join('\n').trim()]));
for (const name of named.length ? named : Object.keys(SECTIONS)) {
  const gflops = await peak();
  loads.length = 0;
  const table = await SECTIONS[name]();
  const { min, max } = spread(loads);
  sections[name] = `${new Date().toISOString().slice(0, 10)}, ${rounds} ${rounds === '1' ? 'round' : 'rounds'}, ${cpus().length} cores of ${cpus()[0].model.trim()}
of which one multiplies and adds ${gflops.toFixed(1)} GFLOP/s by vectors of 128 bits (\`scripts/peak.mjs\`). Load before each turn ${min.toFixed(1)} to ${max.toFixed(1)}.

${table}`;
}

await writeFile(page, `# Models beside other programs

Written by \`make bench-models PEERS=…\` (\`scripts/model-peers.mjs\`), one program after the other. Browsers are headless, and without a GPU
WebGPU and WebGL run in software there: their ratios are meaningful, their speeds are not. Slow programs train small batches; the
CPU time is of all processes of the browser. \`conv-vae\` is the preset *Variational convolutional*, \`conv-small\` the preset
*Convolutional*.

${Object.keys(SECTIONS).filter((name) => sections[name]).map((name) => `## ${name}\n\n${sections[name]}\n`).join('\n')}`);
