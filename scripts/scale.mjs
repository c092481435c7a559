// Measures training by several ranks on this machine, fits a model of a step's time, checks it, and predicts what more machines
// bring: node scripts/scale.mjs PROGRAM [ROUNDS]
//
// PROGRAM is `headless`, built with `--features mpi` or without: ranks are processes of mpirun, or threads. Configurations take
// turns, and of each one the fastest round counts, because other work on a machine only ever makes a step slower.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const [program, rounds = '5'] = process.argv.slice(2);
const run = promisify(execFile);
const isMpi = await run(program, ['train', '--hidden', '2', '--images', '256', '--steps', '1'], { env: { ...process.env, OMPI_COMM_WORLD_SIZE: '2', PMI_SIZE: '2' } })
  .then(() => true, ({ stderr }) => !stderr.startsWith('this build has no MPI'));

/** What a rank receives in a step from n - 1 others, where each of at least four column blocks has so many bytes of sums. */
const columns = (block) => (n) => ((n - 1) / n) * Math.max(4, n) * block;
/** The same where a rank needs what others computed of their images (so many bytes an image), and their weights. */
const images = (image, weights) => (n) => ((n - 1) / n) * (256 * image + weights);
/** The same where each rank sends the gradient at all weights. */
const shards = (gradient) => (n) => (n - 1) * gradient;
/**
 * A column block has 4 KB at the code, forward and back (256 images, 4 units with padding), and the gradient of the layer behind
 * the code: 5 numbers a hidden unit.
 */
const MODELS = {
  'the tutorial’s network': { settings: ['--hidden', '300'], steps: 400, exchanges: 2, received: columns(8192 + 20 * 304), most: 4 },
  'ten times as wide': { settings: ['--hidden', '3000'], steps: 60, exchanges: 2, received: columns(8192 + 20 * 3008), most: 4 },
  'the deep preset': {
    settings: ['--hidden', '512,128'], steps: 120, exchanges: 2, received: images(4 * (2 * 2 * (512 + 128) + 2 * 2 + 784), 4 * 936_466), most: 4,
  },
  'the convolutional variational preset': {
    settings: ['--model', 'encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&output=sigmoid&variational=1&loss=bce-sum', '--batch', '128'],
    steps: 12, exchanges: 1, received: shards(4 * 134_165), most: 12,
  },
};
const DELAYS_MS = [0, 0.2, 2];
/** What a network between machines carries, bytes a second: 1 Gbit/s. */
const BANDWIDTH = 125e6;

async function msPerStep({ settings, steps }, ranks, delay_ms) {
  const options = ['train', ...settings, '--seed', '1', '--images', '20000', '--steps', String(steps), '--threads', '1', '--exchange-delay', String(delay_ms), '--json'];
  const mpirun = ['--oversubscribe', '--mca', 'mpi_yield_when_idle', '1', '--bind-to', 'none', '-n', String(ranks), program];
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const { stdout } = isMpi && ranks > 1 ? await run('mpirun', [...mpirun, ...options], { env }) : await run(program, [...options, '--ranks', String(ranks)]);
  return 1000 / JSON.parse(stdout.trim().split('\n').at(-1)).steps_per_s;
}

const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const best = new Map();
const key = (name, ranks, delay) => `${name} ${ranks} ${delay}`;
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, model] of Object.entries(MODELS)) {
    for (const [ranks, delay] of [[1, 0], ...DELAYS_MS.map((delay) => [2, delay])]) {
      const ms = await msPerStep(model, ranks, delay);
      best.set(key(name, ranks, delay), Math.min(ms, best.get(key(name, ranks, delay)) ?? Infinity));
    }
  }
}
const measured = (name, ranks, delay) => best.get(key(name, ranks, delay));

console.log(`\nMeasured, one thread a rank, ranks are ${isMpi ? 'processes of MPI' : 'threads of a process'}:\n`);
row('model', 'ranks', 'added to an exchange, ms', 'steps/s', 'predicted', 'off by');
row('---', '--:', '--:', '--:', '--:', '--:');
for (const [name, { exchanges }] of Object.entries(MODELS)) {
  row(name, 1, '–', (1000 / measured(name, 1, 0)).toFixed(1), '', '');
  for (const delay of DELAYS_MS) {
    const predicted = measured(name, 2, 0) + exchanges * delay;
    const off = 100 * (predicted / measured(name, 2, delay) - 1);
    row(name, 2, delay, (1000 / measured(name, 2, delay)).toFixed(1), delay ? (1000 / predicted).toFixed(1) : 'fitted', delay ? `${off.toFixed(0)} %` : '');
  }
}

// What is divided is 2 (t1 - t2), and the rest is done by every rank: t(n) = rest + divided / n.
console.log('\nPredicted steps/s by machines, over 1 Gbit/s and an exchange of 0.2 ms, and of 2 ms (times as fast as one):\n');
const machines = [1, 2, 4, 8, 16, 32, 64];
row('model', ...machines);
row('---', ...machines.map(() => '--:'));
for (const [name, { exchanges, received, most }] of Object.entries(MODELS)) {
  const [one, two] = [measured(name, 1, 0), measured(name, 2, 0)];
  const divided = Math.max(0, Math.min(one, 2 * (one - two)));
  const step_ms = (n, latency_ms) => one - divided + divided / n + (n === 1 ? 0 : exchanges * latency_ms + (1000 * received(n)) / BANDWIDTH);
  row(name, ...machines.map((n) => {
    const times = [0.2, 2].map((latency) => (one / step_ms(n, latency)).toFixed(2));
    const text = `${(1000 / step_ms(n, 0.2)).toFixed(1)}, ${(1000 / step_ms(n, 2)).toFixed(1)} (${times.join(', ')})`;
    return n > most ? `refused; would be ${text}` : text;
  }));
}
