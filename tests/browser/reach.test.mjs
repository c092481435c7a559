// Every job of the page, twice: by keyboard alone and by touch alone. The list of jobs is one, the hands are two.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { download, eventually, fixture, open, slow, start, state, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** Keys alone: everything is reached by Tab, and nothing is clicked. */
const keyboard = (page) => {
  const reach = async (element) => {
    const isThere = () => element.evaluate((node) => node === document.activeElement);
    for (let tabs = 0; !await isThere(); tabs += 1) {
      assert.ok(tabs < 120, `${element} can be reached by Tab`);
      await page.keyboard.press('Tab');
    }
  };
  return {
    press: async (element) => { await reach(element); await page.keyboard.press('Enter'); },
    toggle: async (element) => { await reach(element); await page.keyboard.press('Space'); },
    choose: async (element, label) => { await reach(element); await page.keyboard.type(label); },
    // The chosen tab has the focus of the list; arrows choose another.
    tab: async (element) => {
      await reach(page.getByRole('tab', { selected: true }));
      for (let moves = 0; await element.getAttribute('aria-selected') !== 'true'; moves += 1) {
        assert.ok(moves < 10, `${element} can be reached by arrows`);
        await page.keyboard.press('ArrowRight');
      }
    },
    write: async (element, text) => {
      await reach(element);
      await page.keyboard.press('Control+a');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    readChart: async (element) => { await reach(element); await page.keyboard.press('End'); },
    moveOnPlane: async (element) => { await reach(element); await page.keyboard.press('1'); },
  };
};

/** A finger alone. The system's own list of choices and its keyboard are not the page's: they are taken as given. */
const touch = (page) => {
  const tapIn = async (element, x, y) => {
    const { width, height } = await element.boundingBox();
    await element.tap({ position: { x: x * width, y: y * height } });
  };
  return {
    press: (element) => element.tap(),
    toggle: (element) => element.tap(),
    choose: async (element, label) => { await element.tap(); await element.selectOption({ label }); },
    tab: (element) => element.tap(),
    write: async (element, text) => { await element.tap(); await element.fill(text); await element.press('Enter'); },
    readChart: (element) => tapIn(element, 0.9, 0.5),
    moveOnPlane: (element) => tapIn(element, 0.3, 0.7),
  };
};

const devices = [
  ['keyboard', keyboard, { viewport: { width: 1280, height: 900 } }],
  ['touch', touch, { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true }],
];
for (const [name, hands, options] of devices) {
  // Keys take a minute, and accessibility.test.mjs has the main job by keys.
  (name === 'keyboard' ? slow : test)(`every job by ${name} alone`, { timeout: 240_000 }, async (t) => {
    const { page, errors, close } = await open(host, '#engine=cpu&images=5120&epochs=2', options);
    t.after(close);
    const { press, toggle, choose, tab, write, readChart, moveOnPlane } = hands(page);
    const button = (label) => page.getByRole('button', { name: label, exact: true });
    const plane = page.locator('#latent-plane');
    const onPlane = (key) => plane.evaluate(({ dataset }, key) => Number(dataset[key]), key);
    // A wide window has no tabs for what is always in sight.
    const openTab = async (label) => {
      const element = page.getByRole('tab', { name: label, exact: true });
      if (await element.count() > 0) await tab(element);
    };
    const seen = (text) => page.getByText(text).first().waitFor();
    await page.locator('#latent-plane[data-digits="2000"]').waitFor();

    await t.test('the page: theme, keys, link', async () => {
      await press(page.getByRole('button', { name: /^Theme/ }));
      await press(page.getByRole('button', { name: /^Theme/ }));
      assert.equal(await page.locator('#dark-theme').getAttribute('media'), 'all');
      // A small screen without a mouse has no button for keys.
      if (name === 'keyboard') {
        await press(button('Keyboard shortcuts'));
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
        await press(button('Close'));
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' });
      }
      await press(button('Share'));
      await page.getByText(/Link copied|Copy this link/).first().waitFor();
    });

    await t.test('settings: at once, by a new run, or taken back', async () => {
      await openTab('Settings');
      await write(page.getByLabel('Learning rate', { exact: true }), '0.001');
      await write(page.getByLabel('Seed', { exact: true }), '5');
      await press(page.locator('summary', { hasText: 'More settings' }));
      await toggle(page.getByLabel('Shuffle'));
      await page.waitForFunction(() => /lr=0.001.*seed=5.*shuffle=0/.test(location.hash));
      await press(button('Step'));
      await until(page, 'a step', ({ phase, step }) => phase === 'paused' && step === 1);
      await write(page.getByLabel('Seed', { exact: true }), '6');
      await press(button('Discard changes'));
      assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '5');
      await write(page.getByLabel('Seed', { exact: true }), '7');
      await press(button('Train a new run'));
      await until(page, 'a new run', ({ phase, step }) => phase === 'training' && step > 0);
      await press(button('Reset'));
      await until(page, 'the start', ({ phase, step }) => phase === 'idle' && step === 0);
    });

    await t.test('training: on, held, on by a step, to the end, and further', async () => {
      await press(button('Train'));
      await until(page, 'training', ({ step }) => step > 3);
      await press(button('Pause'));
      const { step } = await until(page, 'a pause', ({ phase }) => phase === 'paused');
      await press(button('Step'));
      await until(page, 'a step', (now) => now.phase === 'paused' && now.step === step + 1);
      await press(button('Train'));
      await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
      await press(button('10 more epochs'));
      await until(page, 'the third epoch', ({ step }) => step > 40);
      await seen(/\d{3}\/012/);
    });

    await t.test('the chart: scale, losses at a step, picture, earlier runs', async () => {
      await openTab('Loss');
      const scale = page.getByRole('switch', { name: 'Log scale' });
      await toggle(scale);
      assert.ok(await scale.isChecked());
      const slider = page.getByRole('slider', { name: 'Losses at a step' });
      await readChart(slider);
      assert.match(await slider.getAttribute('aria-valuetext'), /step|loss/i);
      assert.match((await download(page, () => press(button('Save the chart as PNG')))).name, /png$/);
      await openTab('Runs');
      await press(button('Clear earlier runs'));
      await button('Clear earlier runs').waitFor({ state: 'detached' });
    });

    await t.test('the plane: the point, the view, the manifold, a kind alone, picture', async () => {
      await openTab('Explore');
      const before = [await onPlane('z1'), await onPlane('z2')];
      await moveOnPlane(plane);
      await eventually('another point', async () => [await onPlane('z1'), await onPlane('z2')], (now) => String(now) !== String(before));
      await write(page.getByRole('textbox', { name: 'z₁' }), '0.25');
      await eventually('the point that was written', () => onPlane('z1'), (z1) => z1 === 0.25);
      const width = async () => await onPlane('xMax') - await onPlane('xMin');
      const whole = await width();
      await press(button('Zoom in'));
      await eventually('a narrower view', width, (now) => now < whole);
      await press(button('Zoom out'));
      await press(button('Fit'));
      await press(button('Manifold'));
      await page.locator('#latent-plane[data-map="0"]').waitFor();
      await press(button('Only digit 3'));
      assert.equal(await button('Only digit 3').getAttribute('aria-pressed'), 'true');
      assert.match((await download(page, () => press(button('Save the plane as PNG')))).name, /png$/);
    });

    await t.test('predictions: other digits, all of them, the error over both sets', async () => {
      await choose(page.getByLabel('On the plane'), 'all 10,000 test digits');
      await openTab('Reconstructions');
      await press(button('Five others'));
      await page.locator('#latent-plane[data-digits="10000"]').waitFor({ state: 'attached' });
      await press(button('Measure both sets'));
      await page.locator('.predictions table tr', { hasText: '60,000 training' }).filter({ hasText: /0\.0\d+/ }).waitFor();
    });

    await t.test('models: out, in, and as tables', async () => {
      await openTab('Files');
      const saved = await download(page, () => press(button('Save model')));
      assert.match(saved.name, /safetensors$/);
      assert.match((await download(page, () => press(button('Losses as CSV')))).name, /csv$/);
      assert.match((await download(page, () => press(button('Codes as CSV')))).name, /csv$/);
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(button('Open model'))]);
      await chooser.setFiles(fixture('weights.safetensors'));
      await press(button('Replace model'));
      await until(page, 'the model', ({ step }) => step === 0);
      await openTab('Layers');
      await press(page.locator('summary', { hasText: 'encoder' }).first());
      await page.getByRole('region', { name: /Layers of the encoder/ }).waitFor();
    });

    await t.test('what went wrong, read and put away', async () => {
      await openTab('Files');
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(button('Open model'))]);
      await chooser.setFiles({ name: 'a.safetensors', mimeType: 'text/html', buffer: Buffer.from('<html>') });
      await page.getByRole('alert').filter({ hasText: 'was not opened' }).waitFor();
      await press(button('Dismiss'));
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await press(button('Reset'));
      assert.equal((await state(page)).phase, 'idle');
    });
    assert.deepEqual(errors, []);
  });
}
