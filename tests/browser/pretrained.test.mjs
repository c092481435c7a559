// Before anything is trained: the pretrained decoder's plane, there at first sight, until the person's own takes its place.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { decoded, distance, eventually, fixture, open, openModel, otherDigit, picture, press, start, table, until, plot, openTab } from './harness.mjs';

const MOST_BYTES = { page: 440_000, untilOneCanDrag: 620_000 };

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** The page, closed after the test whatever happens. */
async function opened(t, fragment = '#engine=cpu', prepare = undefined) {
  const { page, errors, close } = await open(host, fragment, {}, prepare);
  t.after(close);
  return { page, errors };
}

const label = (page) => page.getByText('Pretrained: the codes of a network after 20 epochs.');
const plane = (page) => page.locator('#latent-plane');
const digits = (page, count) => page.locator(`#latent-plane[data-digits="${count}"]`).waitFor();
/** Strokes: a code of two numbers draws blurred digits, and an untrained network grey noise. */
const strokes = (image) => image.filter((shade) => shade > 120).length;

/** Waits until a digit is decoded. */
const drawn = (page) => eventually('a digit', () => decoded(page), (image) => strokes(image) > 20);

/** Presses where the plane's left part is, and gives the digit that is drawn then. */
async function pressOnPlane(page) {
  const before = await decoded(page);
  const { x, y, width, height } = await plane(page).boundingBox();
  await page.mouse.move(x + width * 0.2, y + height * 0.5);
  await page.mouse.down();
  return { digit: await otherDigit(page, before), right: [x + width * 0.8, y + height * 0.5] };
}

test('on a cold load the plane has its digits, and dragging draws clear ones, before anything is pressed', async (t) => {
  // Not one image of MNIST arrives.
  const { page, errors } = await opened(t, '', (page) => page.route(/(test|train)-images/, () => {}));
  await label(page).waitFor();
  await digits(page, 2_000);
  await drawn(page);
  await page.getByText('Ready: drag over the pretrained plane').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Measure both sets' }).isDisabled(), true);
  assert.equal(await page.getByLabel('On the plane').locator('option', { hasText: 'all 60,000' }).isDisabled(), true);

  // The key of a digit jumps to its mean. 4 and 9 share theirs more or less.
  const means = [];
  for (const digit of [0, 1, 7, 6]) {
    await plane(page).focus();
    const before = await decoded(page);
    await page.keyboard.press(String(digit));
    means.push(await otherDigit(page, before));
  }
  for (const image of means) assert.ok(strokes(image) > 25, `${strokes(image)} pixels`);
  assert.ok(Math.min(...means.map((image) => Math.max(...image))) > 150);
  means.forEach((a, at) => means.slice(at + 1).forEach((b) => assert.ok(distance(a, b) > 1_000, `${distance(a, b)}`)));

  const { digit, right } = await pressOnPlane(page);
  await page.mouse.move(...right, { steps: 10 });
  await page.mouse.up();
  await otherDigit(page, digit, 500);
  await picture(page, 'pretrained');
  assert.deepEqual(errors, []);
});

test('a dragged digit is decoded ahead of the frame that the move waits for', async (t) => {
  const { page, errors } = await opened(t, '');
  await drawn(page);
  const { digit, right } = await pressOnPlane(page);
  const place = () => plane(page).evaluate(({ dataset }) => [dataset.z1, dataset.z2]);
  const point = await place();
  // Frames are withheld: what comes now was asked for without one.
  await page.evaluate(() => addEventListener('pointermove', (event) => event.stopImmediatePropagation(), true));
  await page.mouse.move(...right, { steps: 10 });
  await otherDigit(page, digit, 500);
  assert.deepEqual(await place(), point);
  assert.deepEqual(errors, []);
});

test('the first digit is drawn from little more than the page and the explorer', async (t) => {
  const requested = [];
  const { page } = await opened(t, '', async (page) => {
    page.on('request', (request) => requested.push(request.url()));
    // The second part of the page's program never arrives.
    await page.route(/lazy_views/, () => {});
  });
  await drawn(page);
  const names = [...new Set(requested)].map((url) => url.slice(host.url.length).split('#')[0] || 'index.html');
  // Images and the second part are asked for at the moment when the digit is drawn, and nothing waits for them.
  const needed = names.filter((name) => !/(test|train)-(images|labels)|lazy_views/.test(name));
  const bytes = { explorer: 0, page: 0, pretrained: 0 };
  for (const name of needed) {
    const packed = gzipSync(await readFile(new URL(`../../dist/${name}`, import.meta.url)), { level: 9 });
    const part = /cpu_engine/.test(name) ? 'explorer' : /pretrained|mnist/.test(name) ? 'pretrained' : 'page';
    bytes[part] += packed.length;
    console.log(`${part}: ${name}, ${packed.length} bytes gzipped`);
  }
  console.log(JSON.stringify(bytes));
  assert.ok(bytes.pretrained > 30_000, 'the decoder is among them');
  assert.ok(bytes.page < MOST_BYTES.page, `${bytes.page}`);
  const all = bytes.page + bytes.pretrained + bytes.explorer;
  assert.ok(all < MOST_BYTES.untilOneCanDrag, `${all}`);
  assert.equal(names.filter((name) => /train-|webgpu_engine/.test(name)).length, 0);
});

test('a digit under the pointer and five others are shown by their codes, and then with their images', async (t) => {
  let arrive = [];
  const { page } = await opened(t, '', (page) => page.route(/(test|train)-images/, (route) => arrive.push(route)));
  await digits(page, 2_000);
  await drawn(page);
  const copies = page.locator('.figures figure canvas');
  const brightest = (canvas) => canvas.evaluate((element) => (
    Math.max(...element.getContext('2d').getImageData(0, 0, 28, 28).data.filter((_, at) => at % 4 < 3))));
  await page.locator('.figures figcaption', { hasText: /\d/ }).first().waitFor();
  assert.equal(await brightest(copies.nth(0)), 0, 'no image yet');
  await eventually('its reconstruction', () => brightest(copies.nth(1)), (shade) => shade > 100);
  await page.waitForTimeout(100);
  for (const route of arrive) await route.continue();
  await page.unroute(/(test|train)-images/);
  await eventually('the image', () => brightest(copies.nth(0)), (shade) => shade > 100);
  await label(page).waitFor();
});

test('Train puts the own network in its place, and Reset brings it back', async (t) => {
  const { page, errors } = await opened(t);
  await digits(page, 2_000);
  const codes = await table(page, 'Codes as CSV');
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await digits(page, 2_000);
  assert.equal(await label(page).count(), 0);
  await openTab(page, 'Reconstructions');
  assert.equal(await page.getByRole('button', { name: 'Measure both sets' }).isDisabled(), false);
  await eventually('codes of the own network', () => table(page, 'Codes as CSV'), (now) => !isDeepStrictEqual(now, codes));
  await plot(page, 'all 10,000 test digits');
  await digits(page, 10_000);

  await press(page, 'Reset');
  await label(page).waitFor();
  await digits(page, 2_000);
  await eventually('the codes before', () => table(page, 'Codes as CSV'), (now) => isDeepStrictEqual(now, codes));
  await drawn(page);
  await press(page, 'Train');
  await label(page).waitFor({ state: 'detached' });
  await until(page, 'some steps', ({ step }) => step > 3);
  assert.deepEqual(errors, []);
});

test('another network, or an opened one, is shown as it is', async (t) => {
  const { page } = await opened(t, '#engine=cpu&code=3');
  await digits(page, 2_000);
  assert.equal(await label(page).count(), 0);
  const other = await opened(t);
  await label(other.page).waitFor();
  await openModel(other.page, fixture('weights.safetensors'));
  await label(other.page).waitFor({ state: 'detached' });
  await digits(other.page, 2_000);
});

test('where the file is missing or another, the page says so and shows the untrained network', async (t) => {
  for (const answer of [{ status: 404, body: 'not found' }, { body: 'something else' }]) {
    const { page } = await opened(t, '', (page) => page.route(/pretrained/, (route) => route.fulfill(answer)));
    await page.getByRole('alert').filter({ hasText: 'The pretrained decoder is not there' }).waitFor();
    await digits(page, 2_000);
    assert.equal(await label(page).count(), 0);
  }
});
