// Paths through codes: anchors by mouse, touch and keys, the strip, the animation, and files of both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { download, eventually, inWorkers, open, openTab, picture, plot, press, start, table, until } from './harness.mjs';
import { png } from './png.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const plane = (page) => page.locator('#latent-plane');
const plotted = (page) => page.locator('#latent-plane[data-digits="2000"]').waitFor();
const panel = (page) => page.getByRole('tabpanel', { name: 'Morph' });
const strip = (page) => panel(page).getByRole('img', { name: /images along the path through/ });
const anchors = (page) => page.getByRole('list', { name: 'Anchors' }).getByRole('listitem');
const point = (page) => plane(page).evaluate(({ dataset }) => [Number(dataset.z1), Number(dataset.z2)]);
const key = (page, name) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
const numbers = (page) => key(page, 'path')?.split(',').map(Number);
/** Waits until the address has a path that fulfils `holds`. */
const linked = (page, holds) => eventually('a path in the address', () => numbers(page), holds);
/** A canvas' brightness, cell by cell of its first row. */
const cells = (canvas) => canvas.evaluate((element) => {
  const { width, height } = element;
  const { data } = element.getContext('2d').getImageData(0, 0, width, height);
  const side = width / 10;
  return Array.from({ length: 10 }, (_, cell) => Array.from({ length: side * side }, (_, at) => (
    data[4 * (Math.floor(at / side) * width + cell * side + (at % side)) + 3])));
});
const distance = (a, b) => Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]) ** 2, 0) / a.length);
/** Waits until the strip shows something other than `before`. */
async function drawn(page, before) {
  await strip(page).waitFor();
  return eventually('another strip', () => cells(strip(page)), (now) => (
    now[0].length === 784 && now[0].some((value) => value > 0) && JSON.stringify(now) !== JSON.stringify(before)));
}
/** Where a code is on the screen. */
const place = (page, [z1, z2]) => plane(page).evaluate((element, [z1, z2]) => {
  const { xMin, xMax, yMin, yMax } = element.dataset;
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x + width * (z1 - xMin) / (xMax - xMin), y + height * (yMax - z2) / (yMax - yMin)];
}, [z1, z2]);
/** Frames of a GIF file: the milliseconds and the shades of each, as the browser decodes them. */
const frames = (page, bytes, side = 28) => page.evaluate(async ([base64, side]) => {
  const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const decoder = new ImageDecoder({ data, type: 'image/gif' });
  await decoder.tracks.ready;
  await decoder.completed;
  const { frameCount, repetitionCount } = decoder.tracks.selectedTrack;
  const found = [];
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex += 1) {
    const { image } = await decoder.decode({ frameIndex });
    const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / side;
    const shade = (at) => data[4 * ((Math.floor(at / side) * scale + 2) * canvas.width + (at % side) * scale + 2)];
    found.push({ ms: image.duration / 1000, width: canvas.width, height: canvas.height, shades: Array.from({ length: side * side }, (_, at) => shade(at)) });
  }
  return { repetitionCount, found };
}, [bytes.toString('base64'), side]);

test('a 1 morphs into a 7: as a strip, as an animation, as PNG and as GIF', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await plotted(page);
  await openTab(page, 'Morph');
  assert.equal(await strip(page).isVisible(), false);
  await press(page, 'Add a 1');
  assert.equal(await strip(page).isVisible(), false);
  await press(page, 'Add a 7');
  // Letters, since a numeral would be read as a digit.
  assert.deepEqual(await anchors(page).filter({ hasText: 'z₁' }).locator('b').allInnerTexts(), ['A', 'B']);
  // Each says what it is near.
  await anchors(page).filter({ hasText: /^A near a 1 z₁/ }).waitFor();
  await anchors(page).filter({ hasText: /^B near a 7 z₁/ }).waitFor();
  const shown = await drawn(page);
  assert.ok(distance(shown[0], shown[9]) > 40, 'a 1 is no 7');
  for (let at = 0; at < 9; at += 1) assert.ok(distance(shown[at], shown[at + 1]) < distance(shown[0], shown[9]), `step ${at}`);

  // The anchors are dots of their classes, and the link has them.
  const [x1, y1, x7, y7] = await linked(page, (path) => path?.length === 4);
  const codes = await table(page, 'Codes as CSV');
  const label = ([x, y]) => codes.reduce((near, code) => (Math.hypot(code.z1 - x, code.z2 - y) < Math.hypot(near.z1 - x, near.z2 - y) ? code : near)).label;
  assert.deepEqual([label([x1, y1]), label([x7, y7])], [1, 7]);
  await openTab(page, 'Morph');
  await picture(page, 'morph');

  // The point goes where the slider says, and nothing moves by itself.
  const slider = panel(page).getByRole('slider', { name: 'Place on the path' });
  await slider.fill('18');
  const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 1e-3;
  await eventually('the point half-way', () => point(page), (now) => near(now, [(x1 + x7) / 2, (y1 + y7) / 2]));
  await page.waitForTimeout(500);
  assert.ok(near(await point(page), [(x1 + x7) / 2, (y1 + y7) / 2]));
  assert.equal(await slider.getAttribute('aria-valuetext'), 'Image 19 of 37');

  const announced = await page.locator('#announcer').innerText();
  await press(page, 'Play the morph');
  const passed = new Set();
  await eventually('seven places', async () => passed.add(await slider.inputValue()).size, (count) => count > 6);
  await press(page, 'Pause the morph');
  const rested = await point(page);
  await page.waitForTimeout(300);
  assert.deepEqual(await point(page), rested);
  assert.equal(await page.locator('#announcer').innerText(), announced, 'what moves by itself is not announced');

  const gif = await download(page, () => press(page, 'Save as GIF'));
  assert.match(gif.name, /^morph-1-to-7-latent-playground-mnist-pretrained\.gif$/);
  const { found, repetitionCount } = await frames(page, gif.bytes);
  assert.deepEqual([found.length, found[0].width, found[0].height, repetitionCount], [37, 252, 252, Infinity]);
  assert.deepEqual([found[0].ms, found[1].ms, found[36].ms], [560, 80, 560]);
  // Every fourth frame is an image of the strip.
  const now = await cells(strip(page));
  for (let at = 0; at < 10; at += 1) assert.ok(distance(found[4 * at].shades, now[at]) < 1, `frame ${4 * at}`);

  const png = await download(page, () => press(page, 'Save as PNG'));
  assert.match(png.name, /^morph-1-to-7-latent-playground-mnist-pretrained\.png$/);
  assert.deepEqual([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)], [6 + 10 * (112 + 6), 6 + 112 + 6 + 10 + 6]);
  assert.deepEqual(errors, []);
});

test('anchors are made, moved and taken away by keys alone, up to eight', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#z=0,0');
  t.after(close);
  await plotted(page);
  await openTab(page, 'Morph');
  const button = (name) => panel(page).getByRole('button', { name, exact: true });
  await button('Add the place of the circle').press('Enter');
  await plane(page).press('Shift+ArrowRight');
  await button('Add the place of the circle').press('Enter');
  await drawn(page);
  const [x, y, x2, y2] = await linked(page, (path) => path?.length === 4);
  assert.deepEqual([x, y, y2], [0, 0, 0]);
  assert.ok(x2 > 0.1);
  await plane(page).press('Shift+ArrowUp');
  await button('A: Move to the circle').press('Enter');
  await linked(page, ([z1, z2]) => Math.abs(z1 - x2) < 1e-3 && z2 > 0.1);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'A: Move to the circle');
  await button('Back to A').press('Enter');
  assert.equal(await button('Back to A').getAttribute('aria-pressed'), 'true');
  await page.waitForFunction(() => location.hash.includes('loop=1'));
  for (let count = 2; count < 8; count += 1) await button(`Add a ${count}`).press('Enter');
  assert.equal(await button('Add a 9').isDisabled(), true);
  await strip(page).and(page.getByRole('img', { name: '40 images along the path through 8 anchors' })).waitFor();
  await picture(page, 'morph-eight');
  await button('Remove H').press('Enter');
  await linked(page, (path) => path?.length === 14);
  await button('Clear').press('Enter');
  await linked(page, (path) => path === undefined);
  assert.equal(await strip(page).isVisible(), false);
  assert.deepEqual(errors, []);
});

test('an anchor is dragged on the plane, by mouse and by finger, and the point goes with it', { timeout: 240_000 }, async (t) => {
  for (const options of [{}, { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true }]) {
    const { page, errors, close } = await open(host, '#path=0,0,3,1', options);
    t.after(close);
    await plotted(page);
    await openTab(page, 'Morph');
    const before = await drawn(page);
    // A picture of the whole page moves it.
    if (options.hasTouch) await picture(page, 'morph-phone');
    await plane(page).evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.waitForTimeout(300);
    const [from, to] = [await place(page, [3, 1]), await place(page, [4, 5])];
    if (options.hasTouch) {
      const touch = await page.context().newCDPSession(page);
      const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
      await send('touchStart', from);
      for (let step = 1; step <= 5; step += 1) await send('touchMove', from.map((start, axis) => start + (to[axis] - start) * step / 5));
      await send('touchEnd');
    } else {
      await page.mouse.move(...from);
      await page.mouse.down();
      await page.mouse.move(...to, { steps: 5 });
      await page.mouse.up();
    }
    const [path] = await eventually('the anchor in the address, at the point', async () => [numbers(page), await point(page)], ([path, [z1, z2]]) => (
      Math.hypot(path[2] - 4, path[3] - 5) < 0.3 && Math.hypot(path[2] - z1, path[3] - z2) < 1e-3));
    assert.deepEqual(path.slice(0, 2), [0, 0]);
    await drawn(page, before);
    // Elsewhere the plane moves the point alone.
    if (!options.hasTouch) {
      await page.mouse.click(...await place(page, [1, 3]));
      assert.deepEqual(numbers(page), path);
    }
    assert.deepEqual(errors, []);
  }
});

test('anchors keep whole codes, the strip follows the training, and another code size clears it', { timeout: 240_000 }, async (t) => {
  const ends = [[0.5, 0, 1, 0], [-0.5, 1, 0, 2]];
  const { page, errors, close } = await open(host, `#engine=cpu&hidden=32&code=4&epochs=1&path=${ends.flat()}`);
  t.after(close);
  await openTab(page, 'Morph');
  const before = await drawn(page);
  assert.deepEqual(numbers(page), ends.flat());
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 60, 60_000);
  await eventually('another first image', () => cells(strip(page)), (after) => distance(before[0], after[0]) > 5);
  await press(page, 'Pause');
  await until(page, 'a pause', ({ phase }) => phase === 'paused');
  assert.equal(await anchors(page).filter({ hasText: 'z₁' }).count(), 2);
  const gif = await download(page, () => press(page, 'Save as GIF'));
  assert.equal((await frames(page, gif.bytes)).found.length, 37);
  await page.evaluate(() => { location.hash = '#engine=cpu&hidden=32&code=2'; });
  await linked(page, (path) => path === undefined);
  assert.deepEqual(errors, []);
});

test('a file in the making is cancelled, and none is saved', { timeout: 240_000 }, async (t) => {
  // Each message waits, so that the file takes seconds.
  const slow = `const post = self.postMessage.bind(self); self.postMessage = (...all) => setTimeout(() => post(...all), 60);`;
  const { page, errors, close } = await open(host, '#path=0,0,3,1', {}, (page) => inWorkers(page, /export_program[^/]*\.js/, slow));
  t.after(close);
  await plotted(page);
  await openTab(page, 'Morph');
  await drawn(page);
  let saved = 0;
  page.on('download', () => { saved += 1; });
  await press(page, 'Save as GIF');
  await panel(page).getByRole('progressbar', { name: 'Images written' }).waitFor();
  await panel(page).getByText(/^([2-9]|[12]\d) of 37$/).waitFor();
  await press(page, 'Cancel');
  await panel(page).getByRole('progressbar').waitFor({ state: 'detached' });
  await page.waitForTimeout(600);
  assert.equal(saved, 0);
  // Another one goes through.
  const { bytes } = await download(page, () => press(page, 'Save as GIF'));
  assert.equal((await frames(page, bytes)).found.length, 37);
  assert.equal(saved, 1);
  assert.deepEqual(errors, []);
});

test('the strip stays while other images lie on the plane', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&path=0,0,3,1');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 40, 60_000);
  await press(page, 'Pause');
  await plotted(page);
  await openTab(page, 'Morph');
  await drawn(page);
  await plot(page, 'all 10,000 test digits');
  await page.locator('#latent-plane[data-digits="10000"]').waitFor();
  await strip(page).waitFor();
  await drawn(page);
  assert.deepEqual(errors, []);
});

test('images in colour and of other sizes are enlarged by a whole factor', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=16');
  t.after(close);
  await press(page, 'Your own images…');
  const files = Array.from({ length: 24 }, (_, at) => ({
    name: `${at}.png`, mimeType: 'image/png', buffer: png(20, 20, Array.from({ length: 400 }, (_, place) => (place * (at + 3)) % 251)),
  }));
  await page.getByLabel('Images', { exact: true }).setInputFiles(files);
  const dialog = page.getByRole('dialog', { name: 'Your own images' });
  await dialog.getByLabel('Size in pixels').fill('20');
  await dialog.getByLabel('Size in pixels').press('Tab');
  await dialog.getByLabel('Colour').check();
  await press(page, 'Import');
  await dialog.getByText('The images are stored in this browser').waitFor();
  await press(page, 'Done');
  await press(page, 'Step');
  await until(page, 'a step', ({ step }) => step === 1);
  await openTab(page, 'Morph');
  const button = (name) => panel(page).getByRole('button', { name, exact: true });
  // Images without classes have the point alone.
  assert.equal(await panel(page).getByRole('group', { name: 'Add an anchor' }).getByRole('button').count(), 1);
  await button('Add the place of the circle').click();
  await plane(page).press('Shift+ArrowRight');
  await button('Add the place of the circle').click();
  await strip(page).waitFor();
  await page.waitForFunction(() => document.querySelector('.strip').width === 200);
  const { found } = await frames(page, (await download(page, () => press(page, 'Save as GIF'))).bytes, 20);
  assert.deepEqual([found.length, found[0].width, found[0].height], [37, 260, 260]);
  const { bytes } = await download(page, () => press(page, 'Save as PNG'));
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [6 + 10 * (120 + 6), 6 + 120 + 6 + 10 + 6]);
  assert.deepEqual(errors, []);
});
