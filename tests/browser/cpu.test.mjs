// The main job, on the CPU engine.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, open, otherDigit, picture, press, start, state, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

test('the page is usable within a second and says which engine it takes and why', async () => {
  const began = Date.now();
  const { page, errors, close } = await open(host);
  for (const name of ['Train', 'Step', 'Reset']) await page.getByRole('button', { name, exact: true }).waitFor();
  await page.locator('#latent-plane').waitFor();
  await page.locator('#loss-chart').waitFor();
  const usable_ms = Date.now() - began;
  const idle = await until(page, 'an engine', ({ engine }) => engine);
  assert.deepEqual([idle.phase, idle.engine, idle.step, idle.loss], ['idle', 'cpu', 0, undefined]);
  // A browser without WebGPU, or one that runs it in software, gets the CPU engine.
  assert.match(await page.getByText(/WebGPU|GPU/).first().innerText(), /GPU/);
  await page.waitForTimeout(500);
  await picture(page, 'idle');
  assert.deepEqual(errors, []);
  console.log(`usable after ${usable_ms} ms`);
  await close();
});

test('an epoch on real MNIST ends with a validation loss under 0.060', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=1&seed=3');
  await press(page, 'Train');
  const training = await until(page, 'speed', ({ phase, stepsPerSecond }) => phase === 'training' && stepsPerSecond);
  assert.ok(training.epoch === 1 && training.loss > 0);
  await until(page, 'half an epoch', ({ step }) => step > 120, 60_000);
  await picture(page, 'training');
  const finished = await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
  assert.equal(finished.step, 235);
  assert.equal(finished.epoch, 1);
  assert.ok(finished.validationLoss < 0.060 && finished.validationLoss > 0.045, `${finished.validationLoss}`);
  await page.waitForTimeout(500);
  await picture(page, 'finished');
  assert.deepEqual(errors, []);
  await close();
});

test('pause stops, train goes on from there, reset goes back to the same start', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&seed=7');
  await press(page, 'Step');
  const first = await until(page, 'one step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 20);
  await press(page, 'Pause');
  const paused = await until(page, 'a pause', ({ phase }) => phase === 'paused');
  await page.waitForTimeout(400);
  assert.equal((await state(page)).step, paused.step, 'no step after the pause');
  await press(page, 'Train');
  const on = await until(page, 'more steps', ({ step }) => step > paused.step + 5);
  assert.ok(on.loss < first.loss);
  await press(page, 'Reset');
  const reset = await until(page, 'step 0', ({ phase, step }) => phase === 'idle' && step === 0);
  assert.equal(reset.loss, undefined);
  await press(page, 'Step');
  const again = await until(page, 'one step again', ({ step }) => step === 1);
  assert.equal(again.loss, first.loss);
  assert.deepEqual(errors, []);
  await close();
});

test('dragging across the plane while training changes the decoded digit at each move', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=20');
  await press(page, 'Train');
  await until(page, 'a formed plane', ({ step }) => step > 100, 60_000);
  // At this rate the network hardly changes any more: what changes the digit is the move.
  await page.getByLabel('Learning rate', { exact: true }).fill('0.0000001');
  await page.getByLabel('Learning rate', { exact: true }).press('Enter');
  await page.locator('#lr-remark').filter({ hasText: 'Changed at step' }).waitFor();
  const plane = page.locator('#latent-plane');
  const { x, y, width, height } = await plane.boundingBox();
  await page.mouse.move(x + width * 0.3, y + height * 0.3);
  await page.mouse.down();
  let before = await decoded(page);
  const begun = (await state(page)).step;
  for (let move = 1; move <= 10; move += 1) {
    await page.mouse.move(x + width * (0.3 + 0.04 * move), y + height * (0.3 + 0.03 * move));
    before = await otherDigit(page, before, 50);
  }
  await page.mouse.up();
  await until(page, 'training that went on meanwhile', ({ phase, step }) => phase === 'training' && step > begun);
  const { z1, z2, xMin, xMax, yMin, yMax } = await plane.evaluate((element) => ({ ...element.dataset }));
  assert.ok(Number(xMin) < Number(z1) && Number(z1) < Number(xMax));
  assert.ok(Number(yMin) < Number(z2) && Number(z2) < Number(yMax));
  assert.deepEqual(errors, []);
  await close();
});

test('a finger held still sees its digit change while the network learns', async () => {
  const { page, close } = await open(host, '#engine=cpu');
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 20);
  let digit = await decoded(page);
  for (let changes = 0; changes < 3; changes += 1) digit = await otherDigit(page, digit);
  await close();
});

test('settings come from the link, and what it gets wrong is told', async () => {
  const { page, close } = await open(host, '#engine=cpu&epochs=1&batch=4096&lr=0.001&seed=11&shuffle=0&lr=fast&x=1');
  await page.getByRole('alert').filter({ hasText: 'fast' }).waitFor();
  await page.getByRole('alert').filter({ hasText: '“x” is not a setting' }).waitFor();
  assert.equal(await page.getByLabel('Batch size', { exact: true }).inputValue(), '4096');
  assert.equal(await page.getByLabel('Learning rate', { exact: true }).inputValue(), '0.001');
  await press(page, 'Train');
  const finished = await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
  assert.equal(finished.step, 15);
  await close();
});

test('a bad value is told beside its field and changes nothing', async () => {
  const { page, close } = await open(host, '#engine=cpu');
  const field = page.getByLabel('Learning rate', { exact: true });
  await field.fill('11');
  await field.press('Enter');
  await page.getByText('“11” is not a number from').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await field.fill('0.002');
  await field.press('Enter');
  await page.getByText('“11” is not a number from').waitFor({ state: 'detached' });
  await close();
});

test('no sideways scrolling from 320 px on', async () => {
  for (const width of [320, 375, 768, 1280, 1920]) {
    const { page, close } = await open(host, '', { viewport: { width, height: 800 } });
    await page.waitForTimeout(300);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide at ${width} px`);
    await picture(page, `idle-${width}`);
    await close();
  }
});
