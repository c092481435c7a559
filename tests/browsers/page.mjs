// What a person does on the page, in any of the browsers. Controls are found by role and accessible name; the rest of what is
// read here is documented in docs/automation.md.
import assert from 'node:assert/strict';

export const pause = (ms) => new Promise((resume) => { setTimeout(resume, ms); });

/** Waits until `holds` is true of what `look` gives, and gives that. Other work on the machine makes any wait longer. */
export async function until(look, holds, what, limit_ms = 60_000) {
  let last;
  for (const end = Date.now() + limit_ms; Date.now() < end; await pause(50)) {
    last = await look();
    if (holds(last)) return last;
  }
  throw new Error(`not within ${limit_ms} ms: ${what}; last: ${JSON.stringify(last)}`);
}

/** The attributes of an element, numbers as numbers. */
const attributes = (page, selector) => page.evaluate(`(selector) => {
  const all = Object.entries(document.querySelector(selector)?.dataset ?? {});
  return Object.fromEntries(all.map(([name, text]) => [name, text === '' || Number.isNaN(Number(text)) ? text : Number(text)]));
}`, selector);
export const state = (page) => attributes(page, '#run-state');
export const plane = (page) => attributes(page, '#latent-plane');
export const reached = (page, what, holds, limit_ms) => until(() => state(page), holds, what, limit_ms);

export const press = (page, name) => page.press('button', name);
export const shown = (page, role, name, limit_ms) => until(() => page.has(role, name), Boolean, `the ${role} ${name}`, limit_ms);

/** The page's program runs. */
export const ready = (page) => shown(page, 'button', 'Reset');
/** The dots of the pretrained decoder are on the plane. */
export const pretrained = (page) => until(() => plane(page), ({ digits }) => digits === 2000, 'the pretrained plane');

/** The place in the window of a point of the plane, 0 to 1 each way. */
export const onPlane = (page, x, y) => page.evaluate(`(x, y) => {
  const plane = document.querySelector('#latent-plane');
  plane.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = plane.getBoundingClientRect();
  return [box.x + x * box.width, box.y + y * box.height];
}`, x, y);

/** Drags over the plane, from point to point. `moved` is called after each move. */
export async function drag(page, points, moved = async () => {}) {
  const [first, ...others] = points;
  await page.move(...await onPlane(page, ...first));
  await page.down();
  for (const point of others) {
    await page.move(...await onPlane(page, ...point));
    await moved();
  }
  await page.up();
}

/** The decoded image's shades. */
export const decoded = (page) => page.evaluate(`() => {
  const canvas = document.querySelector('#decoded-digit');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]);
}`);
/** Waits for another image than this one. */
export const otherImage = (page, before, limit_ms) => until(
  () => decoded(page), (now) => Math.hypot(...now.map((shade, at) => shade - before[at])) > 1, 'another image', limit_ms);

/** All that the page says. */
export const words = (page) => page.evaluate('() => document.body.innerText');
export const alerts = (page) => page.evaluate("() => [...document.querySelectorAll('[role=alert]')].map((one) => one.innerText.trim()).filter(Boolean)");
/** Nothing that a person reads is a program's text. */
export const isPlain = (texts) => assert.doesNotMatch([texts].flat().join('\n'), /JsValue|undefined|Error:|DOMException|\bat \w+\.\w|insecure|0x/);
