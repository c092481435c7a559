// Lessons: a scene is set, each task is noticed when it was done, and what was done is remembered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, openGroup, openTab, picture, press, start, state, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** The lessons by name: title, the beginning of the first task, and what the scene has. */
const LESSONS = {
  tutorial: ['What the plane is', 'Drag the point from the dots of 3', { code: '2', hidden: '300', step: 0 }],
  'code-size': ['How long must a code be?', 'Open the tab Reconstructions', { code: '2', hidden: '64' }],
  depth: ['Does a deeper network learn more?', 'Open the tab Layers', { code: '2', hidden: '64' }],
  'learning-rate': ['How fast can it learn?', 'Press Train', { code: '2', hidden: '64', step: 0 }],
  convolution: ['What do convolutions see?', 'Press the first convolution', { code: '2', hidden: 'conv8k3s2,conv16k3s2,dense16' }],
  variational: ['Why should codes be spread out?', 'Press Prior above the plane', { code: '2', hidden: '64' }],
  denoising: ['How can noise be removed?', 'Open the tab Reconstructions', { code: '2', hidden: '64' }],
  fashion: ['What about other images?', 'Drag the point from the dots of Trouser', { code: '2', hidden: '300', step: 0 }],
};

/** A scene is promised within three seconds; a machine that does other things takes longer. */
const MOST_MS = process.env.SLOW ? 3_000 : 20_000;

const lesson = (page, name) => page.getByRole('region', { name: LESSONS[name][0] });
const task = (page, name, text) => lesson(page, name).getByText(text);
const begun = (page, name, at, of) => lesson(page, name).getByText(`Step ${at} of ${of}`).waitFor();
const done = (page, name) => lesson(page, name).getByRole('img', { name: 'Done' }).waitFor({ timeout: 60_000 });
const button = (page, name, label) => lesson(page, name).getByRole('button', { name: label, exact: true });

/** Says that one has looked at what a task asks for. Before, the task was not done. */
async function look(page, name) {
  await lesson(page, name).getByRole('img', { name: 'To look at' }).waitFor();
  assert.equal(await lesson(page, name).getByRole('img', { name: 'Done' }).count(), 0);
  await button(page, name, 'Next').click();
  await done(page, name);
}

/** Waits until a task was done, and goes on to this step. */
async function goOn(page, name, at, of) {
  await done(page, name);
  await begun(page, name, at - 1, of);
  await button(page, name, 'Next').click();
  await begun(page, name, at, of);
}

/** The page with this fragment. It is closed with the test, and has had no error by then. */
async function shown(t, fragment, options, prepare) {
  const { page, errors, close } = await open(host, fragment, options, prepare);
  t.after(async () => {
    await close();
  });
  return page;
}

/** Opens a lesson by its link. */
async function opened(t, name, options, prepare) {
  const page = await shown(t, `#engine=cpu&lesson=${name}`, options, prepare);
  await lesson(page, name).waitFor();
  return page;
}

/** The entry of a lesson in the list, which is opened for it. */
async function listed(page, name) {
  await press(page, 'Lessons');
  return page.getByRole('dialog', { name: 'Lessons' }).getByRole('button', { name: LESSONS[name][0] });
}

/** Where the dots lie that are in colour: the numbers of the plane's classes. */
const isWhole = (page) => page.getByRole('button', { name: /^Only digit/, pressed: true }).count().then((count) => count === 0);

/** Sets a field of the settings. */
async function set(page, label, value) {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** Where the mean of a class of digits lies on the screen: its key jumps there. */
async function placeOf(page, digit) {
  const plane = page.locator('#latent-plane');
  await plane.focus();
  await page.keyboard.press(String(digit));
  await page.waitForTimeout(150);
  const { z1, z2, xMin, xMax, yMin, yMax } = await plane.evaluate(({ dataset }) => (
    Object.fromEntries(Object.entries(dataset).map(([name, value]) => [name, Number(value)]))));
  const { x, y, width, height } = await plane.boundingBox();
  return [x + ((z1 - xMin) / (xMax - xMin)) * width, y + ((yMax - z2) / (yMax - yMin)) * height];
}

/** Drags the point from the images of one digit to those of another. */
async function drag(page, from, to) {
  // The key of the digit where the drag ends comes first: from there to the other one is no drag.
  const end = await placeOf(page, to);
  const begin = await placeOf(page, from);
  await page.mouse.move(...begin);
  await page.mouse.down();
  await page.mouse.move(...end, { steps: 12 });
  await page.mouse.up();
}

for (const [name, [, first, scene]] of Object.entries(LESSONS)) {
  test(`the lesson ${name} sets its scene when it is chosen, and asks for its first task`, async (t) => {
    const page = await shown(t, '#engine=cpu');
    const entry = await listed(page, name);
    await entry.waitFor();
    const begin = Date.now();
    await entry.click();
    await task(page, name, first).waitFor();
    const { step } = scene;
    await until(page, 'the scene', (now) => (step === undefined ? now.step > 0 : now.step === step), MOST_MS);
    await page.waitForFunction(() => document.querySelector('#latent-plane').dataset.digits === '2000', undefined, { timeout: MOST_MS });
    const seconds = (Date.now() - begin) / 1_000;
    t.diagnostic(`the scene is there after ${seconds} s`);
    assert.ok(seconds < MOST_MS / 1_000, `${seconds} s`);
    assert.equal(await page.getByLabel('Code size', { exact: true }).inputValue(), scene.code);
    assert.equal(await page.getByLabel('Hidden layers', { exact: true }).inputValue(), scene.hidden);
    await begun(page, name, 1, await lesson(page, name).getByText(/Step 1 of/).textContent().then((text) => text.at(-1)));
    await picture(page, `lesson-${name}`);
  });
}

test('the first lesson notices a drag, a pressed class, training and an opened tab, and ends', async (t) => {
  const page = await opened(t, 'tutorial');
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await drag(page, 3, 8);
  await done(page, 'tutorial');
  // What was done is answered, and stays until Next.
  await task(page, 'tutorial', 'it has learned a map').waitFor();
  await page.waitForTimeout(4_000);
  await begun(page, 'tutorial', 1, 4);
  await picture(page, 'lesson-done');
  await goOn(page, 'tutorial', 2, 4);
  await press(page, 'Only digit 1');
  assert.ok(!await isWhole(page));
  await goOn(page, 'tutorial', 3, 4);
  assert.ok(await isWhole(page), 'all digits are shown again');
  await press(page, 'Train');
  await goOn(page, 'tutorial', 4, 4);
  // Where *Next* was, the next thing is.
  assert.equal(await button(page, 'tutorial', 'All lessons').count(), 0);
  await button(page, 'tutorial', 'Next lesson').waitFor();
  await openTab(page, 'Reconstructions');
  await look(page, 'tutorial');
  await task(page, 'tutorial', 'An autoencoder learns from images alone').waitFor();
  await task(page, 'tutorial', `Next lesson: ${LESSONS['code-size'][0]}`).waitFor();
  await page.locator('#announcer').filter({ hasText: 'Next lesson' }).waitFor({ timeout: 12_000 });
  await picture(page, 'lesson-finished');

  // What was done is remembered, and the address leads to the lesson.
  assert.match(await page.evaluate(() => location.hash), /^#v=1&engine=cpu&lesson=tutorial$/);
  await button(page, 'tutorial', 'Next lesson').click();
  await begun(page, 'code-size', 1, 4);
  await page.reload();
  await (await listed(page, 'tutorial')).filter({ hasText: 'Done' }).waitFor();
});

test('the lesson on the length of codes is gone through by its tasks', async (t) => {
  const page = await opened(t, 'code-size');
  await until(page, 'the model of the scene', ({ step }) => step > 0);
  await openTab(page, 'Reconstructions');
  await look(page, 'code-size');
  await goOn(page, 'code-size', 2, 4);
  await set(page, 'Code size', '8');
  await press(page, 'Train a new run');
  await goOn(page, 'code-size', 3, 4);
  await openTab(page, 'Runs');
  await page.getByText('code size 2 (this run: 8)').waitFor();
  await look(page, 'code-size');
  await goOn(page, 'code-size', 4, 4);
  await set(page, 'Code size', '1');
  await press(page, 'Train a new run');
  await until(page, '300 steps again', ({ step, phase }) => phase === 'training' && step >= 300, 60_000);
  await done(page, 'code-size');
  // Whoever begins again begins at the beginning, where the scene is.
  await press(page, 'Pause');
  await (await listed(page, 'code-size')).filter({ hasText: 'Done' }).click();
  await begun(page, 'code-size', 1, 4);
  await until(page, 'the scene', ({ step }) => step === 1400);
});

test('the lesson on depth is gone through by its tasks', async (t) => {
  const page = await opened(t, 'depth');
  await until(page, 'the model of the scene', ({ step }) => step > 0);
  await openTab(page, 'Layers');
  await look(page, 'depth');
  await goOn(page, 'depth', 2, 3);
  await page.getByRole('button', { name: 'Add layer' }).click();
  await press(page, 'Train a new run');
  await goOn(page, 'depth', 3, 3);
  await openTab(page, 'Runs');
  await look(page, 'depth');
  await task(page, 'depth', `Next lesson: ${LESSONS['learning-rate'][0]}`).waitFor();
});

test('the lesson on convolutions is gone through by its tasks', async (t) => {
  const page = await opened(t, 'convolution');
  await until(page, 'the model of the scene', ({ step }) => step > 0);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const first = page.getByRole('button', { name: /Convolution 3 × 3/ }).first();
  await first.click();
  await look(page, 'convolution');
  await goOn(page, 'convolution', 2, 3);
  await page.waitForTimeout(500);
  await drag(page, 0, 1);
  await goOn(page, 'convolution', 3, 3);
  if (await page.getByLabel('Kernel', { exact: true }).count() === 0) await first.click();
  await set(page, 'Kernel', '5');
  await press(page, 'Train a new run');
  await done(page, 'convolution');
});

test('the lesson on variational models is gone through by its tasks', async (t) => {
  const page = await opened(t, 'variational');
  await until(page, 'the model of the scene', ({ step }) => step > 0);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const prior = page.getByRole('button', { name: 'Prior', exact: true });
  await prior.click();
  await goOn(page, 'variational', 2, 4);
  await drag(page, 0, 7);
  // A step shows what it needs, also to those who have put it away.
  await prior.click();
  await goOn(page, 'variational', 3, 4);
  assert.equal(await prior.getAttribute('aria-pressed'), 'true');
  await page.locator('summary', { hasText: 'Model details' }).click();
  for (const [beta, at] of [['8', 4], ['0', 0]]) {
    await set(page, 'Divergence weight β', beta);
    await press(page, 'Train a new run');
    if (at > 0) await goOn(page, 'variational', at, 4);
  }
  await done(page, 'variational');
});

test('the lesson on noise is gone through by its tasks', async (t) => {
  const page = await opened(t, 'denoising');
  await until(page, 'the model of the scene', ({ step }) => step > 0);
  await openTab(page, 'Reconstructions');
  await look(page, 'denoising');
  await goOn(page, 'denoising', 2, 3);
  await openTab(page, 'Draw');
  const { x, y, width, height } = await page.locator('#draw canvas').first().boundingBox();
  await page.mouse.move(x + 0.5 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.5 * width, y + 0.8 * height, { steps: 6 });
  await page.mouse.up();
  await goOn(page, 'denoising', 3, 3);
  await page.locator('summary', { hasText: 'Model details' }).click();
  await set(page, 'Strength', '0.9');
  await press(page, 'Train a new run');
  await done(page, 'denoising');
});

test('the lesson on learning rates is gone through by its tasks, where storage is refused', async (t) => {
  const refuse = () => Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });
  const page = await opened(t, 'learning-rate', {}, (page) => page.addInitScript(refuse));
  await press(page, 'Train');
  await goOn(page, 'learning-rate', 2, 5);
  await set(page, 'Learning rate', '0.002');
  await goOn(page, 'learning-rate', 3, 5);
  await set(page, 'Learning rate', '0.05');
  await goOn(page, 'learning-rate', 4, 5);
  await set(page, 'Learning rate', '1');
  await goOn(page, 'learning-rate', 5, 5);
  await press(page, 'Reset');
  await set(page, 'Learning rate', '0.002');
  await press(page, 'Train');
  await done(page, 'learning-rate');
  await (await listed(page, 'learning-rate')).filter({ hasText: 'Done' }).waitFor();
});

test('the lesson on clothes is gone through by its tasks', async (t) => {
  const page = await opened(t, 'fashion');
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await drag(page, 1, 3);
  await goOn(page, 'fashion', 2, 4);
  await press(page, 'Colour by error');
  await look(page, 'fashion');
  await goOn(page, 'fashion', 3, 4);
  assert.equal(await page.getByRole('button', { name: 'Colour by error', exact: true }).getAttribute('aria-pressed'), 'false');
  await openTab(page, 'Mistakes');
  await look(page, 'fashion');
  await goOn(page, 'fashion', 4, 4);
  await press(page, 'Train');
  await done(page, 'fashion');
  // It is the last one.
  await task(page, 'fashion', 'This was the last lesson.').waitFor();
  await button(page, 'fashion', 'All lessons').click();
  await page.getByRole('dialog', { name: 'Lessons' }).waitFor();
});

test('a lesson gives way to Undo, and goes back, forth and away', async (t) => {
  const page = await shown(t, '#engine=cpu&hidden=32&images=5120&epochs=1&seed=5');
  await press(page, 'Train');
  const { step } = await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await (await listed(page, 'tutorial')).click();
  await until(page, 'the scene', (now) => now.step === 0);
  assert.ok(await lesson(page, 'tutorial').evaluate((panel) => panel === document.activeElement), 'the lesson has the focus');
  assert.ok(await button(page, 'tutorial', 'Back').isDisabled());
  await button(page, 'tutorial', 'Next').click();
  await begun(page, 'tutorial', 2, 4);
  await button(page, 'tutorial', 'Back').click();
  await begun(page, 'tutorial', 1, 4);
  await press(page, 'Undo');
  await until(page, 'the run before', (now) => now.step === step);
  await button(page, 'tutorial', 'Close the lesson').click();
  await lesson(page, 'tutorial').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'lessons-button');
  await page.waitForFunction(() => location.hash.includes('seed=5') && !location.hash.includes('lesson'));
});

test('after two lessons one press brings back the run that one had before, paused, with its moments', { timeout: 120_000 }, async (t) => {
  const page = await shown(t, '#engine=cpu&images=12800&batch=128&epochs=50&seed=5', { viewport: { width: 1280, height: 680 } });
  await press(page, 'Train');
  await until(page, 'two epochs', ({ step }) => step > 210, 60_000);
  await press(page, 'Pause');
  const { step } = await until(page, 'a pause', (now) => now.phase === 'paused' && now.kept === now.step);
  const slider = page.getByRole('slider', { name: 'At step' });
  await page.waitForTimeout(1_000);
  const moments = await slider.getAttribute('data-moments');
  const back = page.getByRole('button', { name: 'Back to my run' });
  for (const name of ['tutorial', 'learning-rate']) {
    await (await listed(page, name)).click();
    await lesson(page, name).waitFor();
    await until(page, 'the scene', (now) => now.step === 0);
    for (let run = 0; run < 4; run += 1) {
      await press(page, 'Step');
      await until(page, 'a step', (now) => now.phase === 'paused' && now.step === 1);
      await press(page, 'Reset');
      await until(page, 'another run', (now) => now.step === 0);
    }
    assert.equal(await back.count(), 0, 'the lesson goes on');
    await button(page, name, 'Close the lesson').click();
    await back.waitFor();
  }
  await picture(page, 'lesson-back');
  await back.click();
  await page.getByText(`Stopped at step ${step}: press Train to go on`).waitFor();
  assert.equal((await state(page)).phase, 'idle');
  await back.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '5');
  await page.waitForFunction((moments) => document.querySelector('.slider input').dataset.moments === moments, moments);
});

test('after a lesson the tab, the drawing, the colours and the plane of one’s run come back with it', { timeout: 120_000 }, async (t) => {
  const page = await shown(t, '#engine=cpu&hidden=32&images=5120&epochs=1&seed=5', { viewport: { width: 1280, height: 680 } });
  await press(page, 'Train');
  const { step } = await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await press(page, 'Only digit 7');
  await press(page, 'Contours');
  await press(page, 'Zoom in');
  const plane = page.locator('#latent-plane');
  const range = () => plane.evaluate(({ dataset }) => [dataset.xMin, dataset.xMax, dataset.z1].join());
  const before = await range();
  await openTab(page, 'Draw');
  const pad = page.getByRole('img', { name: /^Drawing pad/ });
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.8, { steps: 6 });
  await page.mouse.up();
  const clear = page.getByRole('tabpanel', { name: 'Draw' }).getByRole('button', { name: 'Clear' });
  await page.waitForFunction(() => [...document.querySelectorAll('#draw button')].some((button) => button.innerText === 'Clear' && !button.disabled));
  await openTab(page, 'Files');
  await (await listed(page, 'tutorial')).click();
  await until(page, 'the scene', (now) => now.step === 0);
  assert.equal(await page.getByRole('button', { name: 'Only digit 7' }).getAttribute('aria-pressed'), 'false');
  assert.equal(await page.getByRole('tab', { name: 'Files' }).getAttribute('aria-selected'), 'false');
  await button(page, 'tutorial', 'Close the lesson').click();
  await press(page, 'Back to my run');
  await until(page, 'the run before', (now) => now.step === step);
  assert.equal(await page.getByRole('tab', { name: 'Files' }).getAttribute('aria-selected'), 'true');
  assert.equal(await page.getByRole('button', { name: 'Only digit 7' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await page.getByRole('button', { name: 'Contours' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await range(), before);
  await openTab(page, 'Draw');
  assert.ok(await clear.isEnabled(), 'the drawing is there');
  await page.getByText(/^Its code by /).waitFor();
});

for (const viewport of [{ width: 1280, height: 680 }, { width: 390, height: 664 }]) {
  test(`nothing moves under a pointer that does what a task asks for, at ${viewport.width} × ${viewport.height}`, async (t) => {
    const page = await opened(t, 'tutorial', { viewport });
    await page.locator('#latent-plane[data-digits="2000"]').waitFor();
    const places = () => page.evaluate(() => ['#latent-plane', '.lesson', '#decoded-digit', '.tabs'].map((part) => {
      const { x, y, width } = document.querySelector(part).getBoundingClientRect();
      return [part, x, y, width].join(' ');
    }));
    const end = await placeOf(page, 8);
    const begin = await placeOf(page, 3);
    await page.mouse.move(...begin);
    await page.mouse.down();
    await page.waitForTimeout(300);
    const before = await places();
    await page.mouse.move(...end, { steps: 12 });
    await done(page, 'tutorial');
    await page.waitForTimeout(300);
    assert.deepEqual(await places(), before);
    await page.mouse.up();
    await task(page, 'tutorial', 'it has learned a map').waitFor();
    await picture(page, `lesson-held-${viewport.width}`);
    // A phone has no space to spare for words that are to come.
    if (viewport.width > 960) assert.deepEqual(await places(), before);
  });
}

test('a link to a lesson that there is not says which there are, and one that is opened in place opens its lesson', async (t) => {
  const page = await shown(t, '#engine=cpu&lesson=calculus');
  await page.getByRole('alert').filter({ hasText: 'There is no lesson “calculus”. The lessons are: tutorial, code-size' }).waitFor();
  await page.evaluate(() => { location.hash = '#engine=cpu&lesson=learning-rate'; });
  await task(page, 'learning-rate', 'Press Train').waitFor();
  assert.equal((await state(page)).step, 0);
});

test('a lesson in another page shows what its link leaves in', async (t) => {
  const page = await shown(t, '#engine=cpu&lesson=tutorial&hide=header,settings,predictions,model,article');
  await task(page, 'tutorial', 'Drag the point').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Network and training' }).count(), 0);
  const whole = await page.getByRole('link', { name: 'Open the full page' }).getAttribute('href');
  assert.equal(new URL(whole).hash, '#v=1&engine=cpu&lesson=tutorial');
});

test('on a phone a lesson leaves the plane, the image and Train in sight, and unfolds', async (t) => {
  const page = await opened(t, 'tutorial', { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const box = (name) => page.locator(name).boundingBox();
  const plane = await box('#latent-plane');
  assert.ok(plane.width >= 340 && plane.height >= 340, `${plane.width} × ${plane.height}`);
  const [image, train, tabs] = [await box('#decoded-digit'), await page.getByRole('button', { name: 'Train', exact: true }).boundingBox(), await box('.tabs')];
  assert.ok(image.y >= 0 && image.y + image.height <= plane.y, 'the image is above the plane');
  assert.ok(plane.y + plane.height <= tabs.y, `the plane ends at ${plane.y + plane.height}, and the tabs begin at ${tabs.y}`);
  assert.ok(train.y + train.height <= 664);
  await picture(page, 'lesson-phone');
  const more = button(page, 'tutorial', 'More');
  await more.click();
  await lesson(page, 'tutorial').getByText('An encoder turns each image').waitFor();
  await picture(page, 'lesson-phone-unfolded');
});
