// What a kind of model shows beside the plane of every model: the distribution of a variational code, what a denoising model
// reads, the weights of layers, and what they give.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, eventually, open, picture, planeIsOf, press, sampleOf, start, state, table, until } from './harness.mjs';

const VARIATIONAL = '#engine=cpu&hidden=64&variational=1&activation=relu&output=sigmoid&loss=bce-sum&lr=0.001&batch=128&images=5120&epochs=2&map=0';
let host;
before(async () => { host = await start(); });
after(() => host.close());

const plane = (page) => page.locator('#latent-plane');
const shades = (canvas) => canvas.evaluate((element) => element.toDataURL());
const trained = async (page) => {
  await press(page, 'Train');
  const { step } = await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
  await planeIsOf(page, step);
};
/** Waits until a canvas shows something else than this. */
const redrawn = (canvas, before) => eventually('another picture', () => shades(canvas), (now) => now !== before);
/** Moves the pointer to the dot of an image at the cloud's edge, where no other lies over it. */
async function hover(page) {
  const codes = await table(page, 'Codes as CSV');
  const { xMin, xMax, yMin, yMax } = await plane(page).evaluate((element) => ({ ...element.dataset }));
  await plane(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plane(page).boundingBox();
  const inside = codes.filter(({ z1, z2 }) => z1 > xMin && z1 < xMax && z2 > yMin && z2 < yMax);
  const furthest = inside.reduce((one, other) => (other.z2 > one.z2 ? other : one));
  await page.mouse.move(
    x + (width * (furthest.z1 - xMin)) / (xMax - xMin),
    y + (height * (yMax - furthest.z2)) / (yMax - yMin),
  );
  await page.getByText(`test image ${furthest.index}: ${sampleOf(furthest.label)}`).waitFor();
  return furthest;
}

test('the plane of a variational model shows the distribution of a code, the prior, and samples of it', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, VARIATIONAL);
  t.after(close);
  await trained(page);

  const above = plane(page).locator('canvas').nth(2);
  const without = await shades(above);
  const code = await hover(page);
  const told = await page.locator('.hovered').innerText();
  const [, mean, deviation] = told.match(/z₁ (−?[\d.]+) ± ([\d.]+), z₂ −?[\d.]+ ± [\d.]+/);
  assert.ok(Math.abs(Number(mean.replace('−', '-')) - code.z1) < 0.002, `${mean} is the mean ${code.z1}`);
  assert.ok(deviation > 0 && deviation < 3);
  await redrawn(above, without);
  await picture(page, 'variational-hovered');
  await page.mouse.move(2, 2);
  // The nearest image tells it too, for those without a pointer.
  await page.locator('.nearest').filter({ hasText: /z₁ −?[\d.]+ ± [\d.]+/ }).waitFor();

  const prior = page.getByRole('button', { name: 'Prior' });
  const below = plane(page).locator('canvas').first();
  const grid = await shades(below);
  assert.equal(await prior.getAttribute('aria-pressed'), 'false');
  await prior.click();
  assert.equal(await prior.getAttribute('aria-pressed'), 'true');
  await page.waitForFunction(() => location.hash.includes('prior=1'));
  await redrawn(below, grid);
  await picture(page, 'variational-prior');

  const seen = new Set();
  for (let sample = 0; sample < 3; sample += 1) {
    const before = (await decoded(page)).join();
    await press(page, 'Sample');
    await page.waitForFunction((before) => {
      const canvas = document.querySelector('#decoded-digit');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]).join() !== before;
    }, before);
    const { z1, z2 } = await plane(page).evaluate((element) => ({ ...element.dataset }));
    // Six standard deviations: one draw in a thousand million is further away.
    assert.ok(Math.abs(z1) < 6 && Math.abs(z2) < 6);
    seen.add(z1);
  }
  assert.equal(seen.size, 3);

  await page.reload();
  assert.equal(await prior.getAttribute('aria-pressed'), 'true', 'a link keeps the circles');
  assert.deepEqual(errors, []);
});

test('other models have no prior', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&prior=1');
  t.after(close);
  await page.getByRole('button', { name: 'Manifold' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Prior' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Sample' }).count(), 0);
});

test('a denoising model shows an image, what the encoder reads, and the reconstruction', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=64&corruption=gaussian0.4&images=5120&epochs=1');
  t.after(close);
  await trained(page);
  const figure = page.locator('.figures figure').first();
  await figure.getByRole('img', { name: /^Corrupted image of an? \d$/ }).waitFor();
  const pictures = figure.locator('canvas');
  assert.equal(await pictures.count(), 3);
  await eventually('three different pictures', () => Promise.all([0, 1, 2].map((at) => shades(pictures.nth(at)))), (all) => new Set(all).size === 3);
  assert.equal(await figure.locator('[data-empty]').count(), 0);
  await page.getByText('Originals, what the encoder reads, reconstructions').waitFor();
  await picture(page, 'denoising');
  await page.setViewportSize({ width: 375, height: 720 });
  // Three images fit a phone.
  await page.waitForFunction(() => document.documentElement.scrollWidth === 375);
  await page.setViewportSize({ width: 1280, height: 900 });
  await hover(page);
  assert.equal(await page.locator('.hovered canvas').count(), 3);
  assert.deepEqual(errors, []);
});

/** A row of the diagram, by the beginning of its name. */
const row = (page, name) => page.getByRole('button', { name }).first();

for (const [kind, name, link, size] of [
  ['units', 'Dense 300', '#engine=cpu&images=5120&epochs=2', [8 * 29 - 1, 5 * 29 - 1]],
  ['filters', 'Convolution 5 × 5', '#engine=cpu&encoder=conv4k5s2,dense8&images=1000&epochs=2', [4 * 6 - 1, 5]],
]) {
  test(`the first layer’s ${kind} are images that change while it learns`, { timeout: 240_000 }, async (t) => {
    const { page, errors, close } = await open(host, link);
    t.after(close);
    await row(page, name).click();
    if (kind === 'units') await page.getByText('The pretrained encoder is not loaded.').waitFor();
    await press(page, 'Step');
    await until(page, 'a step', ({ step }) => step === 1);
    const images = page.getByRole('img', { name: /^The weights of .* each an image$/ });
    await images.waitFor();
    assert.match(await images.getAttribute('aria-label'), kind === 'units' ? /40 of 300 units/ : /of 4 filters/);
    await eventually(`images of ${size}`, () => images.evaluate(({ width, height }) => [width, height]), (now) => String(now) === String(size));
    const before = await shades(images);
    await press(page, 'Train');
    await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
    await redrawn(images, before);
    await picture(page, `weights-${kind}`);
    await row(page, name).click();
    await images.waitFor({ state: 'detached' });
    assert.deepEqual(errors, []);
  });
}

test('every layer of the diagram opens to its weights, and what passes through follows the point', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=1000&epochs=1&encoder=conv4k3s2,dense16');
  t.after(close);
  await trained(page);
  const rows = page.getByRole('list', { name: /^Layers from the image/ });
  for (const [name, label] of [
    ['Convolution 3 × 3', /of 4 filters/], ['Dense 16', /784 × 16|16 × 784/], ['Code 2', /2 × 16/], ['Dense 784', /2 × 784/],
    ['Transposed 3 × 3', /pairs of channels/], ['Reconstruction', /pairs of channels/],
  ]) {
    await row(page, name).click();
    await page.getByRole('img', { name: label }).waitFor();
    await page.waitForFunction(() => document.querySelector('.weight-images')?.width > 2);
    await row(page, name).click();
  }
  const strips = rows.locator('canvas');
  assert.equal(await strips.count(), 7, 'image, three layers, three layers back');
  const pictures = () => Promise.all([0, 1, 2, 3, 4, 5, 6].map((at) => shades(strips.nth(at))));
  const before = await pictures();
  await plane(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plane(page).boundingBox();
  for (const [right, down] of [[0.2, 0.2], [0.8, 0.8]]) await page.mouse.click(x + right * width, y + down * height);
  // The nearest image and the point are others.
  await eventually('seven other pictures', pictures, (after) => after.every((now, at) => now !== before[at]));
  await picture(page, 'diagram-live');
  // A layer that waits for a new run has nothing to show.
  await page.getByLabel('Code size', { exact: true }).fill('3');
  await page.getByLabel('Code size', { exact: true }).press('Enter');
  await eventually('nothing to show', () => rows.locator('canvas:visible').count(), (count) => count === 0);
  assert.deepEqual(errors, []);
});

test('words on the plane and in tables are explained in sight, by keyboard and by touch, and no longer than they are needed', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu', { hasTouch: true });
  t.after(close);
  for (const [name, words] of [['Manifold', 'Manifold: all that the decoder can draw'], ['Contours', 'Contours: lines around half']]) {
    const [button, explained] = [page.getByRole('button', { name, exact: true }), page.locator('#explore').getByText(words)];
    // The manifold is shown from the beginning.
    if (await button.getAttribute('aria-pressed') === 'true') await button.tap();
    await explained.waitFor({ state: 'detached' });
    await button.focus();
    await page.keyboard.press('Enter');
    await explained.waitFor();
    await button.tap();
    await explained.waitFor({ state: 'detached' });
  }
  assert.equal(await page.locator('#seed-remark').innerText(), 'Picks the random numbers. Same seed, same run.');
  await page.getByRole('tab', { name: 'Reconstructions' }).tap();
  await page.getByText('MSE: mean squared error. RMSE: its root, per pixel.').waitFor();
  assert.deepEqual(errors, []);
});
