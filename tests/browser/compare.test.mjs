// Compare: a pinned run's plane stands beside the one of the run under way, with the same image marked in both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, open, openTab, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const SMALL = '#engine=cpu&images=5120&batch=128&epochs=2';

const pinned = (page) => page.getByRole('region', { name: /step 80$/ });
const finished = (page) => until(page, 'the end', ({ phase }) => phase === 'finished', 90_000);

/** A run with lr 0.0005 that was replaced by one with lr 0.005, both finished. */
async function twoRuns(t, options = {}) {
  const opened = await open(host, SMALL, options);
  t.after(opened.close);
  const { page } = opened;
  await press(page, 'Train');
  await finished(page);
  if (options.isMobile) await openTab(page, 'Settings');
  await page.getByLabel('Learning rate', { exact: true }).fill('0.005');
  await page.getByLabel('Learning rate', { exact: true }).press('Enter');
  await press(page, 'Reset');
  await press(page, 'Train');
  await finished(page);
  return opened;
}

/** Whether anything is drawn on a layer of the pinned plane. */
const painted = (page, layer) => page.locator('.pinned-plane canvas').nth(layer).evaluate((canvas) => (
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value, at) => at % 4 === 3 && value > 0)));

test('a pinned run stands beside the new one, with what differs, and one press takes it away', async (t) => {
  const { page, errors } = await twoRuns(t, { viewport: { width: 1280, height: 680 } });
  await openTab(page, 'Runs');
  const pin = page.getByRole('button', { name: 'Pin run 1' });
  const onPage = () => page.locator('#latent-plane').evaluate((plane) => {
    const { x, y, width } = plane.getBoundingClientRect();
    return [x, y + scrollY, width].map(Math.round);
  });
  const before = await onPage();
  await pin.click();
  await page.getByText('Pinned: run 1 at step 80. Its plane stands next to the latent plane.').waitFor();
  assert.equal(await pin.getAttribute('aria-pressed'), 'true');
  await pinned(page).waitFor();
  assert.match(await pinned(page).innerText(), /Run 1, step 80/);
  assert.match(await pinned(page).innerText(), /Changed in this run: learning rate 0\.0005 → 0\.005/);
  await eventually('dots are drawn', () => painted(page, 1));
  await eventually('an image is marked', () => painted(page, 2));
  assert.deepEqual(await onPage(), before, 'the plane stays where it was');
  // Beside the other plane, about as large, in sight at the top of the page.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(100);
  const [ours, theirs] = await Promise.all(['#latent-plane', '.pinned-plane'].map((plane) => page.locator(plane).boundingBox()));
  assert.ok(theirs.x >= ours.x + ours.width && theirs.width > 0.85 * ours.width && theirs.width <= ours.width, JSON.stringify([ours, theirs]));
  assert.ok(theirs.y > 0 && theirs.y + theirs.height < 680);

  // The same image in both: three pictures of it, two of them reconstructions.
  const images = pinned(page).getByRole('img', { name: /: / });
  assert.equal(await images.count(), 3);
  const shades = (at) => images.nth(at).evaluate((canvas) => Array.from(
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data));
  const isLit = (image) => image.some((value, at) => at % 4 === 0 && value > 60);
  const [original] = await eventually('three images', () => Promise.all([0, 1, 2].map(shades)), (all) => (
    all.every(isLit) && new Set(all.map(String)).size === 3));

  // Another image is marked by a press on the pinned plane: the point goes to its code on the other one.
  const z1 = await page.locator('#latent-plane').getAttribute('data-z1');
  await page.mouse.click(theirs.x + theirs.width * 0.7, theirs.y + theirs.height * 0.3);
  await eventually('the point moves', async () => await page.locator('#latent-plane').getAttribute('data-z1') !== z1);
  await eventually('another image is marked', async () => (await shades(0)).join() !== original.join());

  await page.getByRole('button', { name: 'Unpin' }).click();
  await page.locator('.pinned-plane').waitFor({ state: 'hidden' });
  assert.equal(await pin.getAttribute('aria-pressed'), 'false');
  assert.deepEqual(errors, []);
});

test('the run that has finished is pinned, and a run of another model stands beside it', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  await press(page, 'Train');
  await finished(page);
  await openTab(page, 'Runs');
  await press(page, 'Pin this run');
  await page.locator('.pinned-plane').waitFor();
  await page.evaluate(() => { window.location.hash = '#engine=cpu&images=2560&batch=128&epochs=1&encoder=conv4k3s2,dense8&code=3'; });
  await press(page, 'Train');
  await finished(page);
  await pinned(page).waitFor();
  assert.match(await pinned(page).innerText(), /Run 1, step 80/);
  await eventually('dots are drawn', () => painted(page, 1));
  // Other images have none in common.
  await page.evaluate(() => { window.location.hash = '#engine=cpu&data=fashion-mnist&images=2560&batch=128&epochs=1'; });
  await eventually('nothing is marked', async () => !await page.locator('.compared').isVisible());
  await eventually('dots are drawn', () => painted(page, 1));
  assert.deepEqual(errors, []);
});

test('on a phone the pinned plane stands below the other one', async (t) => {
  const { page } = await twoRuns(t, { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  await openTab(page, 'Runs');
  await page.getByRole('button', { name: 'Pin run 1' }).tap();
  await openTab(page, 'Explore');
  await pinned(page).waitFor();
  const [ours, theirs] = await Promise.all(['#latent-plane', '.pinned-plane'].map((plane) => page.locator(plane).boundingBox()));
  assert.ok(theirs.y > ours.y + ours.height && theirs.width <= 390);
  await eventually('dots are drawn', () => painted(page, 1));
});
