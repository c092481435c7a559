// For everybody: no violation of WCAG 2.2 A and AA that axe finds, in every state, both themes, desktop and phone; and
// the main job by keyboard alone and by touch alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { decoded, eventually, modelButton, open, otherDigit, picture, press, start, state, until, openTab } from './harness.mjs';

const axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let host;
before(async () => { host = await start(); });
after(() => host.close());

/** What axe finds on the page as it is. */
async function violations(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate(async () => {
    const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values: standards } });
    // What lies below a bar that stays in sight can be scrolled to: it is too small only if it is so there, too.
    const top = scrollY;
    const isTooSmall = async (target) => {
      document.querySelector(target).scrollIntoView({ block: 'center', behavior: 'instant' });
      return (await window.axe.run(target, { runOnly: ['target-size'] })).violations.length > 0;
    };
    for (const sizes of violations.filter(({ id }) => id === 'target-size')) {
      const small = [];
      for (const node of sizes.nodes) if (await isTooSmall(node.target[0])) small.push(node);
      sizes.nodes = small;
    }
    scrollTo({ top, behavior: 'instant' });
    return violations.filter(({ nodes }) => nodes.length > 0).map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
  });
}

/** Nothing that axe finds, nothing that is wider than the window, and a picture of it. */
async function look(page, name) {
  await page.waitForTimeout(300);
  assert.deepEqual(await violations(page), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  await picture(page, name);
}

// Each width and each theme once: layout does not depend on the theme, and contrast not on the width.
const devices = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  phone: { viewport: { width: 375, height: 720 }, hasTouch: true, colorScheme: 'dark' },
};
for (const [device, options] of Object.entries(devices)) {
  const { colorScheme } = options;
  test(`axe finds nothing: ${device}, ${colorScheme}`, async (t) => {
    let fails = false;
    const spoil = (page) => page.route(/train-images-001/, (route) => (fails ? route.fulfill({ status: 404 }) : route.continue()));
    const { page, close } = await open(host, '#engine=cpu&epochs=1&path=0,0,3,1', options, spoil);
    t.after(close);
    const named = (name) => `${name}-${device}-${colorScheme}`;
    await page.locator('#latent-plane[data-digits="2000"]').waitFor();
    await look(page, named('idle'));
    await press(page, 'Train');
    await until(page, 'training', ({ step }) => step > 20);
    assert.deepEqual(await violations(page), [], 'training');
    await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      for (const summary of await page.locator('details:not([open]) > summary').all()) {
        if (await summary.isVisible()) await summary.click();
      }
      await look(page, named(`finished-${(await tab.innerText()).toLowerCase()}`));
    }
    await press(page, 'Pin this run');
    await page.getByRole('tab').first().click();
    await page.locator('.pinned-plane').waitFor();
    await page.getByRole('slider', { name: 'At step' }).press('Home');
    await page.locator('.looked-at').waitFor();
    await look(page, named('pinned-and-looking-back'));
    await press(page, 'Unpin the run');
    await press(page, 'Live');
    if (device === 'phone') await openTab(page, 'Settings');
    await page.getByLabel('Seed', { exact: true }).fill('3');
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    await look(page, named('asking'));
    await press(page, 'Discard changes');
    await modelButton(page).click();
    await look(page, named('models'));
    await page.keyboard.press('Escape');
    await press(page, 'Lessons');
    await page.getByRole('dialog', { name: 'Lessons' }).getByRole('listitem').first().waitFor();
    await look(page, named('lessons'));
    await page.getByRole('button', { name: /^What the plane is/ }).click();
    if (device === 'phone') await press(page, 'More');
    await look(page, named('lesson'));
    await press(page, 'Close the lesson');
    fails = true;
    await page.evaluate(() => { location.hash = '#engine=cpu'; });
    await page.reload();
    await page.getByRole('button', { name: /^Resume/ }).waitFor();
    await look(page, named('resumable'));
    await press(page, 'Train');
    await until(page, 'the failure', ({ phase }) => phase === 'failed', 60_000);
    await look(page, named('failed'));
  });

  test(`axe finds nothing where the device is measured: ${device}, ${colorScheme}`, async (t) => {
    const narrow = device === 'phone' ? { viewport: { width: 320, height: 640 } } : {};
    const { page, close } = await open(host, 'measure.html?windows=1&seconds=0.2', { ...options, ...narrow }, async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 1 });
        delete Navigator.prototype.clipboard;
        delete Navigator.prototype.gpu;
      });
    }, 'Measure');
    t.after(close);
    const named = (name) => `measure-${name}-${device}-${colorScheme}`;
    const says = (words) => page.getByRole('status').filter({ hasText: words }).waitFor({ timeout: 60_000 });
    await look(page, named('idle'));
    await press(page, 'Measure');
    await says('loading the images');
    assert.deepEqual(await violations(page), [], 'measuring');
    await says('Done');
    await press(page, 'Copy as text');
    await look(page, named('done'));
  });
}

test('the main job by keyboard alone', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1');
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await page.keyboard.press('.');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await page.keyboard.press('Space');
  await until(page, 'training', ({ phase, step }) => phase === 'training' && step > 20);
  await page.keyboard.press('Space');
  await until(page, 'a pause', ({ phase }) => phase === 'paused');

  // To the plane by Tab, and about it.
  for (let at = 0; at < 60 && await page.evaluate(() => document.activeElement.id) !== 'latent-plane'; at += 1) {
    await page.keyboard.press('Tab');
  }
  const point = () => page.locator('#latent-plane').evaluate(({ dataset }) => [Number(dataset.z1), Number(dataset.z2)]);
  const initial = await decoded(page);
  await page.keyboard.press('0');
  const image = await otherDigit(page, initial);
  const nought = await point();
  await page.keyboard.press('1');
  await otherDigit(page, image);
  const one = await point();
  assert.notDeepEqual(one, nought);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  const moved = async () => (await point()).map((value, axis) => value - one[axis]);
  await eventually('both moves', moved, ([right, up]) => right > 0 && up > 4 * right);
  const width = () => page.locator('#latent-plane').evaluate(({ dataset }) => dataset.xMax - dataset.xMin);
  await page.keyboard.press('f');
  const before = await width();
  await page.keyboard.press('+');
  await eventually('a narrower view', width, (now) => now < before);
  await page.keyboard.press('f');
  await eventually('the whole view', width, (now) => Math.abs(now - before) < 1e-3 * before);

  // A setting, which takes keys for itself.
  await page.getByLabel('Seed', { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('12.');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('Seed', { exact: true }).getAttribute('aria-invalid'), 'true');
  assert.equal((await state(page)).phase, 'paused', 'a dot in a field is no step');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await page.getByText('seed 1 → 12').waitFor();

  // The list of keys comes and goes.
  await page.getByLabel('Seed', { exact: true }).evaluate((field) => field.blur());
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' });
  // What was trained is not lost by a key alone, such as a word that somebody dictates.
  await page.keyboard.press('R');
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Reset');
  assert.ok((await state(page)).step > 0);
  await page.keyboard.press('Enter');
  await until(page, 'the start', ({ phase, step }) => phase === 'idle' && step === 0);
  assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '12');
  assert.deepEqual(errors, []);
});

test('single keys can be turned off, and work on every layout', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1');
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const type = (key, code) => page.evaluate(([key, code]) => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }));
  }, [key, code]);
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel);
  await type('к', 'KeyR');
  assert.equal(await focused(), 'Reset');
  await page.evaluate(() => document.activeElement.blur());
  await type('p', 'KeyR');
  assert.notEqual(await focused(), 'Reset', 'on Dvorak it is no r');

  await press(page, 'Keyboard shortcuts');
  await page.getByLabel('These keys work').uncheck();
  await page.keyboard.press('Escape');
  for (const key of ['r', '.', ' ', 's']) await type(key, '');
  await page.waitForTimeout(300);
  assert.deepEqual([(await state(page)).step, await page.getByText('Link copied').count()], [1, 0]);
  await page.reload();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  assert.equal(await page.getByLabel('These keys work').isChecked(), false);
  assert.deepEqual(errors, []);
});

test('a translated page goes on to tell what happens', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1');
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  // What a browser's translation does: an element in the place of each text.
  await page.evaluate(() => {
    const translate = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      for (const text of texts) {
        if (!text.data.trim() || text.parentElement.closest('font, script, style, [translate=no]')) continue;
        const font = document.createElement('font');
        font.textContent = `«${text.data.trim()}»`;
        text.replaceWith(font);
      }
    };
    translate(document.body);
    new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
      if (node.nodeType === Node.ELEMENT_NODE && node.localName !== 'font') translate(node);
    }))).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByText('«Network and training»').waitFor();
  await page.getByRole('button', { name: /^«?Train»?$/ }).click();
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  // Numbers follow a few times a second.
  await page.locator('.progressing', { hasText: '235 / 235' }).waitFor();
  for (const batch of ['100', '101']) {
    await page.getByLabel('Batch size', { exact: true }).or(page.locator('#batch')).first().fill(batch);
    await page.keyboard.press('Enter');
    await page.locator('.question', { hasText: `batch size 256 → ${batch}` }).waitFor();
  }
  assert.equal(await page.locator('.question', { hasText: '100' }).count(), 0);
  assert.deepEqual(errors, []);
});

test('the main job by touch alone', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1', { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true });
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await page.getByRole('button', { name: 'Train', exact: true }).tap();
  await until(page, 'training', ({ step }) => step > 20);
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const plane = page.locator('#latent-plane');
  await plane.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plane.boundingBox();
  const at = (right, down) => [x + width * right, y + height * down];
  const data = () => plane.evaluate(({ dataset }) => Object.fromEntries(Object.entries(dataset).map(([key, text]) => [key, Number(text)])));

  // Where it is seen: while data still arrives, the page above may grow shorter, and the browser scrolls to make up for it.
  const top = async () => Math.round((await plane.boundingBox()).y);
  const before_drag = await top();
  const untouched = [await data(), await decoded(page)];
  await send('touchStart', at(0.3, 0.3));
  const from = await eventually('the point at the finger', data, ({ z1, z2 }) => z1 !== untouched[0].z1 || z2 !== untouched[0].z2);
  const image = await otherDigit(page, untouched[1]);
  for (let step = 1; step <= 5; step += 1) await send('touchMove', at(0.3 + 0.08 * step, 0.3 + 0.06 * step));
  await eventually('the point follows the finger', data, (to) => to.z1 > from.z1 && to.z2 < from.z2);
  await otherDigit(page, image);
  await send('touchEnd');
  assert.equal(await top(), before_drag, 'a drag on the plane scrolls nothing');

  // Two fingers zoom and leave the point where it is.
  const before = await data();
  await send('touchStart', at(0.4, 0.5), at(0.6, 0.5));
  for (let step = 1; step <= 5; step += 1) await send('touchMove', at(0.4 - 0.04 * step, 0.5), at(0.6 + 0.04 * step, 0.5));
  await send('touchEnd');
  const range = ({ xMin, xMax }) => xMax - xMin;
  const pinched = await eventually('a narrower view', data, (now) => range(now) < 0.6 * range(before));
  await page.getByRole('button', { name: 'Fit' }).tap();
  await eventually('the whole view', data, (now) => range(now) > range(pinched));

  await page.getByRole('button', { name: 'Only digit 3' }).tap();
  assert.equal(await page.getByRole('button', { name: 'Only digit 3' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Manifold' }).tap();
  await page.getByRole('tab', { name: 'Reconstructions' }).tap();
  await page.getByRole('button', { name: 'Five others' }).tap();
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await page.getByRole('button', { name: '10 more epochs' }).tap();
  await until(page, 'more', ({ phase, step }) => phase === 'training' && step > 240, 60_000);
  assert.deepEqual(errors, []);
});
