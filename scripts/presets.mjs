// Trains every model of the menu in a real Chromium: an epoch on the CPU engine, and some steps on each engine of the GPU, on
// small batches, because the GPU may be software. Prints a line a run with its losses and, on a GPU, the dispatches of a step,
// and keeps pictures of each trained model in tests/browser/screenshots, in both themes, as on a desktop and as on a phone.
//   CHROMIUM=$(scripts/chromium.sh) node scripts/presets.mjs [ENGINE …, by default cpu webgpu burn]
// Fails if a loss is not finite, if an epoch does not lower it, or if the page is wider than the device. Needs `make build`.
import { chooseModel, inWorkers, modelNames, open, press, start, state, until, picture, chooseTheme, openTab } from '../tests/browser/harness.mjs';

const STEPS = 5;
const BATCH = 16;
const PATIENCE_MS = 900_000;
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

const engines = process.argv.length > 2 ? process.argv.slice(2) : ['cpu', 'webgpu', 'burn'];

/** Runs in the workers before an engine: counts what is dispatched. */
const COUNT = `globalThis.dispatches = 0;
if (globalThis.GPUComputePassEncoder) {
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    const original = GPUComputePassEncoder.prototype[name];
    GPUComputePassEncoder.prototype[name] = function (...args) { globalThis.dispatches += 1; return original.apply(this, args); };
  }
}`;

const dispatched = async (page) => {
  const counts = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.dispatches ?? 0)));
  return counts.reduce((sum, count) => sum + count, 0);
};

const enter = async (page, label, value) => {
  await page.getByLabel(label, { exact: true }).fill(String(value));
  await page.getByLabel(label, { exact: true }).press('Enter');
};

/** The page with a model of the menu on an engine, as people choose them. */
async function chosen(host, engine, model) {
  const opened = await open(host, `#engine=${engine}&seed=3`, {}, (page) => inWorkers(page, '**/*_engine-*.worker.js', COUNT));
  await chooseModel(opened.page, model);
  return opened;
}

/** Takes pictures in both themes, as on a desktop and as on a phone. */
async function look(page, name) {
  for (const [device, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const theme of ['light', 'dark']) {
      await chooseTheme(page, theme);
      await page.waitForTimeout(300);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) throw new Error(`${name}: the page is ${beyond} px wider than the ${device}`);
      await picture(page, `preset-${name.replaceAll(' ', '-')}-${device}-${theme}`.toLowerCase());
    }
  }
}

async function epoch(host, name) {
  const { page, errors, close } = await chosen(host, 'cpu', name);
  await enter(page, 'Epochs', 1);
  await press(page, 'Step');
  const { loss: first } = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, PATIENCE_MS);
  const began = performance.now();
  await press(page, 'Train');
  const { step, validationLoss, workers } = await until(page, 'the epoch', ({ phase }) => phase === 'finished', PATIENCE_MS);
  const seconds = (performance.now() - began) / 1_000;
  console.log(JSON.stringify({ engine: 'cpu', model: name, workers, steps: step, seconds: Math.round(seconds), first_loss: first, validation_loss: validationLoss, errors }));
  if (!(validationLoss < first)) throw new Error(`${name}: the loss did not fall`);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor({ timeout: PATIENCE_MS });
  await openTab(page, 'Layers');
  await page.locator('summary', { hasText: 'first-layer kernels' }).click();
  await page.waitForTimeout(1_000);
  await look(page, name);
  await close();
}

async function steps(host, engine, name) {
  const { page, errors, close } = await chosen(host, engine, name);
  await enter(page, 'Batch size', BATCH);
  const losses = [];
  let before = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    await press(page, 'Step');
    await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step, PATIENCE_MS);
    const now = await state(page);
    if (now.engine !== engine) throw new Error(`${name}: ${now.engine} trains, not ${engine}`);
    losses.push(now.loss);
    // The first steps are compiled and tuned.
    if (step === 2) before = await dispatched(page);
  }
  const dispatches = ((await dispatched(page)) - before) / (STEPS - 2);
  console.log(JSON.stringify({ engine, model: name, batch: BATCH, losses, dispatches_per_step: dispatches, errors }));
  if (!losses.every(Number.isFinite)) throw new Error(`${name}: a loss is not finite`);
  await close();
}

const host = await start({ webgpu: true });
try {
  const names = await modelNames(host);
  for (const engine of engines) {
    for (const name of names) await (engine === 'cpu' ? epoch(host, name) : steps(host, engine, name));
  }
} finally {
  await host.close();
}
