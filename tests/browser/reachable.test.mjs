// What a newcomer has to find: on a phone, on a low screen, and in a lesson. Nothing that the page says covers a control.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, openTab, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const PHONE = { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true };
const LOW = { viewport: { width: 1280, height: 680 } };

/** The page once it has its images. */
async function opened(t, fragment, options) {
  const { page, errors, close } = await open(host, fragment, options);
  t.after(close);
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  return { page, errors };
}

/** A finger on the page. */
async function finger(page) {
  const devtools = await page.context().newCDPSession(page);
  const send = (type, ...points) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  return {
    down: (x, y) => send('touchStart', [x, y]),
    up: () => send('touchEnd'),
    go: async ([x, y], [right, down], steps = 6) => {
      for (let step = 1; step <= steps; step += 1) {
        await send('touchMove', [x + right * step / steps, y + down * step / steps]);
        await page.waitForTimeout(16);
      }
    },
  };
}

test('on a phone a flick on the plane scrolls the page, and every other touch moves the point', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu', PHONE);
  const plane = page.locator('#latent-plane');
  const point = () => plane.evaluate(({ dataset }) => [Number(dataset.z1), Number(dataset.z2)]);
  const scrolled = () => page.evaluate(() => Math.round(scrollY));
  const { down, up, go } = await finger(page);
  const box = await plane.boundingBox();
  const place = (right, low) => [box.x + right * box.width, box.y + low * box.height];
  const at = await point();

  await down(...place(0.2, 0.6));
  await go(place(0.2, 0.6), [4, -150]);
  await up();
  await page.waitForFunction(() => scrollY > 60);
  assert.deepEqual(await point(), at, 'what scrolls does not move the point');
  // A flick rolls on for a while.
  for (let last; last !== await scrolled(); await page.waitForTimeout(300)) last = await scrolled();
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(300);
  assert.equal(await scrolled(), 0);

  // A tap.
  await down(...place(0.2, 0.3));
  await up();
  await page.waitForFunction(([x]) => Number(document.getElementById('latent-plane').dataset.z1) !== x, at);
  const tapped = await point();

  // A rest, and then straight down.
  await down(...place(0.7, 0.3));
  await page.waitForFunction(([x]) => Number(document.getElementById('latent-plane').dataset.z1) > x, tapped);
  const held = await point();
  await go(place(0.7, 0.3), [0, 120]);
  await page.waitForFunction(([, y]) => Number(document.getElementById('latent-plane').dataset.z2) < y, held);
  const dragged = await point();
  assert.ok(Math.abs(dragged[0] - held[0]) < 1e-3 && dragged[1] < held[1], `${held} ${dragged}`);
  await up();

  // Sideways at once, and then up.
  const from = place(0.3, 0.7);
  await down(...from);
  await go(from, [80, 4]);
  await page.waitForTimeout(60);
  const beside = await point();
  await go([from[0] + 80, from[1] + 4], [0, -100]);
  await page.waitForTimeout(60);
  const above = await point();
  await up();
  assert.ok(above[1] > beside[1] && Math.abs(above[0] - beside[0]) < 1e-3, `${beside} ${above}`);

  // From the point itself, straight up at once.
  const end = [from[0] + 80, from[1] - 96];
  await down(...end);
  await go(end, [0, -60]);
  await page.waitForTimeout(60);
  await up();
  assert.ok((await point())[1] > above[1], 'the point is taken up without a rest');
  assert.equal(await scrolled(), 0, 'no drag scrolls the page');
  assert.deepEqual(errors, []);
});

test('on a phone what the network takes a drawing for is in sight beside the pad', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu', PHONE);
  await openTab(page, 'Draw');
  const pad = page.getByRole('img', { name: /^Drawing pad/ });
  await pad.waitFor();
  const { x, y, width, height } = await pad.boundingBox();
  const { down, up, go } = await finger(page);
  const from = [x + width / 2, y + 0.2 * height];
  await down(...from);
  await go(from, [0, 0.6 * height]);
  await up();
  const panel = page.getByRole('tabpanel', { name: 'Draw' });
  const told = panel.getByRole('status').filter({ hasText: /\S/ });
  await told.waitFor();
  const foot = (await page.getByRole('tablist', { name: 'Parts of the page' }).boundingBox()).y;
  const copy = panel.getByRole('img', { name: 'Reconstruction of your drawing' });
  await copy.waitFor();
  for (const element of [told, pad, copy]) {
    const box = await element.boundingBox();
    assert.ok(box.y > 0 && box.y + box.height <= foot, `${await element.innerText()} ${JSON.stringify(box)} above ${foot}`);
  }
  assert.deepEqual(errors, []);
});

test('on a low screen the tabs are in sight, and a tab brings its panel into sight', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu', LOW);
  const tab = page.getByRole('tab', { name: 'Draw', exact: true });
  const { y, height } = await tab.boundingBox();
  assert.ok(y + height <= 680, `the tab ends at ${y + height}`);
  assert.ok((await page.locator('#latent-plane').boundingBox()).width >= 380);
  await tab.click();
  const pad = page.getByRole('img', { name: /^Drawing pad/ });
  await pad.waitFor();
  await page.waitForTimeout(300);
  const shown = await page.getByRole('tabpanel', { name: 'Draw' }).boundingBox();
  assert.ok(shown.y < 560, `the panel begins at ${shown.y}`);
  assert.deepEqual(errors, []);
});

test('a lesson marks what its task speaks of', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu&lesson=code-size', LOW);
  const marked = (element) => element.evaluate((node) => node.hasAttribute('data-marked'));
  const until = async (element, is) => {
    for (let tries = 0; await marked(element) !== is; tries += 1) {
      assert.ok(tries < 100, `${element} is ${is ? '' : 'not '}marked`);
      await page.waitForTimeout(50);
    }
  };
  const tab = page.getByRole('tab', { name: 'Reconstructions', exact: true });
  await until(tab, true);
  await tab.click();
  await until(tab, false);
  const next = page.getByRole('button', { name: 'Next', exact: true });
  // The first press says that one has looked.
  await next.click();
  await page.getByRole('img', { name: 'Done', exact: true }).waitFor();
  await next.click();
  const size = page.getByLabel('Code size', { exact: true });
  await until(size, true);
  const box = await size.boundingBox();
  assert.ok(box.y > 56 && box.y + box.height < 640, `it is in sight: ${JSON.stringify(box)}`);
  await size.fill('8');
  await size.press('Enter');
  await until(page.getByRole('button', { name: 'Train a new run' }), true);
  await page.getByRole('button', { name: 'Close the lesson' }).click();
  await page.waitForFunction(() => !document.querySelector('[data-marked]'));
  assert.deepEqual(errors, []);
});

for (const [device, options] of [['a phone', PHONE], ['a low screen', LOW], ['a tablet', { viewport: { width: 820, height: 1000 } }]]) {
  test(`what the page says covers no control, on ${device}`, async (t) => {
    const { page, errors } = await opened(t, '#engine=cpu', options);
    await press(page, 'Share');
    const said = page.getByText(/^(Link copied|Copy this link)/).first();
    await said.waitFor();
    // Whatever a control has in its middle is its own.
    const covered = await page.evaluate(() => [...document.querySelectorAll('button, input, select, [role=tab]')]
      .filter((control) => {
        const { left, top, width, height } = control.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        if (width < 5 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
        const there = document.elementFromPoint(x, y);
        return there?.closest('.offers .message') && !there.closest('.offers .message').contains(control);
      })
      .map((control) => control.ariaLabel ?? control.textContent));
    assert.deepEqual(covered, []);
    assert.deepEqual(errors, []);
  });
}

test('the numbers of a long code begin with the mean code, and all of eight are in sight', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu&code=8&images=5120&epochs=2', LOW);
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  const box = (unit) => page.getByLabel(`z${'₁₂₃₄₅₆₇₈'[unit - 1]}`, { exact: true });
  const numbers = async () => Promise.all([3, 4, 5, 6, 7, 8].map((unit) => box(unit).inputValue()));
  // The codes of the last step come after it.
  let before = await numbers();
  for (let last; String(last) !== String(before);) {
    last = before;
    await page.waitForTimeout(700);
    before = await numbers();
  }
  assert.ok(before.every((number) => number !== '0.000'), before.join(' '));
  const frame = await page.locator('.coordinates').boundingBox();
  const last = await box(8).boundingBox();
  assert.ok(last.y + last.height <= frame.y + frame.height + 1, `${JSON.stringify(last)} in ${JSON.stringify(frame)}`);
  const plane = page.locator('#latent-plane');
  await plane.click({ position: { x: 60, y: 60 } });
  assert.deepEqual(await numbers(), before, 'the plane moves the numbers that it shows');
  await page.getByText('The other numbers are those of the mean code').waitFor();
  assert.deepEqual(errors, []);
});

test('the legend is that of the colours which the dots have', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu', LOW);
  const scale = page.getByRole('img', { name: /^Colours of the mean squared error, from 0\.\d+ to 0\.\d+/ });
  const dot = () => page.getByRole('button', { name: 'Only digit 3' }).evaluate((button) => getComputedStyle(button, '::before').display);
  assert.notEqual(await dot(), 'none');
  await press(page, 'Colour by error');
  await scale.waitFor();
  assert.equal(await dot(), 'none', 'classes have no colours');
  await press(page, 'Contours');
  assert.notEqual(await dot(), 'none', 'contours have the colours of classes');
  await press(page, 'Contours');
  await press(page, 'Colour by error');
  await scale.waitFor({ state: 'hidden' });
  assert.notEqual(await dot(), 'none');
  assert.deepEqual(errors, []);
});

test('strips of activations are no wider than their bars', async (t) => {
  const { page, errors } = await opened(t, '#engine=cpu&encoder=conv8k3s2,conv16k3s2,dense16', LOW);
  // Strips without values are not there.
  await page.waitForFunction(() => [...document.querySelectorAll('.diagram-tiles')].filter((strip) => strip.clientWidth > 0).length > 2);
  const rows = await page.locator('.diagram-row:has(.diagram-tiles:not([hidden]))').evaluateAll((rows) => rows.map((row) => {
    const strip = row.querySelector('.diagram-tiles').getBoundingClientRect();
    const { left, width } = row.getBoundingClientRect();
    const inset = width * (1 - parseFloat(row.style.getPropertyValue('--width')) / 100) / 2;
    const over = strip.width > 0 ? [left + inset - strip.left, strip.right - (left + width - inset)] : [];
    return { name: row.textContent, over };
  }));
  assert.ok(rows.filter(({ over }) => over.length > 0).length > 2);
  for (const { name, over } of rows) assert.ok(Math.max(...over) < 1, `${name}: ${over}`);
  assert.deepEqual(errors, []);
});
