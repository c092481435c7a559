// Runs: Undo walks back through them, each keeps its number, two are read at one step, and what has a network is pinned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, fixture, open, openModel, openTab, picture, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const SMALL = '#engine=cpu&hidden=32&images=5120&batch=128&epochs=2';
const finished = (page) => until(page, 'the end', ({ phase, kept, step }) => phase === 'finished' && kept === step, 60_000);
const button = (page, name) => page.getByRole('button', { name, exact: true });
const rows = (page) => page.getByRole('list', { name: 'Runs' }).getByRole('listitem');
/** The first words of each row: the run under way, then the others. */
const listed = async (page) => (await rows(page).allInnerTexts()).map((text) => text.match(/^(This run \(run \d+\)|Run \d+)/)?.[0]);

/** Trains so many steps in a run with another seed each. The last is under way. */
async function runsOf(page, steps) {
  for (const [at, count] of steps.entries()) {
    if (at > 0) await press(page, 'Reset');
    for (let step = 1; step <= count; step += 1) {
      await press(page, 'Step');
      await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step && now.kept === step);
    }
  }
}

test('Undo walks back through the runs and says where it leads, and runs keep their numbers', async (t) => {
  const { page, errors, close } = await open(host, SMALL, { viewport: { width: 1280, height: 680 } });
  t.after(close);
  const at = (step) => until(page, `step ${step}`, (now) => now.step === step);
  const leads = (number) => eventually(`run ${number} comes back`, () => button(page, 'Undo').getAttribute('title'), (title) => (
    title === `Undo: run ${number} comes back, paused`));
  await openTab(page, 'Runs');
  assert.ok(await button(page, 'Undo').isDisabled());
  await runsOf(page, [1, 2, 3]);
  assert.deepEqual(await listed(page), ['This run (run 3)', 'Run 2', 'Run 1']);
  await leads(2);
  await press(page, 'Undo');
  await at(2);
  await page.getByRole('status').filter({ hasText: 'Run 2 is back. The others are under Runs.' }).first().waitFor();
  assert.deepEqual(await listed(page), ['This run (run 2)', 'Run 3', 'Run 1']);
  await picture(page, 'runs-undone');
  await leads(1);
  await button(page, 'Undo').focus();
  await page.keyboard.press('Enter');
  await at(1);
  assert.deepEqual(await listed(page), ['This run (run 1)', 'Run 3', 'Run 2']);
  assert.ok(await button(page, 'Undo').isDisabled(), 'there is none before the first');
  // One from the list: Undo leads back to where one was.
  await press(page, 'Open run 3');
  await at(3);
  await leads(1);
  await press(page, 'Reset');
  await leads(3);
  assert.deepEqual(await listed(page), ['This run (run 4)', 'Run 3', 'Run 2', 'Run 1']);
  assert.deepEqual(errors, []);
});

for (const [name, viewport] of [['a desktop', { width: 1280, height: 680 }], ['a phone', { width: 390, height: 664 }]]) {
  test(`two learning rates are read at the same step by pointer and keys on ${name}`, async (t) => {
    const isPhone = viewport.width < 500;
    const { page, errors, close } = await open(host, SMALL, { viewport, hasTouch: isPhone, isMobile: isPhone });
    t.after(close);
    await press(page, 'Train');
    await finished(page);
    if (isPhone) await openTab(page, 'Settings');
    const rate = page.getByLabel('Learning rate', { exact: true });
    await rate.fill('0.005');
    await rate.press('Enter');
    if (isPhone) await openTab(page, 'Loss');
    const slider = page.getByRole('slider', { name: 'Losses at a step' });
    const told = () => slider.getAttribute('aria-valuetext');
    const goTo = async (step) => {
      await slider.focus();
      await page.keyboard.press('Home');
      for (let now = 1; now < step; now += 1) await page.keyboard.press('ArrowRight');
      return eventually(`step ${step}`, told, (text) => text.startsWith(`step ${step},`));
    };
    const own = await goTo(30);
    assert.doesNotMatch(own, /run 1/);
    const [, smoothed, validation] = own.match(/smoothed (\S+), validation (\S+)/);
    await press(page, 'Reset');
    await press(page, 'Train');
    await finished(page);
    const both = await goTo(30);
    assert.ok(both.endsWith(`; run 1: smoothed ${smoothed}, validation ${validation}`), `${both} after ${own}`);
    const plot = await page.locator('#loss-chart').boundingBox();
    const place = [plot.x + plot.width * 0.4, plot.y + plot.height / 2];
    await (isPhone ? page.touchscreen.tap(...place) : page.mouse.move(...place));
    const table = page.locator('.read-table');
    await table.locator('tbody tr').filter({ hasText: /^This run\s*0\.\d{4}\s*0\.\d{4}$/ }).waitFor();
    const row = table.locator('tbody tr').filter({ hasText: /^Run 1\s*0\.\d{4}\s*0\.\d{4}$/ });
    await row.waitFor();
    await picture(page, `runs-read-${viewport.width}`);
    const box = await table.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, 'the numbers are in sight');
    assert.deepEqual(errors, []);
  });
}

test('a run that Undo brought back and a model from a file are pinned, and what has no network says why', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  const pinned = (name) => page.getByRole('region', { name }).waitFor();
  await openTab(page, 'Runs');
  await press(page, 'Pin this run');
  await page.getByRole('alert').filter({ hasText: 'There is nothing to pin yet: train this run first' }).waitFor();
  await runsOf(page, [1, 2]);
  await press(page, 'Undo');
  await until(page, 'the run before', ({ step }) => step === 1);
  await press(page, 'Pin this run');
  await pinned('Run 1, step 1');
  await openModel(page, fixture('weights.safetensors'));
  await press(page, 'Replace model');
  await until(page, 'the model', ({ step }) => step === 0);
  await press(page, 'Pin this run');
  await pinned('Run 3, step 0');
  await page.getByText('Pinned: run 3 at step 0.').waitFor();
  assert.deepEqual(errors, []);
});

test('a link to a run that began with a file says that it has no network, and where the file is', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const told = page.getByRole('alert').filter({ hasText: 'This link opens untrained: the run began with a model file' });
  await press(page, 'Share');
  await page.getByText('Link copied', { exact: true }).waitFor();
  assert.equal(await told.count(), 0, 'the network of whoever opens it is the same');
  await openModel(page, fixture('weights.safetensors'));
  await press(page, 'Share');
  await told.filter({ hasText: 'Save model, under Files' }).waitFor();
  await picture(page, 'runs-share-untrained');
  await press(page, 'Embed');
  await page.getByRole('dialog').getByText('This link opens untrained').waitFor();
  assert.deepEqual(errors, []);
});

test('a run over other images has no line in the list, because the chart has none of it', async (t) => {
  const { page, errors, close } = await open(host, SMALL);
  t.after(close);
  await openTab(page, 'Runs');
  await runsOf(page, [1, 1]);
  const line = () => rows(page).getByText('Run 1', { exact: true }).evaluate((run) => getComputedStyle(run, '::before').content);
  assert.notEqual(await line(), 'none');
  await page.getByLabel('Data', { exact: true }).selectOption({ label: 'Fashion-MNIST' });
  await press(page, 'Reset');
  await eventually('no line', line, (content) => content === 'none');
  assert.deepEqual(errors, []);
});
