// Takes the pictures of docs/guide.md, one for each job, as WebP files of at most 60 kB. The browser itself encodes them.
//   CHROMIUM=$(scripts/chromium.sh) node scripts/guide-pictures.mjs [NAME…]
import { mkdirSync, writeFileSync } from 'node:fs';
import { chooseModel, open, openTab, press, start, until } from '../tests/browser/harness.mjs';

const FOLDER = new URL('../docs/guide/', import.meta.url).pathname;
const MOST_BYTES = 60_000;
const SEED = '#engine=cpu&seed=3';

/** Encodes a PNG file as WebP, as well as fits: the whole picture at first, and then a smaller one. */
async function webp(page, png) {
  for (const [quality, scale] of [[0.9, 1], [0.8, 1], [0.7, 1], [0.6, 1], [0.8, 0.7], [0.6, 0.7], [0.7, 0.5]]) {
    const base64 = await page.evaluate(async ([png, quality, scale]) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      const canvas = new OffscreenCanvas(Math.round(scale * image.width), Math.round(scale * image.height));
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const file = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
      return btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(''));
    }, [png.toString('base64'), quality, scale]);
    const file = Buffer.from(base64, 'base64');
    if (file.length <= MOST_BYTES) return file;
  }
  throw new Error(`a picture has more than ${MOST_BYTES} bytes whatever its quality`);
}

/** The rectangle around some elements, with a margin. */
async function around(page, ...selectors) {
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  const boxes = await Promise.all(selectors.map((selector) => page.locator(selector).first().boundingBox()));
  const [left, top] = ['x', 'y'].map((side) => Math.max(0, Math.min(...boxes.map((box) => box[side])) - 8));
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + 8;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 8;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const dots = (page) => page.locator('#latent-plane[data-digits="2000"]').waitFor();
const trained = (page, steps) => until(page, `${steps} steps`, ({ step }) => step >= steps, 300_000);

async function set(page, label, value) {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** Draws a line with the mouse through places, in shares of an element. */
async function stroke(page, element, places, release = true) {
  const { x, y, width, height } = await element.boundingBox();
  const [first, ...others] = places.map(([across, down]) => [x + across * width, y + down * height]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of others) await page.mouse.move(...place, { steps: 8 });
  if (release) await page.mouse.up();
}

/**
 * The pictures that show the page as it is in a window of usual height. The others have a window in which nothing is scrolled.
 */
const USUAL = ['drag', 'train', 'time', 'lessons'];

/** The pictures: what is done for each, and which elements it shows. */
const PICTURES = {
  async drag(page) {
    await dots(page);
    await stroke(page, page.locator('#latent-plane'), [[0.3, 0.4], [0.52, 0.45]], false);
    await page.waitForTimeout(400);
    return around(page, '.workbench #explore', '.workbench .decoded');
  },
  async train(page) {
    await press(page, 'Train');
    await trained(page, 1_200);
    return { x: 0, y: 0, width: 1280, height: 680 };
  },
  async diagram(page) {
    await dots(page);
    await chooseModel(page, 'Convolutional');
    await press(page, 'Train');
    await trained(page, 40);
    await press(page, 'Pause');
    await page.getByRole('button', { name: /^Convolution/ }).first().click();
    await page.waitForTimeout(1_500);
    return around(page, '#settings .diagram');
  },
  async draw(page) {
    await dots(page);
    await openTab(page, 'Draw');
    const pad = page.getByRole('img', { name: /^Drawing pad/ });
    await stroke(page, pad, [[0.38, 0.2], [0.3, 0.55], [0.7, 0.55]]);
    await stroke(page, pad, [[0.62, 0.25], [0.58, 0.85]]);
    await page.getByText(/^The network takes it for/).waitFor({ timeout: 30_000 });
    await page.waitForTimeout(600);
    return around(page, '#draw');
  },
  async morph(page) {
    await dots(page);
    await openTab(page, 'Morph');
    const panel = page.getByRole('tabpanel', { name: 'Morph' });
    for (const digit of ['1', '7']) await panel.getByRole('button', { name: `Add a ${digit}`, exact: true }).click();
    await page.waitForTimeout(1_200);
    return around(page, '#morph');
  },
  async time(page) {
    await press(page, 'Train');
    await trained(page, 400);
    await press(page, 'Pause');
    const slider = page.getByRole('slider', { name: 'At step' });
    await slider.focus();
    for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('PageDown');
    await page.waitForTimeout(800);
    return around(page, '.workbench #explore', '#loss');
  },
  async compare(page) {
    await set(page, 'Epochs', '1');
    await press(page, 'Train');
    await until(page, 'the end', ({ phase }) => phase === 'finished', 300_000);
    await set(page, 'Learning rate', '0.005');
    await press(page, 'Train a new run');
    await until(page, 'the end of the other', ({ phase, step }) => phase === 'finished' && step > 0, 300_000);
    await openTab(page, 'Runs');
    await page.getByRole('button', { name: 'Pin run 1' }).click();
    await page.waitForTimeout(1_500);
    return around(page, '.workbench #explore', '.pinned .plane-frame', '.pinned .panel-head');
  },
  async structure(page) {
    await press(page, 'Train');
    await trained(page, 300);
    await press(page, 'Pause');
    await openTab(page, 'Mistakes');
    await page.locator('#structure table').first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1_500);
    return around(page, '#structure');
  },
  async lessons(page) {
    await dots(page);
    await press(page, 'Lessons');
    await page.getByRole('dialog', { name: 'Lessons' }).getByRole('button', { name: 'What the plane is' }).click();
    await page.locator('.lesson-task').waitFor();
    await page.waitForTimeout(600);
    return { x: 0, y: 0, width: 1280, height: 400 };
  },
  async embed(page) {
    await dots(page);
    await press(page, 'Embed');
    await page.waitForTimeout(1_500);
    return around(page, 'dialog[open]');
  },
};

const wanted = process.argv.slice(2);
const host = await start();
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, take] of Object.entries(PICTURES)) {
    if (wanted.length && !wanted.includes(name)) continue;
    const { page, close } = await open(host, SEED, { viewport: { width: 1280, height: USUAL.includes(name) ? 680 : 1_600 } });
    const clip = await take(page);
    const png = await page.screenshot({ clip });
    const plain = await page.context().newPage();
    const file = await webp(plain, png);
    writeFileSync(`${FOLDER}${name}.webp`, file);
    console.log(`docs/guide/${name}.webp: ${Math.round(file.length / 1_000)} kB`);
    await close();
  }
} finally {
  await host.close();
}
