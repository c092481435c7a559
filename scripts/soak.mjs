// Looks for memory leaks: compares memory after 500 and after 5,000 steps, on either engine and with every model of the menu, and
// after one and after ten crashes of the trainer.
//   CHROMIUM=$(scripts/chromium.sh) node scripts/soak.mjs [STEPS, 5000 by default] [cpu|webgpu|presets|deaths|NAME OF A MODEL …]
// Prints one JSON line for each sample, and fails if memory grew too far. A sample is taken while nothing trains, after a
// checkpoint and a garbage collection. Needs `make build`.
import { readFile } from 'node:fs/promises';
import { chooseModel, inWorkers, modelNames, open, press, start, state, until } from '../tests/browser/harness.mjs';

const MB = 2 ** 20;
const WARM_STEPS = 500;
const DEATHS = 10;
/** Milliseconds of training after which an engine counts as sound (`src/recovery.rs`), with a margin. */
const PROVEN_MS = 11_000;
/** Images a step of the models of the menu, since some of them are slow. A step uses the same buffers, however large they are. */
const BATCH = 16;
const PATIENCE_MS = 1_200_000;
/** How far wasm memory and GPU buffers may grow, as a share. */
const MOST_SHARE = 0.05;
/** How far JavaScript's heap may grow, in bytes. */
const MOST_HEAP = 20 * MB;

const [first, ...others] = process.argv.slice(2);
const steps = Number(first) || 5_000;
const named = others.concat(Number(first) || !first ? [] : first);

/** Has the page and each worker count their memory, from before the program starts. */
async function prepare(page) {
  const counts = await readFile(new URL('../web/measure-counts.js', import.meta.url), 'utf8');
  await page.addInitScript(counts);
  await inWorkers(page, '**/*_engine-*.worker.js', counts);
}

/** Calls methods of the debugger in all workers of a page. */
async function workers(page) {
  const session = await page.context().newCDPSession(page);
  const [attached, waiting] = [new Map(), new Map()];
  let number = 0;
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => attached.set(sessionId, targetInfo));
  session.on('Target.detachedFromTarget', ({ sessionId }) => attached.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const call = (sessionId, method) => new Promise((resolve, reject) => {
    number += 1;
    waiting.set(number, resolve);
    session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: number, method }) }).catch(reject);
  });
  return {
    page: (method) => session.send(method),
    each: (method) => Promise.all([...attached.keys()].map((sessionId) => call(sessionId, method))),
  };
}

/** The bytes in use in the page and all of its workers together. */
async function sample(page, debug) {
  await page.waitForTimeout(2_000); // Until the last snapshot is drawn and the checkpoint is saved.
  for (let time = 0; time < 2; time += 1) {
    await debug.page('HeapProfiler.collectGarbage');
    await debug.each('HeapProfiler.collectGarbage');
    await page.waitForTimeout(200); // Until finalizers have run.
  }
  const own = await Promise.all([page, ...page.workers()].map((scope) => scope.evaluate(() => globalThis.held())));
  const heaps = [await debug.page('Runtime.getHeapUsage'), ...await debug.each('Runtime.getHeapUsage')];
  if (heaps.length !== own.length) throw new Error('the debugger does not see every worker');
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  return {
    workers: page.workers().length,
    wasm: sum(own.map(({ wasm_bytes }) => wasm_bytes)),
    page: own[0].wasm_bytes,
    heap: sum(heaps.map(({ usedSize }) => usedSize)),
    gpu: sum(own.map(({ gpu_buffer_bytes }) => gpu_buffer_bytes)),
  };
}

const shown = (bytes) => Number((bytes / MB).toFixed(2));
const print = (what, { workers, wasm, page, heap, gpu }) => console.log(JSON.stringify(
  { ...what, workers, wasm_MB: shown(wasm), of_page_MB: shown(page), heap_MB: shown(heap), gpu_MB: shown(gpu) }));

/** Fails if memory has grown too far from one sample to the other. */
function compare(what, before, after) {
  if (before.workers !== after.workers) throw new Error(`${what}: ${after.workers} workers where there were ${before.workers}`);
  for (const kind of ['wasm', 'gpu']) {
    if (after[kind] > before[kind] * (1 + MOST_SHARE)) throw new Error(`${what}: ${kind} grew by more than 5 %`);
  }
  if (after.heap > before.heap + MOST_HEAP) throw new Error(`${what}: the heap grew by more than 20 MB`);
}

async function trained(page, count) {
  await press(page, 'Train');
  await until(page, `${count} steps`, ({ step, phase }) => {
    if (phase === 'failed' || phase === 'finished') throw new Error(phase);
    return step >= count;
  }, PATIENCE_MS);
  await press(page, 'Pause');
  return until(page, 'a checkpoint', ({ phase, step, saved }) => phase === 'paused' && saved === step, 60_000);
}

async function trainsLong(host, engine, fragment, model) {
  const { page, errors, close } = await open(host, `?workers=1#engine=${engine}&epochs=1000${fragment}`, {}, prepare);
  if (model) {
    await chooseModel(page, model);
    for (const [label, value] of [['Batch size', BATCH], ['Epochs', 1000]]) {
      await page.getByLabel(label, { exact: true }).fill(String(value));
      await page.getByLabel(label, { exact: true }).press('Enter');
    }
  }
  const debug = await workers(page);
  const samples = [];
  // From the second checkpoint on, the one before is still in memory when another arrives: so there is one first.
  await trained(page, WARM_STEPS / 2);
  for (const count of [WARM_STEPS, steps]) {
    const began = Date.now();
    const { step, loss, engine: used } = await trained(page, count);
    if (used !== engine) throw new Error(`the ${used} engine trained`);
    samples.push(await sample(page, debug));
    print({ engine, model, step, loss, seconds: Math.round((Date.now() - began) / 1000) }, samples.at(-1));
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
  await close();
  compare(model ?? engine, ...samples);
}

/** Has the trainer crash again and again, each time after it has trained long enough to count as sound. */
async function dies(host) {
  const { page, close } = await open(host, '?workers=1#engine=cpu&epochs=1000', {}, prepare);
  const debug = await workers(page);
  const samples = [];
  await trained(page, WARM_STEPS);
  for (let death = 1; death <= DEATHS; death += 1) {
    await press(page, 'Train');
    await page.waitForTimeout(PROVEN_MS);
    const { kept } = await state(page);
    await Promise.all(page.workers().map((worker) => worker.evaluate(() => {
      if (self.name.startsWith('trainer')) setTimeout(() => { throw new Error('unreachable executed'); });
    })));
    await page.getByRole('alert').filter({ hasText: 'Another one goes on from step' }).waitFor();
    // The next crash shows the same message, perhaps of the same step.
    await press(page, 'Dismiss');
    await until(page, 'training again', (now) => now.phase === 'training' && now.step > kept);
    await press(page, 'Pause');
    await until(page, 'a checkpoint', ({ phase, step, saved }) => phase === 'paused' && saved === step);
    if (death === 1 || death === DEATHS) {
      samples.push(await sample(page, debug));
      print({ deaths: death, step: (await state(page)).step }, samples.at(-1));
    }
  }
  await close();
  // Each crash ends its worker: only the page could leak.
  compare('deaths', ...samples.map((sample) => ({ ...sample, wasm: sample.page })));
}

const runs = {
  cpu: (host) => trainsLong(host, 'cpu', ''),
  // The network is small, since WebGPU may run in software. An epoch ends before the first sample.
  webgpu: (host) => trainsLong(host, 'webgpu', '&hidden=16&batch=32&images=12800'),
  deaths: dies,
};
const ofModel = (name) => (host) => trainsLong(host, 'cpu', '&images=12800', name);
const host = await start({ webgpu: true });
try {
  const models = await modelNames(host);
  const unknown = named.filter((name) => ![...Object.keys(runs), 'presets', ...models].includes(name));
  if (unknown.length > 0) throw new Error(`not known: ${unknown}; models are ${models}`);
  const isNamed = (...names) => named.length === 0 || names.some((name) => named.includes(name));
  for (const [name, run] of Object.entries(runs)) if (isNamed(name)) await run(host);
  for (const name of models) if (isNamed(name, 'presets')) await ofModel(name)(host);
} finally {
  await host.close();
}
