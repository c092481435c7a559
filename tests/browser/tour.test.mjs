// The tour on a first visit: the point travels by itself until somebody acts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, openTab, press, start } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const MOVING = { reducedMotion: 'no-preference' };
const plotted = (page) => page.locator('#latent-plane[data-digits="2000"]').waitFor();
const place = (page) => page.locator('#latent-plane').evaluate(({ dataset }) => `${dataset.z1},${dataset.z2}`);
/** How many places the point is at within so many milliseconds. */
async function places(page, ms) {
  const count = await page.evaluate((ms) => new Promise((resolve) => {
    const plane = document.querySelector('#latent-plane');
    const seen = new Set([`${plane.dataset.z1},${plane.dataset.z2}`]);
    new MutationObserver(() => seen.add(`${plane.dataset.z1},${plane.dataset.z2}`)).observe(plane, { attributes: true });
    setTimeout(() => resolve(seen.size), ms);
  }), ms);
  return count;
}
async function moves(page) {
  const before = await place(page);
  await page.waitForFunction((before) => {
    const { z1, z2 } = document.querySelector('#latent-plane').dataset;
    return `${z1},${z2}` !== before;
  }, before, { timeout: 15_000 });
}

test('on a first visit the point travels slowly, unannounced, until a key is pressed, and on no later visit', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '', MOVING);
  t.after(close);
  await plotted(page);
  await moves(page);
  // Half a turn of the classes at most ten steps a second.
  const count = await places(page, 3_000);
  assert.ok(count > 1 && count <= 33, `${count} places in three seconds`);
  const seen = new Set();
  await eventually('thirteen places', async () => seen.add(await place(page)).size, (count) => count > 12);
  assert.equal(await page.locator('#announcer').innerText(), '');
  assert.equal(new URL(page.url()).hash, '', 'nobody has moved the point');
  await page.keyboard.press('Tab');
  await page.waitForTimeout(200);
  assert.equal(await places(page, 1_000), 1);
  await page.reload();
  await plotted(page);
  assert.equal(await places(page, 5_000), 1);
  assert.deepEqual(errors, []);
});

for (const [act, name] of [
  [(page) => page.locator('#latent-plane').click({ position: { x: 60, y: 60 } }), 'a press on the plane'],
  [(page) => openTab(page, 'Draw'), 'a press elsewhere'],
  // No pointer and no key: as a script or an assistive technology presses.
  [(page) => page.getByRole('button', { name: 'Train', exact: true }).evaluate((button) => button.click()), 'training'],
  [(page) => page.evaluate(() => { location.hash = '#z=1,1'; }), 'a link with a point'],
]) {
  test(`${name} ends the tour`, { timeout: 240_000 }, async (t) => {
    const { page, errors, close } = await open(host, '', MOVING);
    t.after(close);
    await plotted(page);
    await moves(page);
    await act(page);
    await page.waitForTimeout(1_000);
    if (name === 'training') {
      // The network's range moves a point that nobody holds, a few times.
      assert.ok(await places(page, 1_500) <= 4);
      await press(page, 'Pause');
    } else assert.equal(await places(page, 1_500), 1);
    assert.deepEqual(errors, []);
  });
}

test('nothing travels in a hidden tab, with less motion, or from a link with a point', { timeout: 240_000 }, async (t) => {
  const hide = (page) => page.addInitScript(() => {
    Object.defineProperty(document, 'hidden', { get: () => !globalThis.isInSight });
  });
  const hidden = await open(host, '', MOVING, hide);
  const still = await open(host, '', { reducedMotion: 'reduce' });
  const linked = await open(host, '#z=1,1', MOVING);
  for (const { close } of [hidden, still, linked]) t.after(close);
  await Promise.all([hidden, still, linked].map(({ page }) => plotted(page)));
  const found = await Promise.all([hidden, still, linked].map(({ page }) => places(page, 6_000)));
  assert.deepEqual(found, [1, 1, 1]);
  await hidden.page.evaluate(() => { globalThis.isInSight = true; });
  await moves(hidden.page);
});
