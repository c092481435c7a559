// Kinds of models: the menu chooses them, the form changes their details, and the chart tells the parts of a variational
// model's loss apart. Training is on the WebGPU engine: SwiftShader's, where there is no GPU.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  chooseModel, chosenModel as chosen, download, eventually, modelButton as menu, open, openModel, openTab, picture, press, start, state, table, until,
} from './harness.mjs';

const SLOW_MS = 300_000;
const PRESETS = [
  'Tutorial', 'Deep', 'More codes', 'Convolutional', 'Variational dense', 'Variational convolutional', 'Denoising', 'Dropout',
];
let host;
before(async () => { host = await start({ webgpu: true }); });
after(() => host.close());

const described = async (element) => element.page().locator(`#${await element.getAttribute('aria-describedby')}`).innerText();
const field = (page, label) => page.getByLabel(label, { exact: true });
const enter = async (page, label, value) => {
  await field(page, label).fill(value);
  await field(page, label).press('Enter');
};
/** Waits until the lines of the chart fulfil this. */
const lines = (page, holds) => eventually(
  'the lines of the chart', () => page.getByRole('list', { name: 'Lines of the chart' }).getByRole('listitem').allInnerTexts(), holds);
const are = (...expected) => (lines) => String(lines) === String(expected);

test('the menu sets a whole model at once, says what it costs, and knows a model of one’s own', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&seed=5&epochs=3');
  t.after(close);
  await menu(page).click();
  const cards = page.getByRole('radiogroup', { name: 'Models' });
  await cards.locator('strong').first().waitFor();
  assert.deepEqual(await cards.locator('strong').allTextContents(), PRESETS);
  assert.ok(await cards.getByRole('radio', { name: 'Tutorial', exact: true }).isChecked());
  assert.equal(await cards.locator('svg').count(), PRESETS.length);
  await picture(page, 'models');
  // Arrow keys choose, and leave the cards open.
  await cards.getByRole('radio', { name: 'Tutorial', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(page), 'Deep');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  assert.equal(await chosen(page), 'Tutorial');
  await openTab(page, 'Layers');
  await page.locator('.summaries').waitFor();
  const sentences = new Set();
  for (const name of [...PRESETS].reverse()) {
    await chooseModel(page, name);
    await page.waitForFunction((text) => document.querySelector('.summaries').innerText.includes(text), 'parameters');
    assert.equal(await chosen(page), name);
    const sentence = await described(menu(page));
    assert.match(sentence, /[\d,]+ parameters.*, [\d,]+ multiply-adds for an image/);
    sentences.add(sentence);
    assert.equal((await state(page)).phase, 'idle');
    assert.equal(await page.getByText('These settings apply to a new run:').count(), 0);
    // What is no part of the model stays.
    assert.deepEqual(await Promise.all(['Seed', 'Epochs'].map((label) => field(page, label).inputValue())), ['5', '3']);
  }
  assert.equal(sentences.size, PRESETS.length);
  assert.deepEqual(
    await Promise.all(['Learning rate', 'Batch size', 'Hidden layers'].map((label) => field(page, label).inputValue())),
    ['0.0005', '256', '300'],
  );

  await chooseModel(page, 'Variational convolutional');
  await page.waitForFunction(() => /encoder=conv32k3s2,conv64k3s2,dense16.*batch=128&.*lr=0.001/.test(location.hash));
  assert.match(await described(menu(page)), /134,165 parameters \(0\.28 × the tutorial’s\)/);
  const article = await page.locator('.about').innerText();
  assert.match(article, /convolutions with 32 and 64 filters and a hidden layer of 16 units/);
  assert.match(article, /binary cross-entropy summed over the pixels plus divergence/);
  await enter(page, 'Code size', '3');
  assert.equal(await chosen(page), 'Custom');
  await page.waitForFunction(() => location.hash.includes('code=3'));
  await page.reload();
  await menu(page).waitFor();
  assert.equal(await chosen(page), 'Custom', 'a link keeps it');
  await enter(page, 'Code size', '2');
  assert.equal(await chosen(page), 'Variational convolutional');
  assert.deepEqual(errors, []);
});

test('a card tells how long an epoch takes once its model has trained here', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120');
  t.after(close);
  const card = (name) => page.getByRole('radiogroup', { name: 'Models' }).locator('label', { hasText: name }).first();
  await menu(page).click();
  await card('Tutorial').getByText('not measured here yet').waitFor();
  await page.keyboard.press('Escape');
  await press(page, 'Train');
  const { stepsPerSecond } = await until(page, 'a speed', (now) => now.stepsPerSecond > 0, 60_000);
  await page.waitForFunction(() => localStorage.getItem('latent-playground-speeds'));
  await press(page, 'Pause');
  await page.reload();
  await menu(page).click();
  const told = await card('Tutorial').locator('em').textContent();
  const seconds = Number(/^([\d.]+) s an epoch here$/.exec(told)[1]);
  // The speed may have changed since it was read.
  assert.ok(seconds > 0 && seconds < 5 * (5_120 / 256 / stepsPerSecond) + 1, `${told} at ${stepsPerSecond} steps/s`);
  await card('Deep').getByText('not measured here yet').waitFor();
  assert.deepEqual(errors, []);
});

test('the details of a model are fields, and a value that does not fit is explained beside it', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await page.getByText('Model details').click();
  assert.equal(await field(page, 'Divergence weight β').isEnabled(), false);
  assert.equal(await field(page, 'Strength').isEnabled(), false);

  await enter(page, 'Dropout', '0.2');
  assert.equal(await chosen(page), 'Dropout');
  await enter(page, 'Dropout', '1');
  assert.equal(await field(page, 'Dropout').getAttribute('aria-invalid'), 'true');
  assert.match(await described(field(page, 'Dropout')), /“1” is not a dropout rate from 0 to 0.99/);
  await enter(page, 'Dropout', '0');
  assert.equal(await field(page, 'Dropout').getAttribute('aria-invalid'), 'false');

  await field(page, 'Corruption').selectOption('Gaussian noise');
  assert.equal(await chosen(page), 'Denoising');
  await enter(page, 'Strength', '7');
  assert.match(await described(field(page, 'Strength')), /“7” is not a standard deviation from 0 to 2/);
  await enter(page, 'Strength', '0.5');
  await page.waitForFunction(() => location.hash.includes('corruption=gaussian0.5'));
  assert.equal(await chosen(page), 'Custom');
  await field(page, 'Corruption').selectOption('None');

  await field(page, 'Code of an image').selectOption('A distribution (variational)');
  assert.equal(await field(page, 'Divergence weight β').isEnabled(), true);
  assert.equal(await field(page, 'Code activation').isEnabled(), false, 'a mean is linear');
  assert.equal(await field(page, 'Code activation').inputValue(), 'linear');
  await enter(page, 'Divergence weight β', '17');
  assert.match(await described(field(page, 'Divergence weight β')), /“17” is not a number from 0 to 16/);
  await enter(page, 'Divergence weight β', '0.5');

  await enter(page, 'Hidden layers', 'conv8k3s2,dense16');
  assert.equal(await field(page, 'Hidden layers').inputValue(), 'conv8k3s2,dense16');
  await enter(page, 'Hidden layers', 'dense16,conv8k3s2');
  assert.match(await described(field(page, 'Hidden layers')), /convolutions come first/);
  await picture(page, 'model-details');
  assert.deepEqual(errors, []);
});

test('a variational model’s chart, table and file tell reconstruction and divergence apart', { timeout: SLOW_MS }, async (t) => {
  const link = '#engine=webgpu&hidden=16&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=64&lr=0.002&images=640&epochs=2';
  const { page, errors, close } = await open(host, link);
  t.after(close);
  await lines(page, are('training', 'smoothed', 'validation', 'reconstruction', 'divergence from normal (right axis)'));
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', SLOW_MS);
  const rows = await table(page, 'Losses as CSV');
  assert.equal(rows.length, 20);
  for (const { step, loss, reconstruction, divergence } of rows) {
    assert.ok(divergence >= 0 && Math.abs(loss - reconstruction - divergence) < 1e-5 * loss, `step ${step}`);
  }
  const validated = rows.filter(({ val_loss }) => val_loss !== undefined);
  assert.deepEqual(validated.map(({ step }) => step), [10, 20]);
  for (const { val_loss, val_reconstruction, val_divergence } of validated) {
    assert.ok(val_divergence > 0 && Math.abs(val_loss - val_reconstruction - val_divergence) < 1e-5 * val_loss);
  }

  const readOut = page.getByRole('slider', { name: 'Losses at a step' });
  await readOut.focus();
  await page.keyboard.press('Home');
  const [first] = rows;
  const number = (value) => (value >= 1e-3 ? value.toFixed(4) : value.toExponential(2));
  const told = `step 1, epoch 1: training ${number(first.loss)}, smoothed ${number(first.loss)} (reconstruction `
    + `${number(first.reconstruction)}, divergence ${number(first.divergence)}), validation ${number(validated[0].val_loss)} `
    + `(reconstruction ${number(validated[0].val_reconstruction)}, divergence ${number(validated[0].val_divergence)})`;
  await eventually(told, () => readOut.getAttribute('aria-valuetext'), (text) => text === told);
  const shown = (await page.locator('.read-table').innerText()).split(/\s*\n\s*/);
  for (const value of [first.reconstruction, first.divergence, validated[0].val_divergence]) {
    assert.ok(shown.includes(number(value)), `${number(value)} in ${shown}`);
  }
  await picture(page, 'chart-variational');
  await page.keyboard.press('Escape');
  const parts = [
    /^Binary cross-entropy summed over the pixels plus divergence by training step/,
    /smoothed [\d.]+ \(reconstruction [\d.]+, divergence [\d.e-]+\)\. Validation [\d.]+ \(reconstruction/,
  ];
  await eventually('the description', () => page.locator('#loss-chart').getByRole('img').getAttribute('aria-label'), (text) => (
    parts.every((part) => part.test(text))));

  const { name, bytes } = await download(page, () => press(page, 'Save model'));
  const other = await open(host, '#engine=cpu');
  t.after(other.close);
  await lines(other.page, are('training', 'smoothed', 'validation', 'Keras, 20 epochs: 0.0448'));
  await openModel(other.page, { name, mimeType: 'application/octet-stream', buffer: bytes });
  await until(other.page, 'the model', ({ step }) => step === 20);
  assert.deepEqual(await table(other.page, 'Losses as CSV'), rows);
  assert.deepEqual(errors, []);
});

test('a model that is chosen after the first step asks for a new run, and leaves the old one its learning rate', { timeout: SLOW_MS }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120');
  t.after(close);
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await chooseModel(page, 'Variational dense');
  const question = page.getByText('These settings apply to a new run:');
  assert.match(await question.innerText(), /hidden layers 300 → 512, variational 0 → 1.*batch size 256 → 128, learning rate 0\.0005 → 0\.001/);
  await press(page, 'Discard changes');
  assert.equal(await chosen(page), 'Tutorial');
  assert.equal(await field(page, 'Learning rate').inputValue(), '0.0005');
  await chooseModel(page, 'Deep');
  await press(page, 'Train a new run');
  assert.equal(await chosen(page), 'Deep');
  await until(page, 'a new run that trains', ({ phase, step }) => phase === 'training' && step > 0);
  assert.deepEqual(errors, []);
});

test('Keras’ variational autoencoder is on the chart of its model', async (t) => {
  const { page, close } = await open(host, '#engine=cpu');
  t.after(close);
  await chooseModel(page, 'Variational convolutional');
  await lines(page, (now) => now.includes('Keras, 3 epochs: 165.7'));
  await chooseModel(page, 'Denoising');
  await lines(page, (now) => now.length > 0 && !now.some((line) => line.includes('Keras')));
});
