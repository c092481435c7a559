// The structure of the code: errors as colours, contours, classes that are confused, hard images, and the nearest ones.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allDrawn, eventually, open, openTab, picture, press, start, table, until, slow } from './harness.mjs';
import { png } from './png.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const plane = (page) => page.locator('#latent-plane');
const dots = (page, count = 2_000) => page.locator(`#latent-plane[data-digits="${count}"]`).waitFor();
const panel = (page) => page.getByRole('tabpanel', { name: 'Mistakes' });
const openPanel = (page) => openTab(page, 'Mistakes');
const opened = (page) => page.getByRole('figure', { name: 'Opened image' });
const heading = (page, name) => page.getByRole('heading', { name });
/** The colours of the dots, as many as there are. */
const colours = (page) => plane(page).locator('canvas').nth(1).evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 150) found.add(`${data[at] >> 4},${data[at + 1] >> 4},${data[at + 2] >> 4}`);
  return [...found].sort();
});
/** A task of the page that is longer than 50 ms, in ms. */
const watchTasks = (page) => page.evaluate(() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => { globalThis.longTasks.push(...list.getEntries().map(({ duration }) => duration)); })
    .observe({ type: 'longtask' });
});

test('the table says which classes are confused, and its cells open their images', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await dots(page);
  await openPanel(page);
  await panel(page).getByText('Over the 2,000 digits on the plane, by the pretrained network.').waitFor();
  const sentence = panel(page).getByText(/^The network most often confuses/);
  assert.match(await sentence.innerText(), /confuses 4 and 9: \d+ of their \d+ digits lie among digits of the other class\. [\d,]+ of all 2,000/);

  // The table holds what the codes say: the class of most of the ten nearest others.
  const codes = await table(page, 'Codes as CSV');
  // The table is saved in another tab.
  await openPanel(page);
  const vote = (image) => {
    const near = codes.map(({ z1, z2, label }, at) => [Math.hypot(z1 - image.z1, z2 - image.z2), at, label])
      .filter(([, at]) => at !== image.index).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 10);
    const count = (label) => near.filter((other) => other[2] === label).length;
    return near.reduce((most, [, , label]) => (count(label) > count(most) ? label : most), near[0][2]);
  };
  const among = codes.filter(({ label }) => label === 4).filter((image) => vote(image) === 9).length;
  const cell = page.getByRole('button', { name: `${among} of 4 among 9` });
  await cell.click();
  await heading(page, `${among} of 4 among 9`).waitFor();
  const listed = page.getByRole('region', { name: `${among} of 4 among 9` }).getByRole('button', { name: /^test image/ });
  await listed.nth(Math.min(24, among) - 1).waitFor();
  assert.equal(await listed.count(), Math.min(24, among));
  await listed.first().click();
  await opened(page).getByText(/^test image \d+: a 4, error 0\.\d+, number [\d,]+ of 2,000 by error$/).waitFor();
  const index = Number((await opened(page).innerText()).match(/image (\d+)/)[1]);
  // The plane tells its point with its next frame.
  const { z1, z2 } = codes[index];
  await page.waitForFunction(([z1, z2]) => {
    const { dataset } = document.querySelector('#latent-plane');
    return Math.hypot(Number(dataset.z1) - z1, Number(dataset.z2) - z2) < 1e-4;
  }, [z1, z2], { timeout: 10_000 });
  await picture(page, 'structure');

  await press(page, 'Hardest');
  await heading(page, 'Hardest digits').waitFor();
  const hardest = page.getByRole('region', { name: 'Hardest digits' }).getByRole('button', { name: /^test image/ });
  await hardest.nth(23).waitFor();
  const names = await hardest.evaluateAll((buttons) => buttons.map((button) => Number(button.title.match(/error ([\d.]+)/)[1])));
  assert.equal(names.length, 24);
  assert.deepEqual(names, names.toSorted((a, b) => b - a));
  await press(page, 'Show more');
  await hardest.nth(47).waitFor();
  assert.equal(await hardest.count(), 48);
  const rows = page.getByRole('table', { name: /^Mean squared error/ }).getByRole('row');
  assert.equal(await rows.count(), 11);
  assert.deepEqual(errors, []);
});

for (const data of ['mnist', 'fashion-mnist']) {
  test(`the table of ${data} fits a phone, or scrolls by itself below its caption`, { timeout: 240_000 }, async (t) => {
    const { page, errors, close } = await open(host, `#data=${data}`, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    t.after(close);
    await openPanel(page);
    await panel(page).getByText(/^The network most often confuses/).waitFor();
    const region = page.getByRole('region', { name: 'Confused classes' });
    const row = region.getByRole('rowheader').first();
    const caption = await region.locator('caption').boundingBox();
    assert.ok(caption.x >= 0 && caption.x + caption.width <= 320, 'the caption is whole');
    assert.ok(await panel(page).evaluate((panel) => panel.scrollWidth <= panel.clientWidth), 'the panel does not scroll sideways');
    const last = region.getByRole('columnheader').last();
    const before = await row.boundingBox();
    const box = await last.boundingBox();
    if (data === 'mnist') assert.ok(box.x + box.width <= 320, `the last column ends at ${box.x + box.width}`);
    await region.getByRole('cell').last().scrollIntoViewIfNeeded();
    const shown = await last.boundingBox();
    assert.ok(shown.x + shown.width <= 320 && (await row.boundingBox()).x === before.x, 'the names of the rows stay');
    await picture(page, `structure-320-${data}`);
    assert.deepEqual(errors, []);
  });
}

slow('structure is renewed while the network trains, and no task of the page is longer than 50 ms', { timeout: 90_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await dots(page);
  await openPanel(page);
  await panel(page).getByText(/^The network most often confuses/).waitFor();
  await press(page, 'Colour by error');
  await press(page, 'Contours');
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 30, 60_000);
  await watchTasks(page);
  await until(page, 'more steps', ({ step }) => step > 150, 60_000);
  const long = await page.evaluate(() => globalThis.longTasks);
  console.log(`tasks over 50 ms: ${long.map((ms) => Math.round(ms)).join(', ') || 'none'}`);
  await press(page, 'Pause');
  const { step } = await until(page, 'a pause', ({ phase }) => phase === 'paused');
  await panel(page).getByText(`Over the 2,000 digits on the plane, by the network at step ${step}.`).waitFor();
  await page.waitForTimeout(1_500);
  const caption = await page.getByRole('region', { name: 'Confused classes' }).locator('caption').innerText();
  assert.ok(!/At the network/.test(caption), 'the votes are of the newest codes');
  assert.ok(long.length <= 2, `${long}`);
  assert.deepEqual(errors, []);
});

test('dots are coloured by error with a legend, and contours are lines around the classes', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  await dots(page);
  await allDrawn(page);
  const byClass = await colours(page);
  const become = (what, holds) => eventually(what, () => colours(page), (now) => holds(String(now)));
  await press(page, 'Colour by error');
  const legend = page.getByRole('img', { name: /^Colours of the mean squared error, from 0\.\d+ to 0\.\d+$/ });
  await legend.waitFor();
  await become('colours by error', (now) => now !== String(byClass));
  await allDrawn(page);
  const byError = await colours(page);
  await press(page, 'Contours');
  await become('contours', (now) => now !== String(byError));
  await picture(page, 'errors-and-contours');
  await press(page, 'Colour by error');
  await press(page, 'Contours');
  await become('colours by class', (now) => now === String(byClass));
  assert.deepEqual(errors, []);
});

test('the names of the classes stand among their own dots', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '', {}, (page) => page.addInitScript(() => {
    globalThis.written = {};
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function writeAndNote(text, x, y) {
      if (/^(700|bold) 16px/.test(this.font) && this.canvas.closest('#latent-plane')) globalThis.written[text] = [x, y];
      return write.call(this, text, x, y);
    };
  }));
  t.after(close);
  await dots(page);
  const codes = await table(page, 'Codes as CSV');
  await eventually('ten names', () => page.evaluate(() => Object.keys(globalThis.written).length), (count) => count === 10);
  await allDrawn(page);
  const { names, range, side } = await plane(page).evaluate((element) => ({
    names: globalThis.written, range: ['xMin', 'xMax', 'yMin', 'yMax'].map((name) => Number(element.dataset[name])), side: element.clientWidth,
  }));
  assert.deepEqual(Object.keys(names).sort(), [...'0123456789']);
  const [left, right, bottom, top] = range;
  const placed = codes.map(({ z1, z2, label }) => [side * (z1 - left) / (right - left), side * (top - z2) / (top - bottom), label]);
  for (const [name, [x, y]] of Object.entries(names)) {
    const near = placed.map(([a, b, label]) => [Math.hypot(a - x, b - y), label]).sort((a, b) => a[0] - b[0]).slice(0, 20);
    const own = near.filter(([, label]) => String(label) === name);
    // Some classes share their place with another one.
    assert.ok(own.length >= 5 && own[0][0] < 12, `${own.length} of the 20 dots nearest to the name ${name}, the first after ${own[0]?.[0]}`);
  }
  assert.deepEqual(errors, []);
});

test('every test image on the plane counts in the table', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&digits=test');
  t.after(close);
  await dots(page, 10_000);
  await openPanel(page);
  await panel(page).getByText(/^Rows: the class of 10,000 digits\./).waitFor({ timeout: 60_000 });
  await panel(page).getByText(/of all 10,000/).waitFor();
  // The choice above is as wide as what it says.
  const menu = page.getByLabel('On the plane');
  const [wide, needed] = await menu.evaluate((select) => {
    const text = document.createElement('span');
    text.textContent = select.selectedOptions[0].textContent.trim();
    text.style.cssText = 'position: absolute; white-space: nowrap';
    text.style.font = getComputedStyle(select).font;
    document.body.append(text);
    return [select.clientWidth - parseFloat(getComputedStyle(select).paddingLeft), text.getBoundingClientRect().width];
  });
  assert.ok(wide > needed, `${wide} for ${needed} pixels`);
  assert.deepEqual(errors, []);
});

test('images near the point that are not there yet leave those before in their place', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32');
  t.after(close);
  await dots(page);
  const all = page.locator('.nearest img.picture');
  await all.nth(4).waitFor();
  await page.evaluate(() => {
    globalThis.blank = 0;
    const look = () => {
      globalThis.blank += document.querySelectorAll('.nearest :is(span.picture, .picture[data-empty])').length;
      requestAnimationFrame(look);
    };
    look();
  });
  await plane(page).focus();
  const before = await all.first().getAttribute('src');
  for (let step = 0; step < 12; step += 1) await page.keyboard.press(step % 3 ? 'Shift+ArrowRight' : 'Shift+ArrowUp');
  await page.waitForFunction((before) => document.querySelector('.nearest img.picture').src !== before, before);
  assert.equal(await page.evaluate(() => globalThis.blank), 0);
  assert.deepEqual(errors, []);
});

test('the five images nearest to the point are shown, the nearest first, and open', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#z=1,1');
  t.after(close);
  await dots(page);
  const nearest = page.getByRole('group', { name: 'Nearest images' }).getByRole('button');
  await eventually('five images', () => nearest.count(), (count) => count === 5);
  const codes = await table(page, 'Codes as CSV');
  const distance = ({ z1, z2 }) => Math.hypot(z1 - 1, z2 - 1);
  const expected = codes.toSorted((a, b) => distance(a) - distance(b)).slice(0, 5);
  const found = () => nearest.evaluateAll((buttons) => buttons.map((button) => Number(button.title.match(/image (\d+)/)?.[1])));
  await eventually('the nearest images', found, (now) => String(now) === String(expected.map(({ index }) => index)));
  await nearest.nth(3).press('Enter');
  await page.waitForFunction(([z1]) => Math.abs(Number(document.querySelector('#latent-plane').dataset.z1) - z1) < 1e-4, [expected[3].z1]);
  assert.deepEqual(errors, []);
});

test('images without classes have errors, hard images and contours, and no table', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=16');
  t.after(close);
  await press(page, 'Your own images…');
  const files = Array.from({ length: 40 }, (_, at) => ({
    name: `${at}.png`, mimeType: 'image/png', buffer: png(9, 9, Array.from({ length: 81 }, (_, place) => (place * (at + 3)) % 251)),
  }));
  await page.getByLabel('Images', { exact: true }).setInputFiles(files);
  const dialog = page.getByRole('dialog', { name: 'Your own images' });
  await dialog.getByLabel('Size in pixels').fill('9');
  await dialog.getByLabel('Size in pixels').press('Tab');
  await press(page, 'Import');
  await dialog.getByText('The images are stored in this browser').waitFor();
  await press(page, 'Done');
  await press(page, 'Step');
  await until(page, 'a step', ({ step }) => step === 1);
  await openPanel(page);
  await panel(page).getByText(/^Over the \d images on the plane, by the network at step 1/).waitFor();
  await heading(page, 'Hardest images').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Confused classes' }).count(), 0);
  await press(page, 'Colour by error');
  await press(page, 'Contours');
  await page.waitForTimeout(500);
  await picture(page, 'structure-without-classes');
  assert.deepEqual(errors, []);
});

test('while training the hardest images stay where they are under a pointer, and follow once it has left', { timeout: 120_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&lr=0.002');
  t.after(close);
  await dots(page);
  await openPanel(page);
  const list = page.getByRole('region', { name: 'Hardest digits' });
  const images = () => list.getByRole('button', { name: /^test image/ }).evaluateAll((buttons) => (
    buttons.map((button) => button.title.match(/image (\d+)/)[1]).join(' ')));
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 30, 60_000);
  await list.getByRole('button', { name: /^test image/ }).nth(23).waitFor();
  // The sentence above moves the list when it comes.
  await page.getByText(/^The network most often confuses/).waitFor();
  await list.getByRole('button', { name: /^test image/ }).first().hover();
  let held;
  // What was under way when the pointer arrived is still drawn.
  await eventually('a list that stands still', async () => {
    held = await images();
    await page.waitForTimeout(1_000);
    return await images() === held;
  });
  for (let second = 0; second < 4; second += 1) {
    await page.waitForTimeout(1_000);
    assert.equal(await images(), held);
  }
  await page.mouse.move(5, 5);
  for (const end = Date.now() + 20_000; await images() === held; await page.waitForTimeout(200)) assert.ok(Date.now() < end, 'it follows');
  await press(page, 'Pause');
  assert.deepEqual(errors, []);
});
