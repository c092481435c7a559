// A drawing of one's own: by strokes and from a picture, before any training and live while the network trains.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { eventually, open, openTab, picture, press, start, table, until } from './harness.mjs';
import { enlarged, png } from './png.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const repository = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const panel = (page) => page.getByRole('tabpanel', { name: 'Draw' });
const pad = (page) => page.getByRole('img', { name: /^Drawing pad/ });
const code = async (page) => {
  const text = await panel(page).getByText(/^Its code by/).innerText();
  return [...text.matchAll(/z[₁₂] ([−-]?[\d.]+)/g)].map(([, number]) => Number(number.replace('−', '-')));
};
const finding = (page) => panel(page).getByText(/^It (looks like|may be|lies between)|^The network cannot tell/);

/** Draws a stroke with the mouse, through places in shares of the pad. */
async function stroke(page, places) {
  await openTab(page, 'Draw');
  await pad(page).scrollIntoViewIfNeeded();
  const { x, y, width } = await pad(page).boundingBox();
  const at = ([across, down]) => [x + across * width, y + down * width];
  await page.mouse.move(...at(places[0]));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 8 });
  await page.mouse.up();
}
const ONE = [[0.55, 0.15], [0.45, 0.85]];
const ZERO = Array.from({ length: 25 }, (_, at) => [0.5 + 0.22 * Math.sin(at / 4), 0.5 - 0.33 * Math.cos(at / 4)]);
/** Whether a canvas has light pixels. */
const lit = (canvas) => canvas.evaluate((element) => (
  element.getContext('2d').getImageData(0, 0, element.width, element.height).data.some((value, at) => at % 4 < 3 && value > 150)));

test('strokes are encoded before any training, and what that needs is loaded with the first of them', { timeout: 240_000 }, async (t) => {
  const requested = [];
  const { page, errors, close } = await open(host, '', {}, async (page) => page.on('request', (request) => requested.push(request.url())));
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await page.waitForTimeout(2_500);
  const needed = () => requested.filter((url) => /pretrained-encoder|analysis_program/.test(url));
  assert.deepEqual(needed(), []);

  await stroke(page, ONE);
  await finding(page).waitFor();
  assert.match(await finding(page).innerText(), /looks like a 1: (its 5 nearest digits are all 1s|\d of its 5 nearest digits are 1s)/);
  assert.ok(needed().length >= 2, needed().join());
  assert.match(await panel(page).getByText(/^Its code by/).innerText(), /by the pretrained network/);
  assert.equal(await panel(page).getByRole('group', { name: 'Digits nearest to your drawing' }).getByRole('button').count(), 5);
  const copy = panel(page).getByRole('img', { name: 'Reconstruction of your drawing' });
  await eventually('its reconstruction', () => copy.evaluate((image) => image.naturalWidth === 28 && image.src.length > 3_000));
  await picture(page, 'draw');

  // A second stroke beside the first makes another drawing; undone, it is the first again.
  const first = await code(page);
  await stroke(page, [[0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]);
  await page.waitForFunction((before) => !document.querySelector('.drawn .numbers')?.textContent.includes(before), String(first[0]).replace('-', '−'));
  await press(page, 'Undo stroke');
  await eventually('the first drawing', () => code(page), (now) => String(now) === String(first));
  await press(page, 'Clear');
  await finding(page).waitFor({ state: 'detached' });
  await eventually('an empty pad', () => lit(pad(page)), (isLit) => !isLit);

  await stroke(page, ZERO);
  await panel(page).getByText(/looks like a 0: /).waitFor();
  assert.deepEqual(errors, []);
});

test('a drawing is followed while the network trains', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await stroke(page, ZERO);
  await finding(page).waitFor();
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 20, 60_000);
  const places = new Set();
  await eventually('four places', async () => places.add(String(await code(page))).size, (count) => count >= 4);
  assert.match(await panel(page).getByText(/^Its code by/).innerText(), /by the network at step \d+/);
  await press(page, 'Pause');
  assert.deepEqual(errors, []);
});

test('a tap draws a dot, and a picture that shows nothing gets a sentence', { timeout: 240_000 }, async (t) => {
  const { page, close } = await open(host, '', { hasTouch: true, viewport: { width: 390, height: 844 } });
  t.after(close);
  await openTab(page, 'Draw');
  await pad(page).scrollIntoViewIfNeeded();
  await pad(page).tap();
  await panel(page).getByText(/^Its code by/).waitFor();
  await picture(page, 'draw-phone');
  const file = (name, buffer) => ({ name, mimeType: 'image/png', buffer });
  const choose = (given) => page.getByLabel('Picture of a drawing').setInputFiles(given);
  await choose(file('blank.png', png(20, 20, Array(400).fill(9))));
  await page.getByText('The picture was not read. There is nothing on it.').waitFor();
  await choose(file('words.png', Buffer.from('no picture')));
  await page.getByText('The picture was not read. It is no picture that is read here').waitFor();
});

test('of 100 test images enlarged onto the pad, 95 lie within 2 % of the visible width of their dots', { timeout: 300_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const codes = await table(page, 'Codes as CSV');
  const width = await page.locator('#latent-plane').evaluate(({ dataset }) => dataset.xMax - dataset.xMin);
  const shard = gunzipSync(await readFile(repository('public/mnist/test-images-000.gz')));
  await openTab(page, 'Draw');
  const distances = [];
  for (let image = 0; image < 100; image += 1) {
    const shades = [...shard.subarray(image * 784, (image + 1) * 784)];
    const before = await page.locator('.drawn .numbers').textContent();
    await page.getByLabel('Picture of a drawing').setInputFiles({
      name: `${image}.png`, mimeType: 'image/png', buffer: png(280, 280, enlarged(shades, 28, 10)),
    });
    await page.waitForFunction((before) => {
      const { textContent: now } = document.querySelector('.drawn .numbers');
      return now !== before && now !== '';
    }, before);
    const [z1, z2] = await code(page);
    distances.push(Math.hypot(z1 - codes[image].z1, z2 - codes[image].z2) / width);
  }
  const near = distances.filter((distance) => distance <= 0.02).length;
  console.log(`${near} of 100 within 2 %, at most ${(100 * Math.max(...distances)).toFixed(2)} %`);
  assert.ok(near >= 95, `${near}`);
  await picture(page, 'draw-picture');
  assert.deepEqual(errors, []);
});
