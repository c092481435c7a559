// The page as people have set up their browser: forced colours, a large font, print, and a phone that shows a part of the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, openModel, openTab, start } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const CPU = '#engine=cpu';
const classes = (page) => page.getByRole('list', { name: /^Colours of the/ }).getByRole('button');

/** How many pixels of an element are neither black, white nor grey. */
async function colourful(page, element) {
  const png = (await element.screenshot()).toString('base64');
  return page.evaluate(async (png) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (one) => one.charCodeAt(0))]));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = data.subarray(at, at + 3);
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count += 1;
    }
    return count;
  }, png);
}

test('in forced colours classes keep their colours, and a pressed button looks pressed', async (t) => {
  const { page, close } = await open(host, CPU, { forcedColors: 'active' });
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  assert.equal(await page.evaluate(() => matchMedia('(forced-colors: active)').matches), true);
  assert.equal(await classes(page).count(), 10);
  for (const button of await classes(page).all()) assert.ok(await colourful(page, button) > 20, await button.innerText());
  const [first] = await classes(page).all();
  const before = await first.screenshot();
  await first.click();
  await page.mouse.move(2, 2);
  await page.evaluate(() => document.activeElement.blur());
  assert.equal(await first.getAttribute('aria-pressed'), 'true');
  assert.notDeepEqual(await first.screenshot(), before);
});

test('text follows the browser’s font size of 32 px, and the page is no wider than the window', async (t) => {
  const { page, close } = await open(host, CPU);
  t.after(close);
  const size = (element) => element.evaluate((node) => parseFloat(getComputedStyle(node).fontSize));
  const texts = [page.locator('body'), page.getByRole('button', { name: 'Share' }), page.getByRole('heading', { level: 1 })];
  const before = await Promise.all(texts.map(size));
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  for (const [at, text] of texts.entries()) {
    await eventually(`text ${at} of ${before[at]} px is twice as large`, () => size(text), (now) => now >= 1.9 * before[at]);
  }
  await page.waitForTimeout(300);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page fits');
});

test('in print the plane is not cut, and buttons are left out', async (t) => {
  const { page, close } = await open(host, CPU);
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await page.emulateMedia({ media: 'print' });
  const whole = await page.locator('#latent-plane').evaluate((plane) => {
    for (let at = plane; at; at = at.parentElement) if (getComputedStyle(at).breakInside === 'avoid') return at.getBoundingClientRect().height;
    return undefined;
  });
  // A page of A4 is 1,123 CSS pixels high.
  assert.ok(whole < 1123, `what holds the plane together is ${whole} px high`);
  assert.equal(await page.getByRole('button', { name: 'Train', exact: true }).isVisible(), false);
  assert.equal(await page.getByRole('button', { name: 'Share', exact: true }).isVisible(), false);
});

test('the answer to a broken file appears in the window, wherever the page is scrolled to', async (t) => {
  const { page, close } = await open(host, CPU, { viewport: { width: 390, height: 844 }, hasTouch: true });
  t.after(close);
  await openTab(page, 'Files');
  await page.getByRole('button', { name: 'Open model' }).scrollIntoViewIfNeeded();
  await openModel(page, { name: 'broken.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('no model') });
  const answer = page.getByRole('alert').filter({ hasText: 'broken.safetensors' });
  await answer.waitFor();
  const sides = () => answer.evaluate((element) => element.getBoundingClientRect().toJSON());
  await eventually('it lies in the window', sides, ({ top, bottom }) => top >= 0 && bottom <= 844);
  // Nothing lies above it.
  const isOnTop = await answer.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  assert.ok(isOnTop);
});
