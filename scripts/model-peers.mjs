// Compares the engines with other programs in the browser that can train the convolutional models, by turns in one session. Writes
// docs/model-benchmarks.md.
//   node scripts/model-peers.mjs RUN [ROUNDS, 1 by default]
// RUN is the program that measures the others: `RUN web --only NAME --batch N` and `RUN site FOLDER --path ADDRESS` print a JSON line
// with steps per second and CPU seconds a step by mode. Needs `make build`, CHROMIUM, and a machine that does nothing else.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { spread } from '../web/spread.js';
import { lines } from './programs.mjs';

const [run, rounds = 1] = [process.argv[2], Number(process.argv[3] ?? 1)];
if (!run) throw new Error('node scripts/model-peers.mjs RUN [ROUNDS]: which program measures the peers?');
const root = new URL('..', import.meta.url).pathname;

/** The models: the part of a link that describes them, their batch, and one that slow programs train in seconds. */
const MODELS = {
  'conv-vae': {
    link: 'encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid&loss=bce-sum&lr=0.001',
    batch: 128, small: 8,
  },
  'conv-small': { link: 'encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid', batch: 256, small: 16 },
};
const PEERS = ['tfjs-cpu', 'jaxjs-wasm', 'tfjs-webgl', 'tfjs-webgpu', 'jaxjs-webgpu'];

/** Steps per second, CPU seconds an image, and calls of the GPU a step, in the better mode of a target. */
async function measured(batch, ...args) {
  const [line] = await lines(run, args);
  if (line.error) throw new Error(`${line.target}: ${line.error}`);
  const better = line.modes.map((mode) => line[mode]).reduce((a, b) => (b.cpu_s_per_step < a.cpu_s_per_step ? b : a));
  const { dispatchWorkgroups, drawArrays = 0, drawElements = 0 } = better.per_step;
  const calls = dispatchWorkgroups ?? (drawArrays + drawElements || undefined);
  return { images_per_s: better.steps_per_s * batch, cpu_s_per_image: better.cpu_s_per_step / batch, calls };
}

const own = (model, query, batch) => () => measured(
  batch, 'site', join(root, 'dist'), '--path', `/?${query}#${model.link}&batch=${batch}`, '--windows', '3', '--seconds', '3', '--parity', '0', '--warmup', '2');
const peer = (name, model, target) => () => measured(
  model.small, 'web', '--quick', '--only', `${name}-${target}`, '--batch', String(model.small), '--parity', '0', '--timeout', '600');

const results = {};
const loads = [];
for (let round = 1; round <= rounds; round += 1) {
  for (const [name, model] of Object.entries(MODELS)) {
    const programs = {
      [`CPU engine, one worker, batch ${model.batch}`]: own(model, 'bench=cpu&workers=1', model.batch),
      [`CPU engine, two workers, batch ${model.batch}`]: own(model, 'bench=cpu&workers=2', model.batch),
      [`WebGPU engine, batch ${model.small}`]: own(model, 'bench=webgpu', model.small),
      [`WebGPU engine, batch ${model.batch}`]: own(model, 'bench=webgpu', model.batch),
      ...Object.fromEntries(PEERS.map((target) => [`${target}, batch ${model.small}`, peer(name, model, target)])),
    };
    for (const [program, measure] of Object.entries(programs)) {
      loads.push(loadavg()[0]);
      const figures = await measure().catch((error) => ({ error: error.message }));
      console.log(`${round}/${rounds} ${name}: ${program}: ${JSON.stringify(figures)}`);
      ((results[name] ??= {})[program] ??= []).push(figures);
    }
  }
}

const number = (value) => (value === undefined ? '' : Number(value.toPrecision(3)));
function row([program, rounds]) {
  const good = rounds.filter(({ error }) => !error);
  if (!good.length) return `| ${program} | ${rounds[0].error} | | |`;
  const median = (key) => spread(good.map((figures) => figures[key])).median;
  const calls = good[0].calls === undefined ? '' : number(median('calls'));
  return `| ${program} | ${number(median('images_per_s'))} | ${number(median('cpu_s_per_image') * 1e3)} | ${calls} |`;
}
const tables = Object.entries(results).map(([name, programs]) => `## ${name}

| program | images/s | CPU ms an image | dispatches or draws a step |
|---|---|---|---|
${Object.entries(programs).map(row).join('\n')}
`);
await writeFile(join(root, 'docs/model-benchmarks.md'), `# Convolutional models beside other programs

Written by \`make bench-models PEERS=…\` (\`scripts/model-peers.mjs\`) on ${new Date().toISOString().slice(0, 10)}, one program after the other in one session,
${rounds} ${rounds === 1 ? 'round' : 'rounds'}. ${cpus().length} cores of ${cpus()[0].model.trim()}; load before each turn ${spread(loads).min.toFixed(1)} to ${spread(loads).max.toFixed(1)}. Browsers are headless, and without a GPU
WebGPU and WebGL run in software there: their ratios are meaningful, their speeds are not. Slow programs train small batches; the
CPU time is of all processes of the browser. \`conv-vae\` is the preset *Variational convolutional*, \`conv-small\` the preset
*Convolutional*.

${tables.join('\n')}`);
