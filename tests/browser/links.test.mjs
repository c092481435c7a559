// Links: what they say is what opens, what changes is in the address, and what is shared replays.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { download, eventually, fixture, open, openModel, picture, planeIsOf, press, start, state, table, until, plot, openGroup, openTab } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const fragment = (page) => page.evaluate(() => decodeURI(location.hash));
/** Waits until the address is written: 0.4 s after a change, by the page's clock. */
const settled = (page) => page.evaluate(() => new Promise((resume) => { setTimeout(resume, 600); }));

test('a shared link replays thirty CPU steps with the same losses to the last digit, in a fresh profile', async (t) => {
  const first = await open(host, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  t.after(first.close);
  await first.page.getByLabel('Seed', { exact: true }).fill('7');
  await first.page.getByLabel('Seed', { exact: true }).press('Enter');
  await first.page.getByLabel('Hidden layers', { exact: true }).fill('128');
  await first.page.getByLabel('Hidden layers', { exact: true }).press('Enter');
  await openGroup(first.page, 'More settings');
  await first.page.locator('#engine').selectOption('cpu');
  await first.page.locator('#coordinate-1').fill('0.42');
  await first.page.locator('#coordinate-1').press('Enter');
  await first.page.locator('#coordinate-2').fill('-1.1');
  await first.page.locator('#coordinate-2').press('Enter');
  await press(first.page, 'Share');
  await first.page.getByText('Link copied').waitFor();
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(link).hash, '#v=1&hidden=128&seed=7&engine=cpu&z=0.42,-1.1');

  const losses = [];
  for (const fragment of [new URL(link).hash, new URL(link).hash]) {
    const { page, errors, close } = await open(host, fragment);
    t.after(close);
    const { z1, z2 } = await page.locator('#latent-plane').evaluate((element) => ({ ...element.dataset }));
    assert.deepEqual([z1, z2], ['0.42', '-1.1']);
    await press(page, 'Train');
    await until(page, 'thirty steps', ({ step }) => step >= 30);
    await press(page, 'Pause');
    await until(page, 'a pause', ({ phase }) => phase === 'paused');
    losses.push((await table(page, 'Losses as CSV')).slice(0, 30));
    assert.deepEqual(errors, []);
  }
  assert.equal(losses[0].length, 30);
  assert.deepEqual(losses[0], losses[1]);
});

test('a run whose learning rate was changed on the way replays from its link, and is listed with each rate', async (t) => {
  const small = '#engine=cpu&hidden=64&images=5120&epochs=1000&seed=3';
  const losses = async (page) => (await table(page, 'Losses as CSV')).map(({ loss }) => loss);
  const pauseAt = async (page, steps) => {
    await until(page, `step ${steps}`, ({ step }) => step >= steps);
    await press(page, 'Pause');
    return until(page, 'a pause', ({ phase }) => phase === 'paused');
  };
  const trainTo = async (page, steps) => {
    await press(page, 'Train');
    return pauseAt(page, steps);
  };
  const first = await open(host, small);
  t.after(first.close);
  const { page } = first;
  const rate = page.getByLabel('Learning rate', { exact: true });
  const { step: changed } = await trainTo(page, 20);
  await rate.fill('0.005');
  await rate.press('Enter');
  const rates = `0.0005,0.005@${changed}`;
  // The field has the rate of the next step, the address all of them.
  const linked = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('lr'));
  assert.equal(await rate.inputValue(), '0.005');
  await page.locator('#lr-remark').filter({ hasText: `Holds from step ${changed} on; 0.0005 before.` }).waitFor();
  await page.waitForFunction((rates) => location.hash.includes(`lr=${rates}`), rates);
  assert.equal(await page.getByText('These settings apply to a new run:').count(), 0);

  // Once more, and while it trains: the step is the trainer's.
  await press(page, 'Train');
  await until(page, 'more steps', ({ step }) => step >= changed + 20);
  await rate.fill('0.001');
  await rate.press('Enter');
  await page.waitForFunction((rates) => location.hash.includes(`lr=${rates},0.001@`), rates);
  const { step: now } = await state(page);
  const { step: end } = await pauseAt(page, now + 20);
  const told = await losses(page);
  assert.equal(told.length, end);
  await settled(page);
  const link = await page.evaluate(() => location.hash);
  const recorded = await linked(page);

  const second = await open(host, link);
  t.after(second.close);
  assert.equal(await second.page.getByLabel('Learning rate', { exact: true }).inputValue(), '0.0005');
  await second.page.locator('#lr-remark').filter({ hasText: `0.005 after step ${changed}.` }).waitFor();
  await picture(second.page, 'settings-learning-rates');
  await trainTo(second.page, end);
  assert.deepEqual((await losses(second.page)).slice(0, end), told);

  // The file has them, too, and goes on with the last.
  const saved = await download(page, () => press(page, 'Save model'));
  const third = await open(host, '#engine=cpu');
  t.after(third.close);
  await openModel(third.page, { name: saved.name, mimeType: 'application/octet-stream', buffer: saved.bytes });
  await until(third.page, 'the model', ({ step }) => step === end);
  assert.equal(await third.page.getByLabel('Learning rate', { exact: true }).inputValue(), '0.001');
  await eventually('the rates of the run', () => linked(third.page), (rates) => rates === recorded);

  await press(page, 'Reset');
  await until(page, 'step 0', ({ step }) => step === 0);
  await rate.fill('0.001');
  await rate.press('Enter');
  await openTab(page, 'Runs');
  const told_rates = recorded.replaceAll(',', ', ').replaceAll('@', ' from step ');
  await page.getByText(`learning rate ${told_rates} (this run: 0.001)`).waitFor();
  for (const { errors } of [first, second, third]) assert.deepEqual(errors, []);
});

test('a shared link leads a friend to the same weights at the same step', async (t) => {
  const first = await open(host, '#engine=cpu&hidden=64&images=5120&epochs=50&seed=3');
  t.after(first.close);
  await first.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await press(first.page, 'Train');
  await until(first.page, 'some steps', ({ step }) => step >= 70);
  await press(first.page, 'Pause');
  const { step } = await until(first.page, 'a pause', ({ phase }) => phase === 'paused');
  await press(first.page, 'Share');
  await first.page.getByText(`Whoever opens it can replay this run to step ${step}`).waitFor();
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, new RegExp(`step=${step}(&|$)`));
  await planeIsOf(first.page, step);
  const codes = await table(first.page, 'Codes as CSV');

  const second = await open(host, new URL(link).hash);
  t.after(second.close);
  await press(second.page, `Replay to step ${step}`);
  await until(second.page, 'the step', (now) => now.phase === 'paused' && now.step === step, 60_000);
  await planeIsOf(second.page, step);
  assert.deepEqual(await table(second.page, 'Codes as CSV'), codes, 'each dot is at the same place to the last digit');
  assert.deepEqual([...first.errors, ...second.errors], []);
});

test('a replay shows how far it is, can be stopped and gone on with, and has every core', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=512,256&step=60');
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await press(page, 'Replay to step 60');
  const replay = page.getByRole('group', { name: 'Replay' });
  const bar = replay.getByRole('progressbar', { name: 'Steps replayed' });
  await replay.getByText('Replaying to step 60').waitFor();
  await replay.getByText('The plane is drawn when it is there.').waitFor();
  await replay.getByText(/^Step \d+ of 60(, \d+ s left)?$/).waitFor();
  await page.getByRole('status').filter({ hasText: 'Replaying to step 60: the plane is drawn when it is there' }).waitFor();
  assert.equal(await bar.getAttribute('max'), '60');
  // It lies over the plane, which is where one looks.
  const [over, plane] = await Promise.all([replay.boundingBox(), page.locator('#latent-plane').boundingBox()]);
  assert.ok(over.x >= plane.x - 1 && over.x + over.width <= plane.x + plane.width + 1 && Math.abs(over.y - plane.y) < 2);
  await page.waitForFunction(() => document.querySelector('.replaying progress').value > 2);
  await picture(page, 'replay');
  await replay.getByRole('button', { name: 'Stop' }).click();
  const { step } = await until(page, 'a pause', ({ phase }) => phase === 'paused');
  assert.ok(step > 0 && step < 60, `step ${step}`);
  await replay.waitFor({ state: 'detached' });
  await press(page, 'Replay to step 60');
  // The time that is left falls steadily: it is told once a second.
  const told = [];
  for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(100)) {
    const text = await replay.innerText({ timeout: 500 }).catch(() => undefined);
    if (text === undefined) break;
    const seconds = text.match(/, (\d+) s left/)?.[1];
    if (seconds !== undefined) told.push(Number(seconds));
  }
  const jumps = told.slice(1).filter((seconds, at) => seconds !== told[at]).length;
  assert.ok(jumps <= told.length / 8, `${told.join(' ')}`);
  await until(page, 'the step', (now) => now.phase === 'paused' && now.step === 60, 60_000);
  await page.getByRole('status').filter({ hasText: 'Replayed to step 60: press Train to go on' }).waitFor();
  await replay.waitFor({ state: 'detached' });
  if (cores > 1) {
    const said = await page.locator('.engine').innerText();
    t.diagnostic(`${cores} cores: ${said}`);
  }
  assert.deepEqual(errors, []);
});

test('a run that Undo brings back says where it stopped', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&images=5120&epochs=5');
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 5);
  await press(page, 'Pause');
  const { step } = await until(page, 'a pause', ({ phase, kept, step }) => phase === 'paused' && kept === step);
  await press(page, 'Reset');
  await page.getByText('Ready: press Train, or drag over the plane').waitFor();
  await press(page, 'Undo');
  await page.getByText(`Stopped at step ${step}: press Train to go on`).waitFor();
  assert.deepEqual(errors, []);
});

test('a link that is put into the address applies in place, and what it replaces comes back', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=2&seed=3');
  t.after(close);
  await press(page, 'Train');
  const { step } = await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await planeIsOf(page, step);
  const codes = await table(page, 'Codes as CSV');
  let reloads = 0;
  page.on('load', () => { reloads += 1; });
  await page.evaluate(() => { location.hash = '#engine=cpu&images=5120&code=3&seed=8&z=1,2,3&lr=fast'; });
  await until(page, 'the run of the link', (now) => now.step === 0);
  assert.equal(await page.getByLabel('Code size', { exact: true }).inputValue(), '3');
  assert.equal(await page.getByRole('textbox', { name: 'z₃' }).inputValue(), '3.000');
  await page.getByRole('alert').filter({ hasText: 'lr' }).waitFor();
  await press(page, 'Undo');
  await until(page, 'the run before', (now) => now.step === step);
  assert.equal(await page.getByLabel('Code size', { exact: true }).inputValue(), '2');
  await until(page, 'the end again', ({ phase }) => phase !== 'training');
  await planeIsOf(page, step);
  assert.deepEqual(await table(page, 'Codes as CSV'), codes);
  assert.equal(reloads, 0);
  assert.deepEqual(errors, []);
});

test('the address follows what the page shows, says only what differs, and takes no part in history', async (t) => {
  const { page, close } = await open(host, '#engine=cpu');
  t.after(close);
  const entries = await page.evaluate(() => history.length);
  // Before anything is trained the pretrained decoder is shown, which knows only the sample.
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await page.getByLabel('Learning rate', { exact: true }).fill('0.001');
  await page.getByLabel('Learning rate', { exact: true }).press('Enter');
  await press(page, 'Manifold');
  await plot(page, 'all 10,000 test digits');
  const changed = '#v=1&lr=0.0005,0.001@1&engine=cpu&digits=test&map=0';
  await eventually(changed, () => fragment(page), (now) => now === changed);
  await page.getByLabel('Learning rate', { exact: true }).fill('0.0005');
  await page.getByLabel('Learning rate', { exact: true }).press('Enter');
  await press(page, 'Manifold');
  await plot(page, '2,000 test digits');
  await openGroup(page, 'More settings');
  await page.locator('#engine').selectOption('auto');
  await eventually('no fragment', () => fragment(page), (now) => now === '');
  assert.equal(await page.evaluate(() => history.length), entries);
});

test('where the clipboard is refused, the link is shown to be copied', async (t) => {
  const refuse = () => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); };
  const { page, close } = await open(host, '#seed=3', {}, (page) => page.addInitScript(refuse));
  t.after(close);
  await press(page, 'Share');
  const field = page.getByLabel('Copy this link');
  await field.waitFor();
  assert.match(await field.inputValue(), /#v=1&seed=3$/);
});

test('a link may leave parts of the page out, and the whole page is a press away', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hide=header,chart,settings,predictions,model,article');
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  assert.equal(await page.locator('#loss-chart').count(), 0);
  assert.equal(await page.getByRole('heading', { name: 'Settings' }).count(), 0);
  await press(page, 'Step');
  await until(page, 'a step', ({ step }) => step === 1);
  await picture(page, 'embedded');
  const whole = await page.getByRole('link', { name: 'Open the full page' }).getAttribute('href');
  assert.equal(new URL(whole).hash, '#v=1&engine=cpu');
  assert.deepEqual(errors, []);
});

test('hostile links give the defaults and a sentence, and break nothing', async (t) => {
  const links = [
    '#batch=99999999999999999999', '#hidden=4096,4096,4096,4096,4096', '#z=NaN,Infinity', '#z=1,2,3', '#axes=1,1',
    '#code=0', '#seed=-1', '#lr=1e999', `#x=${'9'.repeat(5000)}`, '#hide=<img src=x onerror=alert(1)>',
    '#engine=<script>alert(1)</script>', '#%F0%9F%98%80=%00', '#v=999&epochs=1e9', '#====&&&&',
  ];
  for (const link of links) {
    const { page, errors, close } = await open(host, link);
    t.after(close);
    await page.getByRole('alert').first().waitFor();
    assert.equal((await state(page)).phase, 'idle');
    assert.equal(await page.locator('.notice img, .notice script').count(), 0);
    assert.deepEqual(errors, [], link);
    await close();
  }
});

test('a model that a link brings is loaded when the person says so, and is part of the link then', async () => {
  const asked = [];
  const file = await readFile(fixture('weights.safetensors'));
  const address = 'models/seven.safetensors';
  const { page, errors, close } = await open(host, `#engine=cpu&model=${address}`, {}, (page) => (
    page.route(/models\//, (route) => { asked.push(route.request().url()); return route.fulfill({ body: file }); })));
  const question = page.getByRole('alert').filter({ hasText: 'This link names a model' });
  await question.getByRole('link', { name: address }).waitFor();
  assert.deepEqual(asked, []);
  await question.getByRole('button', { name: 'Load model' }).click();
  await question.waitFor({ state: 'detached' });
  assert.deepEqual(asked, [`${host.url}${address}`]);
  // Keras' initial weights, and what Keras has as the first batch's loss from them, in file order.
  assert.match(await page.evaluate(() => location.hash), /model=models\/seven\.safetensors/);
  await press(page, 'Step');
  await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Reset');
  await page.waitForFunction(() => !location.hash.includes('model'));
  assert.deepEqual(errors, []);
  await close();
});

/** Has the page fetch models that never end. */
function neverEnding() {
  const { fetch } = globalThis;
  const pull = (stream) => stream.enqueue(new Uint8Array(1_000_000));
  globalThis.fetch = (url, ...rest) => (
    String(url).endsWith('.safetensors') ? Promise.resolve(new Response(new ReadableStream({ pull }))) : fetch(url, ...rest));
}

test('of a linked model that is none, too large or missing the page says so, and elsewhere it asks for nothing', async () => {
  const answers = {
    'page.safetensors': [{ body: '<!DOCTYPE html>' }, 'was not opened'],
    'large.safetensors': [undefined, 'it has more than 256 MB'],
    'none.safetensors': [{ status: 404 }, 'the server answers 404'],
  };
  for (const [name, [answer, told]] of Object.entries(answers)) {
    const { page, close } = await open(host, `#engine=cpu&model=${name}`, {}, (page) => (
      answer ? page.route(/\.safetensors/, (route) => route.fulfill(answer)) : page.addInitScript(neverEnding)));
    await page.getByRole('button', { name: 'Load model' }).click();
    await page.getByRole('alert').filter({ hasText: told }).filter({ hasText: 'The model here is as it was' }).waitFor();
    assert.equal((await state(page)).phase, 'idle');
    await close();
  }
  const { page, errors, close } = await open(host, '#engine=cpu&model=https://other.example/a.safetensors');
  const question = page.getByRole('alert').filter({ hasText: 'This link names a model on another site' });
  assert.equal(await question.getByRole('link').getAttribute('href'), 'https://other.example/a.safetensors');
  assert.equal(await question.getByRole('button', { name: 'Load model' }).count(), 0);
  await question.getByRole('button', { name: 'Not now' }).click();
  await question.waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await close();
});
