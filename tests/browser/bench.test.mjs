// What a measuring program finds in the page, and that nobody else loads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start, state } from './harness.mjs';

test('the page can be measured as its address says, by several workers too', async (t) => {
  const host = await start();
  t.after(() => host.close());
  const page = await (await host.browser.newContext({ serviceWorkers: 'block' })).newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${host.url}?bench=cpu&workers=2`);
  await page.waitForFunction(() => globalThis.aeBench);
  const { first_step_ms, modes, engine } = await page.evaluate(() => globalThis.aeBench.ready);
  assert.ok(first_step_ms > 0);
  assert.deepEqual([modes, engine], [['train'], 'cpu']);
  await page.evaluate(() => globalThis.aeBench.load());
  assert.equal((await state(page)).workers, 2);
  const { ms, steps, loss } = await page.evaluate(() => globalThis.aeBench.train('train', 20));
  assert.ok(ms > 0 && steps >= 20 && loss > 0 && loss < 0.3, JSON.stringify({ ms, steps, loss }));
  assert.equal((await state(page)).phase, 'paused');
  assert.deepEqual(errors, []);
});

test('the measuring is not loaded where nobody asked for it', async (t) => {
  const host = await start();
  t.after(() => host.close());
  const requests = [];
  const { page } = await open(host, '', {}, (page) => page.on('request', (request) => requests.push(request.url())));
  assert.equal(await page.evaluate(() => typeof globalThis.aeBench), 'undefined');
  assert.ok(!requests.some((url) => /bench|measure|counts|spread/.test(url)));
});
