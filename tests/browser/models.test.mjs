// Models out to files and in from them, and the page's figures as tables: by what a person would press.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { download, fixture, open, openModel, openTab, press, start, state, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

test('a saved model opens again and goes on as if it had never stopped', async () => {
  const link = '#engine=cpu&seed=9&images=5120&epochs=2';
  const first = await open(host, link);
  await press(first.page, 'Train');
  await until(first.page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  const whole = await table(first.page, 'Losses as CSV');
  assert.equal(whole.length, 40);
  await first.close();

  const second = await open(host, link);
  await press(second.page, 'Train');
  await until(second.page, 'some steps', ({ step }) => step > 3);
  await press(second.page, 'Pause');
  const { step } = await until(second.page, 'a pause', ({ phase }) => phase === 'paused');
  const { name, bytes } = await download(second.page, () => press(second.page, 'Save model'));
  assert.equal(name, `latent-playground-seed-9-step-${step}.safetensors`);
  await second.close();

  // A fresh profile, other settings: the file brings its own.
  const third = await open(host, '#engine=cpu&seed=1');
  await openModel(third.page, { name, mimeType: 'application/octet-stream', buffer: bytes });
  const opened = await until(third.page, 'the model', (now) => now.step === step);
  assert.equal(opened.phase, 'idle');
  assert.equal(await third.page.getByLabel('Seed', { exact: true }).inputValue(), '9');
  await press(third.page, 'Train');
  await until(third.page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.deepEqual(await table(third.page, 'Losses as CSV'), whole, 'the same losses to the last digit');
  assert.deepEqual(third.errors, []);
  await third.close();
});

test('anything else is refused with a sentence, and the model stays as it is', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&seed=4');
  for (let step = 1; step <= 2; step += 1) {
    await press(page, 'Step');
    await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step);
  }
  // The browser keeps it too, a moment later.
  const before = await until(page, 'the second step kept', ({ saved }) => saved === 2);
  const good = await readFile(fixture('weights.safetensors'));
  const spoiled = Buffer.from(good);
  spoiled.writeFloatLE(NaN, good.length - 400);
  const files = {
    'page.safetensors': '<!DOCTYPE html><title>404</title>',
    'empty.safetensors': '',
    'model.keras': 'PK\x03\x04 a zip file',
    'cut.safetensors': good.subarray(0, good.length - 1000),
    'broken.safetensors': spoiled,
  };
  for (const [name, content] of Object.entries(files)) {
    await openModel(page, { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
    const notice = page.getByRole('alert').filter({ hasText: `“${name}” was not opened` });
    await notice.waitFor();
    assert.match(await notice.innerText(), /The model here is as it was/);
    console.log(await notice.locator('p').innerText());
  }
  assert.deepEqual(await state(page), before);
  await press(page, 'Step');
  await until(page, 'the third step', (now) => now.phase === 'paused' && now.step === 3);
  assert.deepEqual(errors, []);
  await close();
});

test('a trained model gives way to a file only when the person says so', async () => {
  const { page, close } = await open(host, '#engine=cpu');
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await openModel(page, fixture('weights.safetensors'));
  await page.getByText('is kept under Runs').waitFor();
  await press(page, 'Cancel');
  assert.equal((await state(page)).step, 1);
  await openModel(page, fixture('weights.safetensors'));
  await press(page, 'Replace model');
  await until(page, 'step 0', ({ step }) => step === 0);
  await close();
});

test('an opened model that gives way is listed with its file, and opens again', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  const pretrained = page.getByText('Pretrained: the codes of a network');
  await pretrained.waitFor();
  await openModel(page, fixture('weights.safetensors'));
  await pretrained.waitFor({ state: 'detached' });
  const seed = page.getByLabel('Seed', { exact: true });
  await press(page, 'Reset');
  await openTab(page, 'Runs');
  await page.getByText('Run 1, opened from weights.safetensors').waitFor();
  await press(page, 'Open run 1');
  await page.getByText('Run 1, opened from weights.safetensors').waitFor({ state: 'detached' });
  assert.equal(await seed.inputValue(), '1');
  assert.deepEqual(errors, []);
});

test('plane and chart are saved as pictures', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  for (const name of ['Save the plane as PNG', 'Save the chart as PNG']) {
    const picture = await download(page, () => press(page, name));
    assert.match(picture.name, /\.png$/);
    assert.equal(picture.bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(picture.bytes.length > 3_000, `${name}: ${picture.bytes.length} bytes`);
  }
  assert.deepEqual(errors, []);
  await close();
});
