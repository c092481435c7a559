// The bar: at every width, and in every state of a run, nothing in it is cut, pushed out or covered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, picture, press, start, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

/** What is wrong with the parts of the bar that are shown, a sentence each; and the labels of the readings. */
const look = (page) => page.evaluate(() => {
  const shown = [...document.querySelectorAll('.masthead :is(h1, button, select), .run-controls :is(button, dt, dd)')]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width > 2);
  const name = (part) => part.getAttribute('aria-label') ?? part.innerText;
  const wrong = [];
  for (const part of shown) {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    if (left < 0 || right > innerWidth + 0.5) wrong.push(`${name(part)} is beyond the window`);
    if (part.scrollWidth > part.clientWidth + 1 && part.tagName !== 'SELECT') wrong.push(`${name(part)} is cut`);
    for (let outer = part.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      const box = outer.getBoundingClientRect();
      const clips = getComputedStyle(outer).overflowX !== 'visible' && getComputedStyle(outer).display !== 'contents';
      if (clips && (left < box.left - 0.5 || right > box.right + 0.5)) wrong.push(`${name(part)} is cut by ${outer.className}`);
    }
    for (const other of shown) {
      const box = other.getBoundingClientRect();
      const overlaps = left < box.right - 0.5 && box.left < right - 0.5 && top < box.bottom - 0.5 && box.top < bottom - 0.5;
      if (other !== part && overlaps) wrong.push(`${name(part)} lies over ${name(other)}`);
    }
  }
  return { wrong, labels: shown.filter(({ tagName }) => tagName === 'DT').map(({ innerText }) => innerText) };
});

for (const [width, height] of [[1600, 1000], [1280, 680], [1024, 768], [960, 700], [760, 900], [390, 664], [320, 640]]) {
  test(`at ${width} pixels nothing in the bar is cut or pushed out, whatever the run does`, { timeout: 120_000 }, async (t) => {
    const { page, errors, close } = await open(host, '#engine=cpu&hidden=32&images=1024&epochs=120', { viewport: { width, height } });
    t.after(close);
    const inState = async (state) => {
      const { wrong, labels } = await look(page);
      assert.deepEqual(wrong, [], state);
      await picture(page, `bar-${width}-${state}`);
      return labels;
    };
    const labels = await inState('idle');
    assert.deepEqual(labels, width > 576 ? ['epoch', 'loss', 'validation loss'] : ['epoch', 'loss']);
    await press(page, 'Train');
    await until(page, 'the second epoch', ({ epoch }) => epoch > 1, 60_000);
    assert.deepEqual(await inState('training'), labels);
    await until(page, 'the end', ({ phase }) => phase === 'finished', 90_000);
    await page.getByRole('button', { name: '10 more epochs' }).waitFor();
    assert.deepEqual(await inState('finished'), labels);
    // The same button has trained and pauses again.
    assert.equal(await page.getByRole('button', { name: 'Train', exact: true }).count(), 0);
    await press(page, '10 more epochs');
    await until(page, 'more steps', ({ epoch }) => epoch > 120, 60_000);
    assert.deepEqual(errors, []);
  });
}
