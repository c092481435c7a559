// Whatever image is looked at stands beside its reconstruction, with its label and its error; a finger taps near a dot for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, openTab, picture, press, sampleOf, start, table, until } from './harness.mjs';
import { png } from './png.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const PHONE = { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true };
const plane = (page) => page.locator('#latent-plane');
const plotted = (page) => page.locator('#latent-plane[data-digits="2000"]').waitFor();
const preview = (page) => page.locator('.hovered');
/** Where a code is on the screen. */
const place = (page, { z1, z2 }) => plane(page).evaluate((element, [z1, z2]) => {
  const { xMin, xMax, yMin, yMax } = element.dataset;
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x + width * (z1 - xMin) / (xMax - xMin), y + height * (yMax - z2) / (yMax - yMin)];
}, [z1, z2]);
/** A dot that no other lies near, in the middle part of the plane. */
async function lonely(page) {
  const codes = await table(page, 'Codes as CSV');
  const { xMin, xMax, yMin, yMax } = await plane(page).evaluate(({ dataset }) => ({ ...dataset }));
  const inside = codes.filter(({ z1, z2 }) => z1 - xMin > 0.15 * (xMax - xMin) && xMax - z1 > 0.15 * (xMax - xMin)
    && z2 - yMin > 0.15 * (yMax - yMin) && yMax - z2 > 0.15 * (yMax - yMin));
  const alone = (code) => Math.min(...codes.filter((other) => other !== code).map(({ z1, z2 }) => Math.hypot(z1 - code.z1, z2 - code.z2)));
  return inside.map((code) => ({ code, alone: alone(code) })).reduce((most, next) => (next.alone > most.alone ? next : most)).code;
}
/** The mean squared error of two pictures, as the page writes it. */
const error = (original, copy) => Promise.all([original, copy].map((canvas) => canvas.evaluate((element) => (
  Array.from(element.getContext('2d').getImageData(0, 0, element.width, element.height).data).filter((_, at) => at % 4 === 0)))))
  .then(([a, b]) => {
    const found = a.reduce((sum, value, at) => sum + ((value - b[at]) / 255) ** 2, 0) / a.length;
    return found.toFixed(found >= 0.1 ? 3 : 4);
  });
/** Waits for a text that holds. */
const told = (locator, pattern) => locator.filter({ hasText: pattern }).waitFor();
/**
 * Waits until a text ends with the error of the two pictures beside it, and gives it. Pictures may be drawn after their words.
 */
async function agree(text, pictures) {
  const [words] = await eventually('words and pictures that agree', async () => (
    [await text.innerText(), await error(pictures.nth(0), pictures.nth(1))]), ([words, error]) => words.endsWith(`error ${error}`));
  return words;
}

test('pointed at, nearest and shown images have label and error beside both pictures', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await plotted(page);
  const dot = await lonely(page);
  await plane(page).scrollIntoViewIfNeeded();
  await page.mouse.move(...await place(page, dot));
  await told(preview(page).locator('p').first(), `test image ${dot.index}: ${sampleOf(dot.label)}, error`);
  const text = await agree(preview(page).locator('p').first(), preview(page).getByRole('img'));
  assert.match(text, new RegExp(`^test image ${dot.index}: ${sampleOf(dot.label)}, error 0\\.\\d+$`));
  await picture(page, 'inspector-hovered');
  for (const [unit, value] of [[1, dot.z1], [2, dot.z2]]) {
    await page.locator(`#coordinate-${unit}`).fill(String(value));
    await page.locator(`#coordinate-${unit}`).press('Enter');
  }
  const nearest = page.locator('.nearest');
  await told(nearest.locator('.hint').first(), `${sampleOf(dot.label)}, error`);
  const hint = await agree(nearest.locator('.hint').first(), nearest.locator('.image-pair').getByRole('img'));
  assert.match(hint, new RegExp(`^Nearest test digit: ${sampleOf(dot.label)}, error 0\\.\\d+$`));
  await openTab(page, 'Reconstructions');
  for (const figure of await page.locator('.figures figure').all()) {
    await told(figure.locator('figcaption'), /^\d\s*error 0\.\d+$/);
    await agree(figure.locator('figcaption'), figure.getByRole('img'));
  }
  assert.deepEqual(errors, []);
});

test('while training, words about images are in each frame about the pictures beside them', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&lr=0.00002');
  t.after(close);
  await plotted(page);
  await openTab(page, 'Reconstructions');
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 20);
  await told(page.locator('.figures figcaption').first(), /error 0\.\d+/);
  const frames = await page.evaluate(async () => {
    const shades = (canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((_, at) => at % 4 === 0);
    const frames = [];
    while (new Set(frames.map(({ words }) => words)).size < 5) {
      await new Promise((resume) => { requestAnimationFrame(() => setTimeout(resume)); });
      const figure = document.querySelector('.figures figure');
      const [a, b] = Array.from(figure.querySelectorAll('canvas'), shades);
      const error = a.reduce((sum, value, at) => sum + ((value - b[at]) / 255) ** 2, 0) / a.length;
      frames.push({ words: figure.querySelector('figcaption').innerText, error });
    }
    return frames;
  });
  for (const { words, error } of frames) assert.ok(words.endsWith(`error ${error.toFixed(error >= 0.1 ? 3 : 4)}`), `${words}: ${error}`);
  assert.deepEqual(errors, []);
});

test('a drawing has its error below its reconstruction', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await plotted(page);
  await openTab(page, 'Draw');
  const values = Array.from({ length: 784 }, (_, at) => (at % 28 > 12 && at % 28 < 16 && at > 140 && at < 640 ? 255 : 0));
  await page.getByLabel('Picture of a drawing').setInputFiles({ name: '1.png', mimeType: 'image/png', buffer: png(28, 28, values) });
  await page.getByRole('tabpanel', { name: 'Draw' }).getByText(/^Reconstruction, error 0\.\d+$/).waitFor();
  assert.deepEqual(errors, []);
});

test('a tap near a dot opens its preview, and the next touch closes it', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '', PHONE);
  t.after(close);
  await plotted(page);
  const dot = await lonely(page);
  await page.getByRole('tab', { name: 'Explore' }).tap();
  await plane(page).scrollIntoViewIfNeeded();
  await page.waitForTimeout(200);
  const [x, y] = await place(page, dot);
  await page.touchscreen.tap(x + 6, y - 6);
  await told(preview(page).locator('p').first(), `test image ${dot.index}: ${sampleOf(dot.label)}, error`);
  assert.equal(await preview(page).getByRole('img').count(), 2);
  await page.waitForTimeout(300);
  assert.equal(await preview(page).isVisible(), true, 'it stays when the finger is lifted');
  // A drag moves the point, and opens nothing.
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await send('touchStart', [x + 60, y + 40]);
  await preview(page).waitFor({ state: 'detached' });
  for (let step = 1; step <= 5; step += 1) await send('touchMove', [x + 60 - 12 * step, y + 40 - 8 * step]);
  await send('touchEnd');
  await page.waitForTimeout(300);
  assert.equal(await preview(page).count(), 0);

  // Wherever the dot is, its preview is in sight.
  const plane_area = await plane(page).boundingBox();
  for (const share of [[0.45, 0.55], [0.55, 0.5], [0.36, 0.1], [0.8, 0.66], [0.12, 0.7]]) {
    await page.touchscreen.tap(plane_area.x + share[0] * plane_area.width, plane_area.y + share[1] * plane_area.height);
    await page.waitForTimeout(300);
    if (await preview(page).count() === 0) continue;
    const { left, right } = await preview(page).evaluate((element) => element.getBoundingClientRect().toJSON());
    assert.ok(left >= 0 && right <= 390, `${share}: ${left} to ${right}`);
  }
  assert.deepEqual(errors, []);
});
