// Time: the slider below the curve takes the plane back to an earlier moment of the run while training goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  decoded, distance, download, eventually, open, openTab, otherDigit, planeIsOf, press, start, table, until,
} from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const SMALL = '#engine=cpu&images=12800&batch=128&epochs=3&point=0.5,0.5';

const slider = (page) => page.getByRole('slider', { name: 'At step' });
const live = (page) => page.getByRole('button', { name: 'Live' });
const lookedAt = (page) => page.locator('#run-state').getAttribute('data-looked-at');
const moments = async (page) => Number(await slider(page).getAttribute('data-moments'));
const text = (page) => slider(page).getAttribute('aria-valuetext');

/** The pixels of the dots, as a sum that tells two planes apart. */
const dots = (page) => page.locator('#latent-plane canvas').nth(1).evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, at) => (sum * 31 + value * (at % 251)) % 1_000_003, 7);
});

/** A finished run, looked at as it is now. */
async function finished(t, fragment = SMALL, options = {}) {
  const opened = await open(host, fragment, options);
  t.after(opened.close);
  await press(opened.page, 'Train');
  const { step } = await until(opened.page, 'the end', ({ phase }) => phase === 'finished', 90_000);
  // The moment of the end comes soon after it.
  await opened.page.waitForFunction((now) => document.querySelector('.slider input:not([disabled])')?.getAttribute('aria-valuetext').startsWith(now),
    `live, step ${step.toLocaleString('en')},`);
  return opened;
}

/** Waits until the plane has drawn something else than this. */
const redrawn = (page, before) => eventually('other dots', () => dots(page), (now) => now !== before);

test('an earlier moment shows its own dots and image, and Live returns', async (t) => {
  const { page, errors } = await finished(t);
  assert.match(await text(page), /^live, step 300, epoch 3$/);
  assert.equal(await live(page).getAttribute('aria-pressed'), 'true');
  await planeIsOf(page, 300);
  const [dotsNow, imageNow] = [await dots(page), await decoded(page)];
  const coordinates = await page.locator('[id^="coordinate-"]').all();
  const here = await Promise.all(coordinates.map((field) => field.inputValue()));

  await slider(page).focus();
  await page.keyboard.press('Home');
  await redrawn(page, dotsNow);
  assert.match(await text(page), /^step \d+, epoch \d$/);
  const step = Number(await lookedAt(page));
  assert.ok(step < 100, `step ${step}`);
  assert.match(await page.locator('.looked-at').innerText(), new RegExp(`^(End of epoch|Epoch) \\d, step ${step} of 300$`));
  assert.equal(await live(page).getAttribute('aria-pressed'), 'false');
  const before = await otherDigit(page, imageNow);
  // The curve has a mark there.
  const [mark, plot] = await Promise.all(['.looked-at-line', '#loss-chart'].map((part) => page.locator(part).boundingBox()));
  assert.ok(mark.x > plot.x && mark.x < plot.x + plot.width / 2);

  // While one looks back, the point is decoded by that network.
  await page.locator('#latent-plane').focus();
  for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press('Shift+ArrowRight');
  await otherDigit(page, before);

  await live(page).click();
  await eventually('the newest network', () => lookedAt(page), (step) => step === '');
  await eventually('the newest step', () => text(page), (told) => /^live, step 300/.test(told));
  await page.locator('.looked-at').waitFor({ state: 'detached' });
  // The point goes back to where it was: an arrow key goes as far as the visible range decides, which is another one now, and keeps
  // the point within it.
  for (const [at, field] of coordinates.entries()) {
    await field.fill(here[at]);
    await field.press('Enter');
  }
  await eventually('the newest image', () => decoded(page), (now) => distance(now, imageNow) < 100);
  assert.deepEqual(errors, []);
});

test('a click on the curve, or Enter there, goes to the moment nearest to it', async (t) => {
  const { page, errors } = await finished(t);
  const curve = page.getByRole('slider', { name: 'Losses at a step' });
  const box = await curve.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const step = Number(await eventually('a moment', () => lookedAt(page), (step) => step !== ''));
  assert.ok(step > 75 && step < 225, `step ${step}`);
  await curve.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await eventually('the newest network', () => lookedAt(page), (step) => step === '');
  assert.deepEqual(errors, []);
});

/** Its chart has one axis more, and below the image there is the distribution of its code. */
const VARIATIONAL = `${SMALL}&hidden=32&variational=1&output=sigmoid&loss=bce-sum`;
for (const [kind, fragment, viewport] of [
  ['a dense model', SMALL, { width: 1280, height: 680 }], ['a dense model', SMALL, { width: 1600, height: 1000 }],
  ['a dense model', SMALL, { width: 390, height: 664 }], ['a variational model', VARIATIONAL, { width: 1280, height: 680 }],
]) {
  test(`the slider of ${kind} has a name, is whole in sight, and its thumb is below the mark on the curve, at ${viewport.width} × ${viewport.height}`, async (t) => {
    const { page, errors } = await finished(t, fragment, { viewport });
    if (viewport.width < 960) await openTab(page, 'Loss');
    const inChart = page.locator('.chart').getByRole('slider', { name: 'At step' });
    assert.equal(await page.locator('.chart').getByText('At step').isVisible(), true);
    if (viewport.width < 960) await inChart.scrollIntoViewIfNeeded();
    await inChart.focus();
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowLeft');
    const step = await lookedAt(page);
    assert.equal(await inChart.inputValue(), step);
    const [mark, box] = await Promise.all([page.locator('.looked-at-line'), inChart].map((part) => part.boundingBox()));
    // The thumb is 16 pixels wide.
    const thumb = box.x + 8 + (box.width - 16) * Number(step) / 300;
    assert.ok(Math.abs(thumb - mark.x - mark.width / 2) < 2, `thumb at ${thumb}, mark at ${mark.x}`);
    // Nothing lies over any of its corners.
    const covered = await inChart.evaluate((input) => {
      const { left, right, top, bottom } = input.getBoundingClientRect();
      const corners = [[left + 1, top + 1], [right - 1, top + 1], [left + 1, bottom - 1], [right - 1, bottom - 1]];
      return corners.map(([x, y]) => document.elementFromPoint(x, y)).filter((element) => element !== input).map((element) => element?.className);
    });
    assert.deepEqual(covered, []);
    // Whoever presses below the mark is where the mark is.
    await page.mouse.click(mark.x + mark.width / 2, box.y + box.height / 2);
    assert.equal(await lookedAt(page), step);
    // Beyond the newest moment there is nothing: the thumb goes back to it.
    await page.mouse.click(box.x + box.width - 2, box.y + box.height / 2);
    assert.equal(await lookedAt(page), '');
    assert.deepEqual(errors, []);
  });
}

test('training goes on while an earlier moment is looked at, and keeps further moments', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=100');
  t.after(close);
  await press(page, 'Train');
  await page.waitForFunction(() => Number(document.querySelector('.slider input')?.dataset.moments) >= 5, null, { timeout: 60_000 });
  await slider(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const [step, most] = [await lookedAt(page), await moments(page)];
  await planeIsOf(page, Number(step));
  const shown = await dots(page);
  const { step: now } = await until(page, 'training', ({ phase }) => phase === 'training');
  await until(page, 'more steps', (state) => state.step > now + 200, 60_000);
  assert.equal(await lookedAt(page), step);
  assert.ok(await moments(page) > most, 'there are more moments');
  assert.equal(await slider(page).inputValue(), step);
  assert.equal(await dots(page), shown, 'the plane stays where it is');
  assert.match(await page.locator('.looked-at').innerText(), new RegExp(`poch \\d+, step ${step} of [\\d,]+$`));
  // At its end the slider is live.
  await slider(page).focus();
  await page.keyboard.press('End');
  assert.equal(await lookedAt(page), '');
  await eventually('the slider at the newest step', async () => Number(await slider(page).inputValue()) > now + 200);
  assert.deepEqual(errors, []);
});

for (const [kind, fragment] of [
  ['a convolutional, variational one with a code of three numbers', '#engine=cpu&encoder=conv4k3s2,dense8&variational=1&code=3&images=2560&batch=128&epochs=2'],
  ['a deep one on other images', '#engine=cpu&data=fashion-mnist&hidden=64,32&images=2560&batch=128&epochs=2'],
]) {
  test(`every kind of model has moments: ${kind}`, async (t) => {
    const { page, errors } = await finished(t, fragment);
    await planeIsOf(page, 40);
    const [dotsNow, imageNow] = [await dots(page), await decoded(page)];
    await slider(page).focus();
    await page.keyboard.press('Home');
    await redrawn(page, dotsNow);
    await otherDigit(page, imageNow);
    assert.deepEqual(errors, []);
  });
}

test('the end of each epoch is a moment, and the bar has its epoch and its losses', async (t) => {
  const { page, errors } = await finished(t);
  const rows = await table(page, 'Losses as CSV');
  const bar = page.getByRole('region', { name: 'Training' });
  const most = await moments(page);
  const ends = new Map();
  await slider(page).focus();
  await page.keyboard.press('Home');
  for (let place = 0; place + 1 < most; place += 1) {
    const step = Number(await lookedAt(page));
    if (step % 100 === 0 && step > 0) {
      await page.locator('.looked-at').filter({ hasText: `End of epoch ${step / 100}, step ${step} of 300` }).waitFor();
      await page.waitForTimeout(300);
      ends.set(step, (await bar.getByRole('definition').allInnerTexts()));
    }
    await page.keyboard.press('ArrowRight');
  }
  assert.deepEqual([...ends.keys()], [100, 200]);
  for (const [step, [epoch, loss]] of ends) {
    assert.equal(epoch, `00${step / 100}/003`);
    assert.equal(loss, rows.find((row) => row.step === step).loss.toFixed(4));
  }
  assert.notEqual(ends.get(100)[2], ends.get(200)[2], 'each epoch has its validation loss');
  assert.equal(await lookedAt(page), '');
  assert.equal(await bar.getByRole('definition').first().innerText(), '003/003');
  assert.deepEqual(errors, []);
});

test('another run begins without moments, and undo brings those of the run before back', async (t) => {
  const { page } = await finished(t);
  const most = await moments(page);
  await slider(page).focus();
  await page.keyboard.press('Home');
  await press(page, 'Reset');
  assert.equal(await lookedAt(page), '');
  assert.equal(await slider(page).count(), 0);
  await page.getByText('The curve starts with the first step.').locator('visible=true').waitFor();
  await press(page, 'Undo');
  await eventually('the same moments', () => moments(page), (now) => now === most);
  assert.match(await text(page), /^live, step 300/);
  const newest = await dots(page);
  await slider(page).focus();
  await page.keyboard.press('Home');
  await redrawn(page, newest);
  assert.match(await page.locator('.looked-at').innerText(), /step \d{1,2} of 300$/);
  assert.ok(await page.getByRole('button', { name: 'Save the training as GIF' }).isEnabled());
});

test('where the moments of a run are not kept, the page says so', async (t) => {
  const { page } = await finished(t);
  const none = page.getByText('No earlier moment of this run is kept.');
  assert.equal(await none.first().isVisible(), false);
  // Another program shows this model.
  await page.evaluate(() => { location.hash = '#engine=cpu&encoder=conv4k3s2,dense8&images=2560&batch=128&epochs=1'; });
  await until(page, 'another run', ({ step }) => step === 0);
  await press(page, 'Undo');
  await until(page, 'the run before', ({ step }) => step === 300);
  await none.locator('visible=true').waitFor();
});

test('on a phone the slider stands below the plane, too, and takes a finger', async (t) => {
  const { page } = await finished(t, SMALL, { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  await slider(page).scrollIntoViewIfNeeded();
  const box = await slider(page).boundingBox();
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('.looked-at').waitFor();
  assert.match(await page.locator('.looked-at').innerText(), /^(End of epoch|Epoch) \d, step \d+ of 300$/);
  await openTab(page, 'Loss');
  assert.ok(await slider(page).isVisible());
  await live(page).click();
  assert.equal(await lookedAt(page), '');
});

test('the whole training is saved as a GIF of the plane, and that can be cancelled', async (t) => {
  const { page, errors } = await finished(t);
  const kept = await moments(page);
  const { name, bytes } = await download(page, () => page.getByRole('button', { name: 'Save the training as GIF' }).click());
  assert.match(name, /^training-of-plane-latent-playground-mnist-.*-step-300\.gif$/);
  assert.equal(bytes.subarray(0, 6).toString(), 'GIF89a');
  assert.deepEqual([bytes.readUInt16LE(6), bytes.readUInt16LE(8)], [480, 480]);
  // A graphic control extension for each frame.
  let frames = 0;
  for (let at = 0; at + 8 < bytes.length; at += 1) {
    if (bytes[at] === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4 && bytes[at + 7] === 0) frames += 1;
  }
  assert.ok(frames >= kept && frames <= kept + 2, `${frames} frames of ${kept} moments`);
  assert.equal(await page.getByRole('progressbar', { name: 'Frames of the GIF' }).count(), 0);

  const saved = [];
  page.on('download', (file) => saved.push(file));
  // The second press comes before any frame is done.
  await page.evaluate(() => {
    const button = document.querySelector('.chart [aria-label="Save the training as GIF"]');
    button.click();
    return new Promise((done) => requestAnimationFrame(() => { button.click(); done(); }));
  });
  await page.waitForTimeout(1_500);
  await page.getByRole('button', { name: 'Save the training as GIF' }).waitFor();
  assert.deepEqual(saved, []);
  assert.deepEqual(errors, []);
});

test('a changed learning rate stands on the curve and in words, with its step', async (t) => {
  const { page } = await open(host, '#engine=cpu&images=12800&batch=128&epochs=3&lr=0.0005,0.005@150');
  t.after(() => page.context().close());
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 90_000);
  await page.getByRole('img', { name: /The learning rate is 0\.005 from step 150 on\./ }).waitFor({ state: 'attached' });
  assert.ok(await page.getByText('learning rate changed').isVisible());
});
