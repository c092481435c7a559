// Measures in each browser how long an image takes from the pointer's move while the page trains, and where the time goes:
//   node scripts/pointer-to-image.mjs [MOVES]
// Within the page, by its own clock, so that the driver's share is not in it. `queued` is the browser's: from the event to our
// handler. `ours` is from the handler to the image on its canvas: asking the explorer, decoding, drawing. `frame` is the
// browser's again: from there to the next frame.
import { launch, missing, NAMES } from '../tests/browsers/drivers/index.mjs';
import { drag, pause, press, reached, ready } from '../tests/browsers/page.mjs';
import { serve } from '../tests/browsers/server.mjs';

const moves = Number(process.argv[2] ?? 60);
const PAUSE_MS = 120;
const NOTE = `() => {
  window.waits = [];
  let move;
  addEventListener('pointermove', ({ timeStamp, buttons }) => {
    if (buttons) move ??= { fired: timeStamp, heard: performance.now() };
  }, true);
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (...sent) {
    if (move) move.asked ??= performance.now();
    return postMessage.apply(this, sent);
  };
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...put) {
    putImageData.apply(this, put);
    if (!move?.asked || this.canvas.id !== 'decoded-digit') return;
    const { fired, heard } = move;
    const shown = performance.now();
    move = undefined;
    requestAnimationFrame(() => window.waits.push({ queued: heard - fired, ours: shown - heard, frame: performance.now() - shown }));
  };
}`;

/** Median and ninth decile, in milliseconds. */
function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [median, most] = [0.5, 0.9].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return `${median.toFixed(0)} (${most.toFixed(0)})`;
}

const server = await serve(process.env.DIST ?? new URL('../dist', import.meta.url).pathname);
console.log('| browser | moves | queued, ms | ours, ms | frame, ms |\n|---|---|---|---|---|');
for (const name of NAMES) {
  const reason = missing(name);
  if (reason) {
    console.log(reason);
    continue;
  }
  const browser = await launch(name);
  const page = await browser.open(`${server.url}#engine=cpu&epochs=50&seed=4`);
  await ready(page);
  await page.evaluate(NOTE);
  await press(page, 'Train');
  await reached(page, 'a formed plane', ({ step }) => step > 60);
  const points = Array.from({ length: moves + 1 }, (_, at) => [0.5 + 0.3 * Math.cos(at / 9), 0.5 + 0.3 * Math.sin(at / 9)]);
  await drag(page, points, () => pause(PAUSE_MS));
  await pause(500);
  const waits = await page.evaluate('() => window.waits');
  const column = (what) => spread(waits.map((wait) => wait[what]));
  console.log(`| ${browser.name} ${browser.version} | ${waits.length} | ${column('queued')} | ${column('ours')} | ${column('frame')} |`);
  await page.close();
  await browser.close();
}
await server.stop();
