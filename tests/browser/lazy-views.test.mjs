// The second part of the page's program (src/app/views/lazy.rs): loaded ahead, when a view is needed, and again where that
// failed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, eventually, open, openTab, press, start, until } from './harness.mjs';

const PART = /lazy_views-/;
const PHONE = { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true };
const LOADING = 'Loading this part of the page';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** The page, closed after the test whatever happens; `asked` grows with each request for the second part. */
async function opened(t, options = {}, prepare = async () => {}) {
  const asked = [];
  const { page, errors, close } = await open(host, '#engine=cpu', options, async (page) => {
    page.on('request', (request) => PART.test(request.url()) && asked.push(request.url()));
    await prepare(page);
  });
  t.after(close);
  return { page, errors, asked };
}

const savesData = (page) => page.addInitScript(() => {
  Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
});

/** Waits until the first image is drawn. */
const drawn = (page) => eventually('an image', () => decoded(page), (image) => image.some((shade) => shade > 0));

test('it is loaded ahead, once one can drag, and a tab then opens at once', async (t) => {
  const { page, errors, asked } = await opened(t, PHONE);
  await drawn(page);
  // The article is in it.
  await page.locator('.about').waitFor({ state: 'attached' });
  // From the press to the next frame.
  const isThere = await page.evaluate(async () => {
    document.querySelector('#tab-draw').click();
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
    return document.querySelector('#draw canvas') !== null;
  });
  assert.ok(isThere, 'the pad');
  assert.equal(asked.length, 1);
  assert.deepEqual(errors, []);
});

test('where data is saved it is loaded when one of its views is needed', async (t) => {
  const { page, errors, asked } = await opened(t, PHONE, savesData);
  await drawn(page);
  await page.waitForTimeout(2_500);
  assert.deepEqual(asked, []);
  await openTab(page, 'Files');
  await page.getByRole('button', { name: 'Save model' }).waitFor();
  assert.equal(asked.length, 1);
  await page.getByRole('button', { name: 'Embed' }).click();
  await page.getByRole('textbox', { name: 'HTML' }).waitFor();
  assert.equal(asked.length, 1);
  assert.deepEqual(errors, []);
});

test('the wait is announced, and training does not wait', async (t) => {
  const held = [];
  const { page, errors } = await opened(t, {}, (page) => page.route(PART, (route) => held.push(route)));
  await drawn(page);
  await openTab(page, 'Mistakes');
  await page.getByRole('tabpanel', { name: 'Mistakes' }).getByRole('status').filter({ hasText: LOADING }).waitFor();
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  // Later than at first: what is asked for is not asked for again.
  assert.equal(held.length, 1);
  await held[0].continue();
  await page.getByRole('table', { name: /neighbours/ }).waitFor();
  await page.locator('#loss-chart').waitFor();
  assert.equal(await page.getByText(LOADING).count(), 0);
  assert.deepEqual(errors, []);
});

test('where it cannot be loaded the page says so, and tries again', { timeout: 240_000 }, async (t) => {
  let isBroken = true;
  const { page } = await opened(t, {}, (page) => page.route(PART, (route) => (
    isBroken ? route.fulfill({ status: 503 }) : route.continue())));
  await openTab(page, 'Draw');
  const panel = page.getByRole('tabpanel', { name: 'Draw' });
  await panel.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded.' }).waitFor();
  isBroken = false;
  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('button', { name: 'Clear' }).waitFor();
  // Every view that was waited for is there.
  await page.locator('#loss-chart').waitFor();
  assert.equal(await page.getByText('could not be loaded').count(), 0);
  assert.equal(await page.getByText(LOADING).count(), 0);
});

test('where the server has a newer page, the page says so', { timeout: 240_000 }, async (t) => {
  const { page } = await opened(t, PHONE, async (page) => {
    await page.route(PART, (route) => route.fulfill({ status: 404 }));
    await savesData(page);
  });
  await page.route(/\/(\?newest.*)?$/, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({ response, body: text.replace(/(name="release" content=")\w+/, '$10123456789abcdef') });
  });
  await openTab(page, 'Runs');
  const panel = page.getByRole('tabpanel', { name: 'Runs' });
  await panel.getByText('because the server has a newer version of the page').waitFor();
  const reload = page.waitForNavigation();
  await panel.getByRole('button', { name: 'Load the new version' }).click();
  await reload;
});
