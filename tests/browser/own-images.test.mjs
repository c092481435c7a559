// The person's own images: imported, trained, resumed, shared, saved, used without a network, and refused where they are of no
// use.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { download, eventually, open, picture, press, start, state, table, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const repository = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const PHOTOGRAPHS = repository('tests/fixtures/photographs/photographs.zip');
const FORMATS = repository('crates/import/tests/files');
/** What `headless` makes of the photographs, and what it trains on them (crates/cli/tests/headless/main.rs). */
const EXPECTED = JSON.parse(await readFile(repository('tests/fixtures/photographs/expected.json'), 'utf8'));
const RUN = `#engine=cpu&${EXPECTED.run}`;

const dialog = (page) => page.getByRole('dialog', { name: 'Your own images' });
const openDialog = (page) => press(page, 'Your own images…');
const choose = (page, files) => page.getByLabel('Images', { exact: true }).setInputFiles(files);
const menu = (page) => page.getByLabel('Data', { exact: true });
const done = (page) => dialog(page).getByText('The images are stored in this browser').waitFor();
const names = (page) => page.getByRole('list', { name: /^Colours of the/ }).getByRole('button').allInnerTexts();

/** Waits until the plane has these classes. */
const named = (page, classes) => eventually(`the classes ${classes}`, () => names(page), (now) => String(now) === String(classes));
/** Waits until the menu has chosen a set. */
const chosen = (page, data) => eventually(`the set ${data}`, () => menu(page).inputValue(), (now) => now === data);
const LANDSCAPES = ['beach', 'desert', 'forest', 'night', 'snow'];

/** Fills in a field of the dialog, and leaves it. */
async function fill(page, label, text) {
  await dialog(page).getByLabel(label).fill(text);
  await dialog(page).getByLabel(label).press('Tab');
}

/** Imports files at a size. */
async function importFiles(page, files, { size = '24', colour = false } = {}) {
  await openDialog(page);
  await choose(page, files);
  await fill(page, 'Size in pixels', size);
  if (colour) await dialog(page).getByLabel('Colour').check();
  await press(page, 'Import');
  await done(page);
  await press(page, 'Done');
}

/** Trains to the end of the run. */
async function finish(page) {
  await press(page, 'Train');
  return until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
}

test('a folder of photographs becomes the set that the command line makes, and trains to the same losses', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, RUN);
  t.after(close);
  await openDialog(page);
  await choose(page, PHOTOGRAPHS);
  await dialog(page).getByText('500 images (54 × 72 pixels). 5 classes: beach (100), desert (100), forest (100), night (100), snow (100).').waitFor();
  await fill(page, 'Size in pixels', '24');
  await dialog(page).getByLabel('Colour').check();
  await page.getByText(/^The images take 0\.9 MB of memory in each worker\. The chosen model has [\d,]+ parameters/).waitFor();
  await dialog(page).getByRole('img', { name: 'Some of the images as they will be' }).waitFor();
  await picture(page, 'own-images-found');
  await press(page, 'Import');
  await done(page);
  await press(page, 'Done');
  await chosen(page, EXPECTED.data);
  assert.equal(await menu(page).locator('option:checked').innerText(), 'photographs');
  await named(page, LANDSCAPES);
  await finish(page);
  const losses = (await table(page, 'Losses as CSV')).filter(({ val_loss: loss }) => loss !== undefined).map(({ val_loss: loss }) => loss);
  assert.deepEqual(losses, EXPECTED.validation_losses);
  await picture(page, 'own-images-trained');

  // The link replays it, classes and all.
  await page.waitForFunction(() => location.hash.includes('recipe=contain,10,1'));
  await page.reload();
  await page.getByRole('button', { name: 'Reset' }).waitFor();
  await page.getByRole('button', { name: 'Not now' }).or(page.getByRole('button', { name: 'Dismiss' })).first().click().catch(() => {});
  await chosen(page, EXPECTED.data);
  await named(page, LANDSCAPES);
  await finish(page);
  assert.equal((await state(page)).validationLoss, EXPECTED.validation_losses.at(-1));
  assert.deepEqual(errors, []);
});

test('a run on own images resumes after a reload, and without a network', { timeout: 240_000 }, async (t) => {
  const asked = new Set();
  const { page, errors, close } = await open(host, `${RUN.replace(/epochs=\d+/, 'epochs=900')}`, { serviceWorkers: 'allow' }, async (page) => {
    page.context().on('request', (request) => { if (/assets.(?!import_program)/.test(request.url())) asked.add(request.url()); });
  });
  t.after(close);
  await importFiles(page, PHOTOGRAPHS, { colour: true });
  await press(page, 'Train');
  await until(page, '25 steps', ({ step }) => step >= 25, 60_000);
  await press(page, 'Pause');
  const { saved } = await until(page, 'a kept checkpoint', (now) => now.phase === 'paused' && now.saved === now.step);
  // The service worker has all that was asked for.
  await eventually('the files in the cache', () => page.evaluate(async (urls) => {
    const files = await Promise.all(urls.map((url) => caches.match(url, { ignoreSearch: true })));
    return navigator.serviceWorker.controller ? urls.filter((_, at) => !files[at]) : urls;
  }, [...asked]), (missing) => missing.length === 0, 60_000);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: /^Resume at epoch/ }).click();
  await until(page, 'training', ({ step }) => step > saved, 60_000);
  await chosen(page, EXPECTED.data);
  assert.deepEqual(errors.filter((error) => !/ERR_INTERNET_DISCONNECTED/.test(error)), []);
});

test('whoever opens a link without the images is told so, chooses them, and goes on with the link', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, `${RUN}&data=${EXPECTED.data}&recipe=contain,10,1`);
  t.after(close);
  await page.getByText('This link is about somebody\'s 500 own images of 24 × 24 × 3 pixels, which are not in this browser.').waitFor();
  assert.equal(await menu(page).inputValue(), 'mnist');
  await openDialog(page);
  await choose(page, PHOTOGRAPHS);
  // The recipe is the link's.
  await dialog(page).getByText('500 images').waitFor();
  assert.equal(await dialog(page).getByLabel('Size in pixels').inputValue(), '24');
  assert.ok(await dialog(page).getByLabel('Colour').isChecked());
  await press(page, 'Import');
  await dialog(page).getByText('These are the images of the link.').waitFor();
  await press(page, 'Open the link');
  await page.waitForFunction((data) => document.querySelector('#data')?.value === data, EXPECTED.data);
  await finish(page);
  assert.equal((await state(page)).validationLoss, EXPECTED.validation_losses.at(-1));
  assert.deepEqual(errors, []);
});

test('sets are renamed, saved, deleted, and opened from their file', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await importFiles(page, PHOTOGRAPHS, { colour: true });
  await openDialog(page);
  await dialog(page).getByText('450 + 50 images of 24 × 24 × 3 pixels, 5 classes').waitFor();
  await fill(page, 'Name of photographs', 'Landscapes');
  const { name, bytes } = await download(page, () => press(page, 'Save Landscapes'));
  assert.equal(name, 'Landscapes.zip');
  assert.equal(createHash('sha256').update(bytes).digest('hex'), EXPECTED.file_sha256, 'the file that headless writes');
  // A set that is in use stays.
  assert.ok(await page.getByRole('button', { name: 'Delete Landscapes' }).isDisabled());
  await press(page, 'Close');
  await menu(page).selectOption({ label: 'MNIST' });
  await openDialog(page);
  await press(page, 'Delete Landscapes');
  await press(page, 'Delete for good: Landscapes');
  await dialog(page).getByText('450 + 50 images').waitFor({ state: 'detached' });
  await eventually('two sets', () => menu(page).locator('option').allInnerTexts(), (all) => String(all) === 'MNIST,Fashion-MNIST');
  // The file needs no recipe.
  await choose(page, { name: 'from a teacher.zip', mimeType: 'application/zip', buffer: bytes });
  await done(page);
  await press(page, 'Done');
  assert.equal(await menu(page).locator('option:checked').innerText(), 'from a teacher');
  await chosen(page, EXPECTED.data);
  assert.deepEqual(errors, []);
});

test('files of every format become images, and others get a sentence', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await openDialog(page);
  for (const [files, found] of [
    [['pets.tar.gz'], /^21 images .* 2 classes: cat \(13\), dog \(8\)/],
    [['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte'], /The files keep \d+ images? for validation/],
    [['set.npz'], /images/],
    [['floats.npy'], /No classes: the images have no labels/],
    [['kaggle.csv'], /classes/],
    [['cifar-10-binary.tar.gz'], /images \(32 × 32 pixels\)/],
  ]) {
    await choose(page, files.map((file) => `${FORMATS}/${file}`));
    await dialog(page).getByRole('status').filter({ hasText: found }).waitFor();
    await press(page, 'Choose others');
  }
  for (const [name, buffer, sentence] of [
    ['notes.txt', Buffer.from('no image'), /^No image was found \(notes\.txt: /],
    ['a.heic', Buffer.concat([Buffer.alloc(4), Buffer.from('ftypheic'), Buffer.alloc(40)]), /HEIC/],
    ['cut.zip', (await readFile(`${FORMATS}/pets.zip`)).subarray(0, 900), /^No image was found \(cut\.zip: the archive is damaged/],
  ]) {
    await choose(page, { name, mimeType: 'application/octet-stream', buffer });
    await dialog(page).getByRole('alert').filter({ hasText: sentence }).waitFor();
  }
  assert.deepEqual(errors, []);
});

test('where the storage is full or refused the dialog says so, and the page is as it was', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 20_000 });
  await openDialog(page);
  await choose(page, PHOTOGRAPHS);
  await press(page, 'Import');
  await dialog(page).getByRole('alert').filter({ hasText: 'The browser could not store the images: its storage is full.' }).waitFor();
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin });
  await choose(page, PHOTOGRAPHS);
  await press(page, 'Import');
  await done(page);
  assert.deepEqual(errors, []);

  const refusing = await open(host, '#engine=cpu', {}, (opened) => opened.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
  }));
  t.after(refusing.close);
  await press(refusing.page, 'Step');
  await until(refusing.page, 'a step', ({ step }) => step === 1);
  assert.deepEqual(await menu(refusing.page).locator('option').allInnerTexts(), ['MNIST', 'Fashion-MNIST']);
});

test('images that are dropped open the dialog, and Escape closes it', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  const bytes = [...await readFile(`${FORMATS}/pets.zip`)];
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(content)], 'pets.zip'));
    return data;
  }, bytes);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await dialog(page).getByText('21 images').waitFor();
  // The next thing to do has the focus, and keys belong to the dialog.
  await page.waitForFunction(() => document.activeElement.textContent === 'Import');
  await page.keyboard.press('r');
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  assert.deepEqual(errors, []);
});

for (const [classes, device] of [[2, 'phone'], [10, 'desktop'], [40, 'desktop'], [40, 'phone'], [0, 'phone']]) {
  test(`the plane shows ${classes || 'no'} classes: ${device}`, { timeout: 240_000 }, async (t) => {
    const options = device === 'phone' ? { viewport: { width: 375, height: 812 }, hasTouch: true, colorScheme: 'dark' } : {};
    const { page, errors, close } = await open(host, '#engine=cpu&epochs=8&batch=32', options);
    t.after(close);
    await importFiles(page, { name: 'stripes.csv', mimeType: 'text/csv', buffer: Buffer.from(stripes(classes)) }, { size: '12' });
    await eventually(`${classes} classes`, () => names(page), (all) => all.length === classes);
    await finish(page);
    await page.waitForTimeout(500);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    if (classes === 40) {
      const button = page.getByRole('button', { name: 'Only image 37', exact: true });
      assert.match(await button.getAttribute('class'), /class-other/);
      await button.click();
      assert.match(await button.getAttribute('class'), /class-0/);
      await button.click();
    }
    await picture(page, `own-images-${classes}-classes-${device}`);
    assert.deepEqual(errors, []);
  });
}

/** 400 images of 12 × 12 as a table: a stripe at an angle that tells the class, with some noise of a fixed sequence. */
function stripes(classes) {
  let seed = 1;
  const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  const rows = Array.from({ length: 400 }, (_, at) => {
    const label = at % (classes || 6);
    const angle = (Math.PI * label) / (classes || 6) + 0.1 * random();
    const pixels = Array.from({ length: 144 }, (_, pixel) => {
      const [x, y] = [(pixel % 12) - 5.5, Math.floor(pixel / 12) - 5.5];
      const distance = Math.abs(x * Math.sin(angle) - y * Math.cos(angle));
      return Math.max(0, Math.min(255, Math.round(255 - 110 * distance + 20 * random())));
    });
    return (classes ? [label, ...pixels] : pixels).join(',');
  });
  return rows.join('\n');
}
