// Settings: what changes at once, what asks first, and what is refused; codes of one number, of two and of many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chooseModel, decoded, eventually, open, otherDigit, picture, planeIsOf, press, start, state, until, openTab, openGroup } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const enter = async (page, label, value) => {
  await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByLabel(label, { exact: true }).press('Enter');
};

/** Which fields change the run under way. */
const rule = (page) => page.locator('#settings').getByText('applies to a new run.');

test('every bad value is told beside its field and changes nothing', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  const bad = {
    Epochs: '0', 'Learning rate': '0.5,0.25', 'Hidden layers': '300,', 'Code size': '33', Slope: '-1',
    'Batch size': '5000', 'Training images': '60001', Seed: 'seven',
  };
  await openGroup(page, 'More settings');
  for (const [label, value] of Object.entries(bad)) {
    const field = page.getByLabel(label, { exact: true });
    const good = await field.inputValue();
    await enter(page, label, value);
    assert.equal(await field.getAttribute('aria-invalid'), 'true', label);
    const remark = page.locator(`#${await field.getAttribute('aria-describedby')}`);
    assert.match(await remark.innerText(), /is not|is needed/, label);
    await enter(page, label, good);
    assert.equal(await field.getAttribute('aria-invalid'), 'false', label);
  }
  assert.equal(await page.getByText('These settings apply to a new run:').count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test('while a field has a value that is refused, no new run can be started with the ones before', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await press(page, 'Step');
  await until(page, 'a step', ({ step }) => step === 1);
  await enter(page, 'Code size', '4');
  const start = page.getByRole('button', { name: 'Train a new run' });
  await start.waitFor();
  assert.ok(await start.isEnabled());
  await enter(page, 'Code size', '999');
  await page.getByText('A field in red has a value that can\'t be taken: correct it first.').waitFor();
  assert.ok(await start.isDisabled());
  assert.match(await page.locator('#code-remark').innerText(), /^“999” is not a whole number from 1 to 32/);
  await enter(page, 'Code size', '8');
  await page.getByText('These settings apply to a new run: code size 2 → 8').waitFor();
  assert.ok(await start.isEnabled());
  assert.deepEqual(errors, []);
});

test('a number that is refused is answered with what was given and what is allowed, in fields and in links', async (t) => {
  const { page, close } = await open(host, '#engine=cpu&epochs=-5&slope=1e9&step=1.5&lr=');
  t.after(close);
  const notices = page.getByRole('alert');
  for (const sentence of [
    'epochs: “-5” is not a whole number from 1 to 1000',
    'slope: “1e9” is not a number from 0 to 1',
    'step: “1.5” is not a whole number from 1 to',
    'lr: nothing is given, and a number from 0.0000001 to 10 is needed',
  ]) await notices.filter({ hasText: sentence }).first().waitFor();
  await openGroup(page, 'More settings');
  await openGroup(page, 'Model details');
  const whole = 'a whole number from 1 to 1000';
  for (const [label, typed, sentence] of [
    ['Epochs', '-5', `“-5” is not ${whole}`],
    ['Epochs', '2.5', `“2.5” is not ${whole}`],
    ['Epochs', '', `nothing is given, and ${whole} is needed`],
    ['Epochs', '1001', `“1001” is not ${whole}`],
    ['Epochs', 'many', `“many” is not ${whole}`],
    ['Epochs', '1e2', `“1e2” is not ${whole}, written in digits alone`],
    ['Slope', '-1', '“-1” is not a number from 0 to 1'],
    ['Slope', '', 'nothing is given, and a number from 0 to 1 is needed'],
    ['Slope', 'steep', '“steep” is not a number from 0 to 1'],
    ['Dropout', 'much', '“much” is not a dropout rate from 0 to 0.99'],
  ]) {
    await enter(page, label, typed);
    const field = page.getByLabel(label, { exact: true });
    assert.equal(await page.locator(`#${await field.getAttribute('aria-describedby')}`).innerText(), sentence);
  }
  // A layer of the diagram, and a number of the code.
  await page.getByRole('button', { name: /^Dense/ }).first().click();
  await enter(page, 'Units', '-5');
  await page.getByText('“-5” is not a whole number of units from 1 to 4096.').waitFor();
  await page.locator('#coordinate-1').fill('left');
  await page.locator('#coordinate-1').press('Enter');
  await notices.filter({ hasText: 'z: “left” is not a number from -1000000 to 1000000.' }).waitFor();
});

test('on a phone the reason of a refusal is not left below the bar', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu', { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  t.after(close);
  await openTab(page, 'Settings');
  await openGroup(page, 'More settings');
  const bar = page.getByRole('tablist').first();
  for (const label of ['Epochs', 'Seed', 'Training images', 'Batch size']) {
    const field = page.getByLabel(label, { exact: true });
    // The field lies just above the tabs, and what is below it lies behind them.
    const { y: top } = await bar.boundingBox();
    await field.evaluate((field, top) => scrollBy({ top: field.getBoundingClientRect().bottom - top + 2, behavior: 'instant' }), top);
    await field.fill('-5');
    await field.evaluate((field) => field.blur());
    const remark = page.locator(`#${await field.getAttribute('aria-describedby')}`);
    await remark.filter({ hasText: '“-5” is not a whole number' }).waitFor();
    await eventually(`the reason at ${label} in sight`, async () => {
      const [reason, tabs] = [await remark.boundingBox(), await bar.boundingBox()];
      return reason.y + reason.height <= tabs.y;
    });
    await picture(page, 'settings-phone-refused');
  }
  assert.deepEqual(errors, []);
});

test('a field that waits for a new run is changed for that run, and one rule says which fields wait', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&images=5120&epochs=200');
  t.after(close);
  const rest = 'change the current run at once. Everything else applies to a new run.';
  assert.equal(await rule(page).isVisible(), false, 'before the first step all apply at once');
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 5);
  await rule(page).filter({ hasText: `Learning rate and epochs ${rest}` }).waitFor();
  await chooseModel(page, 'Variational dense');
  const remark = page.locator('#lr-remark');
  await remark.filter({ hasText: 'applies to a new run' }).waitFor();
  await rule(page).filter({ hasText: new RegExp(`^Epochs ${rest}`) }).waitFor();
  await enter(page, 'Learning rate', '0.003');
  await page.getByText('learning rate 0.0005 → 0.003').waitFor();
  assert.equal(await remark.innerText(), 'applies to a new run');
  await press(page, 'Train a new run');
  await page.waitForFunction(() => /lr=0\.003&/.test(location.hash));
  await rule(page).filter({ hasText: `Learning rate and epochs ${rest}` }).waitFor();
  assert.deepEqual(errors, []);
});

test('numbers are read as people write them: grouped, with a decimal comma, with a minus sign', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu');
  t.after(close);
  await openGroup(page, 'More settings');
  await openGroup(page, 'Model details');
  const cases = [
    ['Learning rate', '0,001', '0.001', /lr=0\.001/],
    ['Training images', '10,000', '10000', /images=10000/],
    ['Training images', '20 000', '20000', /images=20000/],
    ['Training images', '30.000', '30000', /images=30000/],
    ['Slope', '0,25', '0.25', /slope=0\.25/],
    ['Dropout', '0,2', '0.2', /dropout0\.2/],
    ['Hidden layers', '64; 16', '64,16', /hidden=64,16/],
  ];
  for (const [label, typed, shown, inLink] of cases) {
    await enter(page, label, typed);
    const field = page.getByLabel(label, { exact: true });
    assert.equal(await field.getAttribute('aria-invalid'), 'false', `${label} ${typed}`);
    assert.equal(await field.inputValue(), shown, `${label} ${typed}`);
    await page.waitForFunction((text) => new RegExp(text).test(location.hash), inLink.source);
  }
  await enter(page, 'z₁', '−1,5');
  await page.waitForFunction(() => document.querySelector('#latent-plane').dataset.z1 === '-1.5');
  // What the page writes is read again, the minus sign too.
  await enter(page, 'z₂', await page.getByLabel('z₁', { exact: true }).inputValue());
  await page.waitForFunction(() => document.querySelector('#latent-plane').dataset.z2 === '-1.5');
  // A link that somebody wrote by hand.
  await page.evaluate(() => { location.hash = '#engine=cpu&images=10%20000&lr=0,002&z=−0,5;0,25'; });
  await page.waitForFunction(() => document.querySelector('#latent-plane').dataset.z2 === '0.25');
  assert.equal(await page.getByLabel('Learning rate', { exact: true }).inputValue(), '0.002');
  assert.equal(await page.getByLabel('Training images', { exact: true }).inputValue(), '10000');
  assert.deepEqual(errors, []);
});

test('buttons and arrow keys step a number, and stay within its limits', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&code=31');
  t.after(close);
  const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
  await press(page, 'Increase code size');
  assert.equal(await value('Code size'), '32');
  await press(page, 'Increase code size');
  assert.equal(await value('Code size'), '32');
  assert.equal(await page.getByLabel('Code size', { exact: true }).getAttribute('aria-invalid'), 'false');
  await press(page, 'Decrease batch size');
  assert.equal(await value('Batch size'), '128');
  await page.getByLabel('Epochs', { exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  assert.equal(await value('Epochs'), '25');
  await page.waitForFunction(() => /batch=128.*epochs=25/.test(location.hash));
  assert.deepEqual(errors, []);
});

test('learning rate and epochs change at once, the others ask and leave the run alone', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&epochs=20');
  await press(page, 'Train');
  await until(page, 'training', ({ step }) => step > 10);
  await enter(page, 'Epochs', '30');
  await page.getByText('/ 7,050').waitFor();
  await enter(page, 'Learning rate', '0.001');
  assert.equal(await page.getByLabel('Learning rate', { exact: true }).inputValue(), '0.001');
  await page.locator('#lr-remark').filter({ hasText: /^Changed at step [\d,]+ from 0\.0005\.$/ }).waitFor();
  assert.equal(await page.getByText('These settings apply to a new run:').count(), 0);

  await enter(page, 'Batch size', '128');
  await enter(page, 'Code size', '3');
  await page.getByText('code size 2 → 3, batch size 256 → 128').waitFor();
  const asked = await state(page);
  await until(page, 'training to go on', ({ phase, step }) => phase === 'training' && step > asked.step);
  await picture(page, 'settings-asking');
  await press(page, 'Discard changes');
  assert.equal(await page.getByLabel('Batch size', { exact: true }).inputValue(), '256');

  await enter(page, 'Seed', '5');
  await press(page, 'Train a new run');
  await until(page, 'a new run that trains', ({ phase, epoch }) => phase === 'training' && epoch === 1);
  assert.equal(await page.getByText('These settings apply to a new run:').count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test('a rate that is entered while a run is paused says from which step it holds', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&images=5120&epochs=30', { viewport: { width: 1280, height: 680 } });
  t.after(close);
  await press(page, 'Train');
  await until(page, 'some steps', ({ step }) => step > 5);
  await press(page, 'Pause');
  const { step } = await until(page, 'a pause', ({ phase, kept, step }) => phase === 'paused' && kept === step);
  await enter(page, 'Learning rate', '0.005');
  await page.getByText(`In this run the learning rate is 0.005 from step ${step} on. Reset begins a new run with it.`).waitFor();
  await page.locator('#lr-remark').filter({ hasText: `Holds from step ${step} on; 0.0005 before.` }).waitFor();
  await picture(page, 'settings-paused-rate');
  await press(page, 'Step');
  await page.locator('#lr-remark').filter({ hasText: `Changed at step ${step} from 0.0005.` }).waitFor();
  assert.deepEqual(errors, []);
});

test('what comes too late for a run is for the next one, and says so', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&images=5120&epochs=3&seed=5');
  t.after(close);
  const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
  const asked = page.getByText('These settings apply to a new run:');
  const epoch = page.locator('.readings dd').first();
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);

  // Fewer epochs than the run has.
  await enter(page, 'Epochs', '1');
  await asked.filter({ hasText: 'epochs 3 → 1. The current run keeps its settings.' }).waitFor();
  await page.locator('#epochs-remark').filter({ hasText: 'applies to a new run' }).waitFor();
  await rule(page).filter({ hasText: 'More epochs change the current run at once. Everything else applies to a new run.' }).waitFor();
  await eventually('three epochs', () => epoch.innerText(), (text) => text === '003/003');
  await press(page, 'Discard changes');
  assert.equal(await value('Epochs'), '3');

  // A rate that no step of it has, unless it goes on.
  await enter(page, 'Learning rate', '0.005');
  await asked.filter({ hasText: 'learning rate 0.0005 → 0.005. The current run has ended; more epochs of it' }).waitFor();
  assert.equal(await value('Learning rate'), '0.005');
  await picture(page, 'settings-too-late');
  await press(page, '10 more epochs');
  await until(page, 'more steps', ({ step }) => step > 60);
  await page.locator('#lr-remark').filter({ hasText: 'Changed at step 60 from 0.0005.' }).waitFor();
  assert.equal(await value('Learning rate'), '0.005');
  assert.equal(await asked.count(), 0);
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await enter(page, 'Learning rate', '0.002');
  await press(page, 'Train a new run');
  await page.waitForFunction(() => /lr=0\.002&/.test(location.hash));
  assert.equal(await page.locator('#lr-remark').innerText(), 'How far a step goes.');
  assert.deepEqual(errors, []);
});

test('activations and loss are in a folded group, and a combination that does not fit changes nothing', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=16&images=512');
  t.after(close);
  const field = (label) => page.getByLabel(label, { exact: true });
  const remark = async (label) => page.locator(`#${await field(label).getAttribute('aria-describedby')}`).innerText();
  assert.equal(await field('Loss function').isVisible(), false);
  await page.getByText('Model details').click();
  await picture(page, 'settings-model');

  await field('Loss function').selectOption('bce');
  assert.match(await remark('Loss function'), /needs the output activation sigmoid/);
  assert.equal(await field('Loss function').getAttribute('aria-invalid'), 'true');
  assert.equal(await field('Loss function').inputValue(), 'mse');
  assert.ok(!(await page.evaluate(() => location.hash)).includes('loss='));

  await field('Output activation').selectOption('sigmoid');
  assert.equal(await remark('Loss function'), 'What training makes small.', 'another change takes the explanation away');
  await field('Loss function').selectOption('bce');
  await page.waitForFunction(() => /output=sigmoid.*loss=bce/.test(location.hash));
  await page.getByRole('img', { name: /^Mean binary cross-entropy by training step/ }).waitFor({ state: 'attached' });
  const heads = () => page.locator('.measures thead th').allInnerTexts();
  assert.deepEqual(await heads(), ['images', 'BCE', 'RMSE', 'at step']);
  await field('Output activation').selectOption('linear');
  assert.match(await remark('Output activation'), /needs the output activation sigmoid/);
  assert.equal(await field('Output activation').inputValue(), 'sigmoid');

  // The slope is of use only where there is a LeakyReLU.
  assert.equal(await field('Slope').isEnabled(), true);
  await field('Hidden activation').selectOption('tanh');
  assert.equal(await field('Slope').isEnabled(), false);
  await field('Code activation').selectOption('leaky_relu');
  assert.equal(await field('Slope').isEnabled(), true);
  assert.match(await page.locator('.about').innerText(), /Tanh for the hidden layers, LeakyReLU for the code and Sigmoid/);

  // A link restores all of it.
  await page.waitForFunction(() => /activation=tanh&code-activation=leaky_relu&output=sigmoid&loss=bce/.test(location.hash));
  await page.reload();
  await page.getByText('Model details').click();
  const values = ['Hidden activation', 'Code activation', 'Output activation', 'Loss function'].map((label) => field(label).inputValue());
  assert.deepEqual(await Promise.all(values), ['tanh', 'leaky_relu', 'sigmoid', 'bce']);
  assert.deepEqual(errors, []);
});

test('a network of several hidden layers trains on the CPU engine too', async (t) => {
  const { page, errors, close } = await open(host, '#engine=cpu&hidden=64,32&images=5120&epochs=4&lr=0.002');
  t.after(close);
  await press(page, 'Step');
  const first = await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
  await press(page, 'Train');
  const { loss } = await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.ok(loss < 0.75 * first.loss, `${first.loss} -> ${loss}`);
  await openTab(page, 'Layers');
  await page.locator('.summaries summary').first().click();
  assert.equal(await page.getByText('encoder_dense_3').first().isVisible(), true);
  assert.deepEqual(errors, []);
});

test('a code of one number is a line to drag along', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&code=1&images=5120&epochs=3');
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await page.getByText('the plane is a line').waitFor();
  await planeIsOf(page, 60);
  const before = await decoded(page);
  const { x, y, width, height } = await page.locator('#latent-plane').boundingBox();
  await page.mouse.click(x + width * 0.3, y + height * 0.2);
  const left = await otherDigit(page, before);
  const { z1, z2 } = await page.locator('#latent-plane').evaluate((element) => ({ ...element.dataset }));
  assert.equal(Number(z2), 0);
  await page.locator('#latent-plane').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await otherDigit(page, left);
  const moved = await page.locator('#latent-plane').evaluate((element) => Number(element.dataset.z1));
  assert.ok(moved > Number(z1));
  assert.equal(await page.locator('#latent-plane').getByRole('slider').count(), 1);
  await page.getByText('1 number instead of 784: the code is 99.872 %').waitFor();
  await picture(page, 'code-1');
  assert.deepEqual(errors, []);
  await close();
});

test('of a long code the plane shows two chosen numbers, and the others keep their values', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu&code=8&images=5120&epochs=3');
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  await planeIsOf(page, 60);
  const initial = await decoded(page);
  const number = (unit) => page.locator(`#coordinate-${unit}`);
  await number(5).fill('1.5');
  await number(5).press('Enter');
  const before = await otherDigit(page, initial);
  await page.getByLabel('Across', { exact: true }).selectOption({ label: 'z₃' });
  await page.getByLabel('Up', { exact: true }).selectOption({ label: 'z₄' });
  const first = await number(1).inputValue();
  const { x, y, width, height } = await page.locator('#latent-plane').boundingBox();
  await page.mouse.click(x + width * 0.8, y + height * 0.2);
  await otherDigit(page, before);
  assert.deepEqual([await number(1).inputValue(), await number(5).inputValue()], [first, '1.500']);
  const { z1, z2 } = await page.locator('#latent-plane').evaluate((element) => ({ ...element.dataset }));
  const shown = [await number(3).inputValue(), await number(4).inputValue()].map((text) => Number(text.replace('−', '-')));
  assert.ok(Math.abs(shown[0] - z1) < 1e-3 && Math.abs(shown[1] - z2) < 1e-3);
  // Who takes the other axis' number gives it its own.
  await page.getByLabel('Up', { exact: true }).selectOption({ label: 'z₃' });
  assert.equal(await page.getByLabel('Across', { exact: true }).inputValue(), '3');
  await page.getByText('8 numbers instead of 784: the code is 98.980 %').waitFor();
  await picture(page, 'code-8');
  assert.deepEqual(errors, []);
  await close();
});
