// The loss chart: what it reads out by pointer, keys and touch is what the table has; log axis; earlier runs; Keras.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allDrawn, eventually, open, picture, press, start, state, table, until, openTab } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const SMALL = '#engine=cpu&images=5120&epochs=3';
const chart = (page) => page.locator('#loss-chart');
const readOut = (page) => page.getByRole('slider', { name: 'Losses at a step' });
const spoken = (page) => readOut(page).getAttribute('aria-valuetext');
/** Waits until the read-out says this. */
const speaks = (page, text) => eventually(`the read-out “${text}”`, () => spoken(page), (now) => now === text);
/** Waits until the chart's description fulfils a pattern. */
const described = (page, pattern) => eventually(
  `${pattern}`, () => chart(page).getByRole('img').getAttribute('aria-label'), (now) => pattern.test(now));
const finish = (page) => until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);

/** What the chart should say at a step, from the rows of the table. */
function expected(rows, step, { perEpoch = 20, window = 5 } = {}) {
  const at = rows.findIndex((row) => row.step === step);
  const mean = Math.min(window, Math.floor(at / 4) + 1);
  const last = rows.slice(at + 1 - mean, at + 1).map(({ loss }) => loss);
  const smoothed = last.reduce((sum, loss) => sum + loss, 0) / last.length;
  const { epoch, loss } = rows[at];
  const validation = rows.find((row) => row.step === epoch * perEpoch)?.val_loss;
  const told = validation === undefined ? 'not known yet' : validation.toFixed(4);
  return `step ${step}, epoch ${epoch}: training ${loss.toFixed(4)}, smoothed ${smoothed.toFixed(4)}, validation ${told}`;
}

/** The plot within the chart: its left edge and width. */
async function plot(page) {
  await chart(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await chart(page).boundingBox();
  return { left: x + 62, width: width - 74, middle: y + height / 2 };
}

/** Has every text that is drawn on a canvas noted, with the distances of its ends from the canvas' edges in CSS pixels. */
const noteTexts = (page) => page.addInitScript(() => {
  globalThis.drawn = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...others) {
    fillText.call(this, text, x, y, ...others);
    const { actualBoundingBoxLeft: before, actualBoundingBoxRight: after } = this.measureText(text);
    const [from, to] = [x - before, x + after].map((at) => this.getTransform().transformPoint({ x: at, y }));
    // Titles are turned.
    if (Math.abs(from.y - to.y) < 1) globalThis.drawn.push({ text, left: from.x, right: this.canvas.width - to.x });
  };
});

for (const [name, width] of [['a desktop', 1280], ['a phone', 390]]) {
  test(`the labels of a thousand epochs are whole on ${name}`, async (t) => {
    const { page, close } = await open(host, '#engine=cpu&images=5120&epochs=1000', { viewport: { width, height: 900 } }, noteTexts);
    t.after(close);
    if (name === 'a phone') await openTab(page, 'Loss');
    await chart(page).scrollIntoViewIfNeeded();
    const drawn = await eventually('both axes', () => page.evaluate(() => globalThis.drawn), (texts) => (
      ['20,000', '1000'].every((label) => texts.some(({ text }) => text === label))));
    assert.deepEqual(drawn.filter(({ left, right }) => left < 0 || right < 0), []);
  });
}

for (const viewport of [{ width: 1280, height: 680 }, { width: 1600, height: 1000 }, { width: 390, height: 664 }]) {
  test(`before the first step nothing is written over the chart, at ${viewport.width} × ${viewport.height}`, async (t) => {
    const { page, errors, close } = await open(host, SMALL, { viewport });
    t.after(close);
    if (viewport.width < 960) await openTab(page, 'Loss');
    const sentence = page.locator('.chart').getByText('The curve starts with the first step.');
    await sentence.waitFor();
    const [words, plot] = [await sentence.boundingBox(), await chart(page).boundingBox()];
    assert.ok(words.y >= plot.y + plot.height, `words at ${words.y}, and a chart to ${plot.y + plot.height}`);
    assert.equal(await page.getByRole('slider', { name: 'At step' }).count(), 0);
    assert.deepEqual(errors, []);
  });
}

test('pointer and keys read what the table has', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  assert.equal(await readOut(page).count(), 0, 'nothing to read before the first step');
  await press(page, 'Train');
  await finish(page);
  const rows = await table(page, 'Losses as CSV');
  assert.equal(rows.length, 60);

  const { left, width, middle } = await plot(page);
  for (const step of [3, 20, 31, 60]) {
    await page.mouse.move(left + (width * step) / 60, middle);
    await speaks(page, expected(rows, step));
  }
  await page.mouse.move(left + width / 2, middle);
  await speaks(page, expected(rows, 30));
  const shown = page.locator('.read-table');
  const texts = (await shown.innerText()).split(/\s*\n\s*/);
  assert.equal(texts[0], 'step 30, epoch 2');
  assert.ok(texts.includes(rows[29].loss.toFixed(4)));
  await picture(page, 'chart-hover');
  await page.mouse.move(2, 2);
  await shown.waitFor({ state: 'detached' });

  await readOut(page).focus();
  // It begins at the newest step.
  await speaks(page, expected(rows, 60));
  const keys = [
    ['Home', 1], ['ArrowLeft', 1], ['ArrowRight', 2], ['Shift+ArrowRight', 12], ['PageUp', 32], ['ArrowUp', 33],
    ['PageDown', 13], ['End', 60], ['ArrowRight', 60], ['Shift+ArrowLeft', 50],
  ];
  for (const [key, step] of keys) {
    await page.keyboard.press(key);
    await speaks(page, expected(rows, step));
    assert.equal(await readOut(page).getAttribute('aria-valuenow'), String(step));
  }
  await page.keyboard.press('Escape');
  await speaks(page, 'no step chosen');
  await shown.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowLeft');
  await speaks(page, expected(rows, 59));
  assert.deepEqual(errors, []);
});

test('a finger reads too, and what it found stays', async (t) => {
  const { page, errors, close } = await open(host, SMALL, { hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });
  t.after(close);
  await press(page, 'Train');
  await finish(page);
  const rows = await table(page, 'Losses as CSV');
  await openTab(page, 'Loss');
  const { left, width, middle } = await plot(page);
  await page.touchscreen.tap(left + width / 3, middle);
  await speaks(page, expected(rows, 20));
  await page.waitForTimeout(200);
  await picture(page, 'chart-touch-320');
  const box = await page.locator('.read-table').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 320, 'the numbers are in sight');
  await page.touchscreen.tap(20, 20);
  await page.locator('.read-table').waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
});

test('the axis of the loss is linear or logarithmic', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  await press(page, 'Train');
  await finish(page);
  await chart(page).scrollIntoViewIfNeeded();
  const pixels = () => chart(page).locator('canvas').first().evaluate((canvas) => canvas.toDataURL());
  await described(page, /on a linear axis, 60 planned.*At step 60: training 0\.\d{4}/);
  await allDrawn(page);
  const linear = await pixels();
  const log = page.getByRole('switch', { name: 'Log scale' });
  await log.focus();
  await page.keyboard.press('Space');
  assert.equal(await log.isChecked(), true);
  await described(page, /on a logarithmic axis/);
  await eventually('another curve', pixels, (now) => now !== linear);
  await picture(page, 'chart-log');
  await log.uncheck();
  await eventually('the curve before', pixels, (now) => now === linear);
  assert.deepEqual(errors, []);
});

test('runs are listed, the one under way first and earlier ones with what the present one has not, and open again until they are cleared', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  const all = page.getByRole('list', { name: 'Runs' }).getByRole('listitem');
  const runs = all.filter({ hasText: /^Run \d/ });
  await press(page, 'Reset');
  await openTab(page, 'Runs');
  assert.equal(await runs.count(), 0, 'a run without a step is none');
  await all.first().filter({ hasText: /^This run \(run 1\): .*code size 2; learning rate 0\.0005.*epoch 0, step 0/s }).waitFor();
  assert.equal(await all.first().getAttribute('aria-current'), 'true');
  await press(page, 'Train');
  await finish(page);
  const { loss, validationLoss } = await state(page);
  const ended = new RegExp(`epoch 3, step 60.*loss ${loss.toFixed(4)}.*validation ${validationLoss.toFixed(4)}`, 's');
  await all.first().filter({ hasText: ended }).waitFor();
  await press(page, 'Reset');
  await page.getByText(': the same settings').waitFor();
  assert.match(await runs.innerText(), new RegExp(`Run 1.*${ended.source}`, 's'), 'the numbers that the run itself showed');

  const rate = page.getByLabel('Learning rate', { exact: true });
  await rate.fill('0.005');
  await rate.press('Enter');
  await page.getByText('learning rate 0.0005 (this run: 0.005)').waitFor();
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Reset');
  await until(page, 'step 0', ({ step }) => step === 0);
  await eventually('two earlier runs', () => runs.count(), (count) => count === 2);
  assert.match(await runs.first().innerText(), /Run 2.*same settings.*epoch 1, step 1.*loss 0\.\d{4}/s);
  await press(page, 'Train');
  await until(page, 'a few steps', ({ step }) => step > 25);
  await page.waitForTimeout(300);
  await all.first().filter({ hasText: /^This run \(run 3\): .*learning rate 0\.005.*epoch \d, step \d+.*loss 0\.\d{4}/s }).waitFor();
  await picture(page, 'chart-earlier');
  await described(page, /2 earlier runs, dimmed/);
  const lines = page.getByRole('list', { name: 'Lines of the chart' }).getByText(/^Run \d$/);
  assert.deepEqual(await lines.allInnerTexts(), ['Run 1', 'Run 2']);

  await press(page, 'Clear earlier runs');
  await runs.first().waitFor({ state: 'detached' });
  await described(page, /^(?!.*earlier)/s);
  await press(page, 'Reset');
  await runs.filter({ hasText: 'Run 3' }).waitFor();

  // An earlier run is opened again, and the one under way takes its place in the list.
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Open run 3');
  await until(page, 'the earlier run', ({ step }) => step > 25);
  await runs.filter({ hasText: 'Run 4' }).waitFor();
  assert.equal(await runs.filter({ hasText: 'Run 3' }).count(), 0);
  await press(page, 'Undo');
  await until(page, 'the run before', ({ step }) => step === 1);
  assert.deepEqual(errors, []);
});

test('a run over other images stays in the list and leaves the chart', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  const lines = page.getByRole('list', { name: 'Lines of the chart' });
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Reset');
  await lines.getByText('Run 1', { exact: true }).waitFor();
  await described(page, /One earlier run, dimmed/);
  await page.getByLabel('Data', { exact: true }).selectOption({ label: 'Fashion-MNIST' });
  await described(page, /^(?!.*earlier)/s);
  assert.equal(await lines.getByText('Run 1', { exact: true }).count(), 0);
  await openTab(page, 'Runs');
  await page.getByRole('list', { name: 'Runs' }).getByText(/^Run 1/).waitFor();
  assert.deepEqual(errors, []);
});

test('Keras is on the chart of the tutorial’s network, and of no other', async (t) => {
  const reference = (page) => page.getByRole('list', { name: 'Lines of the chart' }).getByText('Keras, 20 epochs: 0.0448');
  const tutorial = await open(host, '#engine=cpu&seed=5&batch=128');
  t.after(tutorial.close);
  await reference(tutorial.page).waitFor();
  const { page } = tutorial;
  const code = page.getByLabel('Code size', { exact: true });
  await code.fill('3');
  await code.press('Enter');
  await reference(page).waitFor({ state: 'detached' });
  await described(page, /^(?!.*Keras)/s);
  const other = await open(host, '#engine=cpu&slope=0.2');
  t.after(other.close);
  assert.equal(await reference(other.page).count(), 0);
});

test('it is drawn at most ten times a second, and not at all while scrolled away', async (t) => {
  const count = (page) => page.addInitScript(() => {
    window.drawings = 0;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function clear(...sides) {
      if (this.canvas.matches('#loss-chart canvas:last-child')) window.drawings += 1;
      return clearRect.apply(this, sides);
    };
  });
  const { page, errors, close } = await open(host, '#engine=cpu', { viewport: { width: 375, height: 600 } }, count);
  t.after(close);
  await press(page, 'Train');
  const training = await until(page, 'training', ({ step }) => step > 5);
  const drawings = () => page.evaluate(() => window.drawings);
  const away = await drawings();
  await page.waitForTimeout(1_000);
  await until(page, 'training that went on', ({ step }) => step > training.step);
  assert.equal(await drawings(), away, 'out of sight');
  await openTab(page, 'Loss');
  await page.waitForFunction((before) => window.drawings > before, away);
  // By the page's clock: two seconds of a test may be more of them for the page.
  const counted = () => page.evaluate(() => ({ drawn: window.drawings, ms: performance.now() }));
  const begun = await counted();
  await page.waitForTimeout(2_000);
  const end = await eventually('more than two drawings', counted, ({ drawn }) => drawn > begun.drawn + 2);
  const rate = (end.drawn - begun.drawn) / ((end.ms - begun.ms) / 1_000);
  assert.ok(rate <= 10.5, `${rate} drawings a second`);
  assert.deepEqual(errors, []);
});
