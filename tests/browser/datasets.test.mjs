// The second data set: chosen, linked, resumed, opened from a file, and compared with the command line (offline: hosting.test.mjs).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { download, eventually, open, openModel, openTab, picture, press, start, state, table, until } from './harness.mjs';

const FASHION = '#engine=cpu&data=fashion-mnist';
let host;
before(async () => { host = await start(); });
after(() => host.close());

const menu = (page) => page.getByLabel('Data', { exact: true });
const plotted = (page) => page.locator('#latent-plane[data-digits="2000"]').waitFor();
const names = (page) => page.getByRole('list', { name: /^Colours of the/ }).getByRole('button').allInnerTexts();
/** Waits until the classes of the plane are these. */
const named = (page, classes) => eventually('the classes', () => names(page), (now) => String(now) === String(classes));
const CLASSES = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

/** Counts requests for training images, by data set. */
function counting(page, counts) {
  page.on('request', (request) => {
    const name = /\/(fashion-mnist-)?train-images/.exec(request.url());
    if (name) counts[name[1] ? 'fashion' : 'digits'] += 1;
  });
}

/** Waits until five images have the names of their classes below them. */
const captioned = (page) => eventually('five captions', () => page.locator('.figures figcaption').allInnerTexts(), (captions) => (
  captions.length === 5 && captions.every((caption) => CLASSES.includes(caption.split('\n')[0]))));

test('the set is chosen before the first step and trained, and its classes take the place of the digits', { timeout: 240_000 }, async (t) => {
  const counts = { digits: 0, fashion: 0 };
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=2', {}, async (page) => counting(page, counts));
  t.after(close);
  await plotted(page);
  await named(page, [...'0123456789']);
  await menu(page).selectOption({ label: 'Fashion-MNIST' });
  await page.waitForFunction(() => location.hash.includes('data=fashion-mnist'));
  await page.getByRole('heading', { name: 'Decoded item' }).waitFor();
  await plotted(page);
  await named(page, CLASSES);
  await page.getByText('Pretrained: the codes of a network after 20 epochs.').waitFor();
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.equal(counts.digits, 0);
  assert.ok(counts.fashion >= 6, `${counts.fashion}`);
  const { loss, validationLoss } = await state(page);
  assert.ok(loss > 0.02 && loss < 0.1 && validationLoss < 0.1, `${loss}, ${validationLoss}`);

  await captioned(page);
  await page.locator('#latent-plane').focus();
  await page.keyboard.press('9');
  await page.getByText(/^Nearest test item: /).waitFor();
  await press(page, 'Only Sneaker');
  assert.equal(await page.getByRole('button', { name: 'Only Sneaker' }).getAttribute('aria-pressed'), 'true');
  const { name, bytes } = await download(page, () => press(page, 'Codes as CSV'));
  assert.match(name, /^codes-latent-playground-fashion-mnist-\d+-code-2-seed-1-/);
  const [head, row] = bytes.toString().split('\n');
  assert.equal(head, 'index,label,class,z1,z2');
  assert.match(row, /^0,9,Ankle boot,/);
  assert.equal(await page.getByText(/^Keras, /).count(), 0, 'Keras’ results are those of MNIST');
  assert.deepEqual(errors, []);
});

test('a link opens the set, and a run under way asks before it gives way to the other set', { timeout: 240_000 }, async (t) => {
  const counts = { digits: 0, fashion: 0 };
  const { page, errors, close } = await open(host, `${FASHION}&images=2560&epochs=1`, {}, async (page) => counting(page, counts));
  t.after(close);
  assert.equal(await menu(page).inputValue(), 'fashion-mnist');
  await plotted(page);
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.equal(counts.digits, 0);
  await menu(page).selectOption({ label: 'MNIST' });
  await page.getByText('These settings apply to a new run: data fashion-mnist → mnist').waitFor();
  assert.equal(counts.digits, 0);
  await press(page, 'Train a new run');
  await until(page, 'a new run', ({ phase }) => phase !== 'finished');
  await plotted(page);
  await named(page, [...'0123456789']);
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.ok(counts.digits >= 3);
  await page.waitForFunction(() => !location.hash.includes('data='));
  assert.deepEqual(errors, []);
});

test('after a reload the run goes on with its data set, whatever the link says', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, `${FASHION}&images=5120&epochs=12`);
  t.after(close);
  await press(page, 'Train');
  await until(page, '25 steps', ({ step }) => step >= 25, 60_000);
  await press(page, 'Pause');
  const { saved } = await until(page, 'a kept checkpoint', (now) => now.phase === 'paused' && now.saved === now.step);
  await page.evaluate(() => history.replaceState(null, '', '#engine=cpu'));
  await page.reload();
  await page.getByRole('button', { name: /^Resume at epoch/ }).click();
  await until(page, 'training', ({ step }) => step > saved, 60_000);
  assert.equal(await menu(page).inputValue(), 'fashion-mnist');
  await plotted(page);
  await named(page, CLASSES);
  assert.deepEqual(errors, []);
});

test('a model of the other data set says so, and goes on with it to the same losses', { timeout: 240_000 }, async (t) => {
  const first = await open(host, `${FASHION}&images=5120&epochs=2&seed=4`);
  t.after(first.close);
  await press(first.page, 'Step');
  await until(first.page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  const { name, bytes } = await download(first.page, () => press(first.page, 'Save model'));
  await press(first.page, 'Train');
  await until(first.page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  const whole = await table(first.page, 'Losses as CSV');

  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await plotted(page);
  await openModel(page, { name, mimeType: 'application/octet-stream', buffer: bytes });
  await page.getByRole('alert').filter({ hasText: 'is a model of Fashion-MNIST. The page shows Fashion-MNIST now, and not MNIST.' }).waitFor();
  assert.equal(await menu(page).inputValue(), 'fashion-mnist');
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.deepEqual(await table(page, 'Losses as CSV'), whole);
  assert.deepEqual(errors, []);
});

// Each width and each theme once: layout does not depend on the theme, and contrast not on the width.
const devices = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  phone: { viewport: { width: 375, height: 812 }, hasTouch: true, colorScheme: 'dark' },
};
for (const [device, options] of Object.entries(devices)) {
  const { colorScheme } = options;
  test(`long names fit: ${device}, ${colorScheme}`, { timeout: 240_000 }, async (t) => {
    const { page, close } = await open(host, `${FASHION}&epochs=1`, options);
    t.after(close);
    await plotted(page);
    await press(page, 'Train');
    await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
    await page.waitForTimeout(500);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    const cut = (names) => page.locator(names).evaluateAll((elements) => (
      elements.filter((element) => element.scrollWidth > element.clientWidth).map((element) => element.textContent)));
    assert.deepEqual(await cut('.legend button'), []);
    await picture(page, `fashion-${device}-${colorScheme}`);
    await openTab(page, 'Reconstructions');
    await captioned(page);
    assert.deepEqual(await cut('.figures figcaption'), []);
  });
}
