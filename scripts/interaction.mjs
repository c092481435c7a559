// Measures in a headless Chromium how the page responds: the time from a pointer's move to the decoded image, the main
// thread's longest task, and layout shift.
//   node scripts/interaction.mjs [SECONDS of training, 60 by default]
// Prints one JSON line. Needs `make build`, and CHROMIUM.
import { loadavg } from 'node:os';
import { open, press, start, until } from '../tests/browser/harness.mjs';

const seconds = Number(process.argv[2] ?? 60);

/** Records in the page: when the pointer moved, when the decoded image was drawn, long tasks, layout shifts. */
function observe() {
  const notes = { moved: [], latencies: [], tasks: [], shift: 0 };
  window.notes = notes;
  // This event comes before the frame that `pointermove` waits for.
  addEventListener('pointerrawupdate', ({ timeStamp }) => notes.moved.push(timeStamp), true);
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...picture) {
    put.apply(this, picture);
    // A drawing answers the oldest move since the last drawing. Without a move it follows from training.
    if (this.canvas.id === 'decoded-digit' && notes.moved.length > 0) {
      notes.latencies.push(performance.now() - notes.moved[0]);
      notes.moved = [];
    }
  };
  new PerformanceObserver((list) => notes.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) notes.shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Drags in a circle on the plane. Gives percentiles of the latencies in milliseconds. */
async function drag(page, for_seconds) {
  const { x, y, width, height } = await page.locator('#latent-plane').boundingBox();
  const at = (turn) => [x + width * (0.5 + 0.3 * Math.cos(turn)), y + height * (0.5 + 0.3 * Math.sin(turn))];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  await page.evaluate(() => { window.notes.latencies = []; window.notes.moved = []; });
  const end = Date.now() + 1000 * for_seconds;
  for (let turn = 0; Date.now() < end; turn += 0.05) {
    await page.mouse.move(...at(turn));
    await page.waitForTimeout(20);
  }
  await page.mouse.up();
  const latencies = await page.evaluate(() => window.notes.latencies.sort((a, b) => a - b));
  const percentile = (share) => Number(latencies[Math.floor(share * (latencies.length - 1))].toFixed(1));
  return { moves: latencies.length, p50: percentile(0.5), p95: percentile(0.95), max: percentile(1) };
}

const host = await start();
try {
  const { page } = await open(host, '#engine=cpu&epochs=1000', {}, (page) => page.addInitScript(observe));
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  const load = { longest_task_ms: await page.evaluate(() => Math.max(0, ...window.notes.tasks)) };
  const idle = await drag(page, 5);
  await page.evaluate(() => { window.notes.tasks = []; });
  await press(page, 'Train');
  await until(page, 'training', ({ step }) => step > 0);
  const training = await drag(page, seconds);
  const { tasks, shift } = await page.evaluate(() => window.notes);
  console.log(JSON.stringify({
    pointer_to_digit_ms: { idle, training },
    loading: load,
    training: { seconds, tasks_over_50_ms: tasks.length, longest_task_ms: Math.max(0, ...tasks) },
    layout_shift: Number(shift.toFixed(4)),
    load_1m: loadavg()[0],
  }));
} finally {
  await host.close();
}
