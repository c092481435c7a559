// Parity in the browser, by nothing but what a person can press: open a fixture's weights, train its steps in file order, save
// losses and codes as tables, and compare them with what Keras, or a computation in float64, gave.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { eventually, fixture, open, openModel, press, start, table, until, openGroup } from './harness.mjs';

const SLOW_MS = 600_000;

/** The tutorial's network against Keras. */
async function tutorial() {
  const { codes_before, codes_after, loss_before_update } = JSON.parse(await readFile(fixture('fixture.json')));
  return { link: '', weights: fixture('weights.safetensors'), losses: loss_before_update, codes_before, codes_after, tolerance: 1e-4 };
}

/** The convolutional model against float64: tests/fixtures/models. Its losses hardly move, so they have to be close. */
async function convolutional() {
  const of = (name) => readFile(new URL(`../fixtures/models/${name}`, import.meta.url));
  const { float64 } = JSON.parse(await of('conv-small.json'));
  const buffer = gunzipSync(await of('conv-small.safetensors.gz'));
  return {
    link: '&encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid',
    weights: { name: 'conv-small.safetensors', mimeType: 'application/octet-stream', buffer },
    losses: float64.loss,
    codes_before: float64.codes_before.code,
    codes_after: float64.codes_after.code,
    tolerance: 1e-5,
  };
}

for (const [model, read, engines] of [
  ['the tutorial’s network', tutorial, { cpu: 20, webgpu: 20 }],
  // A step takes two seconds where the GPU is software.
  ['a convolutional model', convolutional, { cpu: 20, webgpu: 5 }],
]) {
  for (const [engine, steps] of Object.entries(engines)) {
    test(`${steps} steps of ${model} on the ${engine} engine are those of the reference`, { timeout: SLOW_MS }, async (t) => {
      const { link, weights, losses: expected, codes_before, codes_after, tolerance } = await read();
      const host = await start({ webgpu: engine === 'webgpu' });
      t.after(() => host.close());
      const { page, errors, close } = await open(host, `#engine=${engine}${link}`);
      await openModel(page, weights);
      await openGroup(page, 'More settings');
      await page.getByLabel('Shuffle').uncheck();
      // The explorer encodes after the trainer: its first answers may be those of the weights before.
      const codesAre = async (codes, tolerance) => {
        await page.locator('#latent-plane[data-digits="2000"]').waitFor();
        const off = async () => {
          const rows = await table(page, 'Codes as CSV');
          return Math.max(...codes.flatMap(([z1, z2], at) => [rows[at].z1 - z1, rows[at].z2 - z2]).map(Math.abs));
        };
        return eventually('the codes of the reference', off, (most) => most < tolerance);
      };
      const before = await codesAre(codes_before, 1e-5);

      for (let step = 1; step <= steps; step += 1) {
        await press(page, 'Step');
        await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step, SLOW_MS);
      }
      const losses = (await table(page, 'Losses as CSV')).map(({ loss }) => loss);
      assert.equal(losses.length, steps);
      const off = Math.max(...losses.map((loss, at) => Math.abs(loss / expected[at] - 1)));
      assert.ok(off < tolerance, `losses are off by ${off}`);
      const after = steps === expected.length ? await codesAre(codes_after, 2e-3) : NaN;
      console.log(`${model}, ${engine}: losses off by ${off.toExponential(1)} relative, codes by ${before.toExponential(1)} before and ${after.toExponential(1)} after`);
      assert.deepEqual(errors, []);
      await close();
    });
  }
}
