// Models beyond the tutorial's network on the CPU engine: a program of its own, which is loaded when a model needs it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { decoded, eventually, open, otherDigit, picture, press, start, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** Counts the programs of workers that a page loads. */
function loads(page) {
  const counts = { cpu: 0, layered: 0 };
  page.on('request', (request) => {
    const [, program] = /\/(cpu|layered)_engine_bg-/.exec(request.url()) ?? [];
    if (program) counts[program] += 1;
  });
  return counts;
}

// Each preset of crates/core/src/model/presets.rs but those that the tutorial's program trains.
const MODELS = {
  deep: 'hidden=512,128',
  convolutional: 'encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid',
  'variational dense': 'hidden=512&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=128&lr=0.001',
  'variational convolutional': 'encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=32&lr=0.001',
  denoising: 'corruption=gaussian0.4',
  dropout: 'encoder=dense300,dropout0.2',
};

for (const [name, model] of Object.entries(MODELS)) {
  test(`a ${name} model trains and shows its plane`, { timeout: 240_000 }, async () => {
    let counts;
    const { page, errors, close } = await open(host, `?workers=1#engine=cpu&seed=3&${model}`, {}, async (page) => { counts = loads(page); });
    const plane = page.locator('#latent-plane[data-digits="2000"]');
    await plane.waitFor({ timeout: 60_000 });
    const before = await eventually('the decoded point', () => decoded(page), (image) => new Set(image).size > 1);
    const first = await table(page, 'Codes as CSV');
    await press(page, 'Train');
    await until(page, 'some steps', ({ step }) => step >= 5, 120_000);
    await press(page, 'Pause');
    const { engine } = await until(page, 'a pause', ({ phase }) => phase === 'paused', 60_000);
    assert.equal(engine, 'cpu');
    const codes = await eventually('the plane follows the training', () => table(page, 'Codes as CSV'), (codes) => !isDeepStrictEqual(codes, first));
    assert.ok(codes.every(({ z1, z2 }) => Number.isFinite(z1) && Number.isFinite(z2)));
    await otherDigit(page, before);
    assert.equal(await page.locator('.figures figure').count(), 5);
    const losses = (await table(page, 'Losses as CSV')).map(({ loss }) => loss);
    assert.ok(losses.at(-1) < losses[0], `${losses}`);
    assert.deepEqual(counts, { cpu: 0, layered: 2 });
    await picture(page, `model-${name.replace(' ', '-')}`);
    assert.deepEqual(errors, []);
    await close();
  });
}

const FIXTURE = new URL('../fixtures/layered/losses.json', import.meta.url);
const RUNS = JSON.parse(await readFile(FIXTURE, 'utf8'));

for (const { link, loss, val_loss } of RUNS) {
  test(`one worker and two give the losses of the command line to the bit: ${link}`, { timeout: 240_000 }, async () => {
    for (const workers of [1, 2]) {
      const { page, errors, close } = await open(host, `?workers=${workers}#engine=cpu&${link}`);
      await press(page, 'Train');
      if (workers > 1) await until(page, 'two workers', (now) => now.workers === 2, 60_000);
      await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
      const rows = await table(page, 'Losses as CSV');
      assert.deepEqual(rows.filter(({ step }) => step % 10 === 0).map((row) => row.loss), loss);
      assert.deepEqual(rows.map((row) => row.val_loss).filter(Number.isFinite), val_loss);
      assert.deepEqual(errors, []);
      await close();
    }
  });
}

/** Sets the hidden layers in the form. */
async function edit(page, layers) {
  const field = page.locator('#hidden');
  await field.fill(layers);
  await field.press('Enter');
}

test('another kind of model takes the place of the tutorial’s, and gives it back', { timeout: 240_000 }, async () => {
  let counts;
  const { page, errors, close } = await open(host, '?workers=1#engine=cpu&seed=3', {}, async (page) => { counts = loads(page); });
  await press(page, 'Step');
  const tutorial = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await eventually('two programs', () => counts, isDeepStrictEqual.bind(undefined, { cpu: 2, layered: 0 }));
  await edit(page, 'conv8k3s2,dense16');
  await press(page, 'Reset');
  await until(page, 'another run', ({ phase, step }) => phase === 'idle' && step === 0);
  await press(page, 'Step');
  const convolutional = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, 60_000);
  assert.notEqual(convolutional.loss, tutorial.loss);
  await eventually('two more programs', () => counts, isDeepStrictEqual.bind(undefined, { cpu: 2, layered: 2 }));
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await edit(page, '300');
  await press(page, 'Reset');
  await until(page, 'the first run again', ({ phase, step }) => phase === 'idle' && step === 0);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await press(page, 'Step');
  const again = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1, 60_000);
  assert.equal(again.loss, tutorial.loss);
  assert.deepEqual(counts, { cpu: 2, layered: 2 }, 'the larger program serves the small model, too');
  assert.deepEqual(errors, []);
  await close();
});

test('a program that the server lacks is told in a sentence, and the tutorial’s network still trains', { timeout: 240_000 }, async () => {
  const { page, close } = await open(host, '#engine=cpu&encoder=conv8k3s2', {}, (page) => (
    page.route('**/layered_engine_bg-*', (route) => route.fulfill({ status: 404, body: 'not found' }))));
  const told = page.getByRole('alert').filter({ hasText: /The latent plane stopped: layered_engine_bg-.* could not be loaded: the server answers 404\./ });
  await told.waitFor({ timeout: 60_000 });
  await press(page, 'Train');
  await page.getByRole('alert').filter({ hasText: /The cpu engine stopped: layered_engine_bg-.* the server answers 404\./ }).waitFor({ timeout: 60_000 });
  await edit(page, '300');
  await press(page, 'Reset');
  await press(page, 'Train');
  await until(page, 'many steps', ({ step }) => step > 20, 60_000);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await close();
});
