// Parity with Keras in the browser, by nothing but what a person can press: open the fixture's weights, train twenty
// steps in file order, save losses and codes as tables, and compare them with what Keras computed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fixture, open, openModel, press, start, table, until } from './harness.mjs';

const SLOW_MS = 600_000;
const STEPS = 20;

for (const engine of ['cpu', 'webgpu']) {
  test(`twenty steps on the ${engine} engine are those of Keras`, { timeout: SLOW_MS }, async (t) => {
    const keras = JSON.parse(await readFile(fixture('fixture.json')));
    const host = await start({ webgpu: engine === 'webgpu' });
    t.after(() => host.close());
    const { page, errors, close } = await open(host, `#engine=${engine}`);
    await openModel(page, fixture('weights.safetensors'));
    await page.getByLabel('Shuffle').uncheck();
    const codesAre = async (expected, tolerance) => {
      await page.locator('#latent-plane[data-digits="2000"]').waitFor();
      const rows = await table(page, 'Codes as CSV');
      const off = Math.max(...expected.flatMap(([z1, z2], at) => [rows[at].z1 - z1, rows[at].z2 - z2]).map(Math.abs));
      assert.ok(off < tolerance, `codes are off by ${off}`);
      return off;
    };
    const before = await codesAre(keras.codes_before, 1e-5);

    for (let step = 1; step <= STEPS; step += 1) {
      await press(page, 'Step');
      await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step, SLOW_MS);
    }
    const losses = (await table(page, 'Losses as CSV')).map(({ loss }) => loss);
    assert.equal(losses.length, STEPS);
    const off = Math.max(...losses.map((loss, at) => Math.abs(loss / keras.loss_before_update[at] - 1)));
    assert.ok(off < 1e-4, `losses are off by ${off}`);
    // The explorer encodes after the pause: its first answer may be that of the step before.
    await page.waitForTimeout(500);
    const after = await codesAre(keras.codes_after, 2e-3);
    console.log(`${engine}: losses off by ${off.toExponential(1)} relative, codes by ${before.toExponential(1)} before and ${after.toExponential(1)} after`);
    assert.deepEqual(errors, []);
    await close();
  });
}
