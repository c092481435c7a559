// How fast a press on Pause ends the training. It has the machine to itself (Makefile).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, press, start, state, until } from './harness.mjs';

test('pause stops within 200 ms', async (t) => {
  const host = await start();
  t.after(() => host.close());
  const { page, close } = await open(host, '#engine=cpu&seed=7');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 20);
  await press(page, 'Pause');
  await page.waitForTimeout(200);
  assert.equal((await state(page)).phase, 'paused');
});
