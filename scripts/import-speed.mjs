// Measures an import of own images: node scripts/import-speed.mjs ARCHIVE SIZE [colour]
//
// benches/import/make.py makes the archives. Prints the seconds of the survey and of the import, and the main thread's tasks
// over 50 ms meanwhile. CHROMIUM names the browser (scripts/chromium.sh).
import { open, start } from '../tests/browser/harness.mjs';

const [archive, size, colour] = process.argv.slice(2);
const host = await start();
const { page, close } = await open(host, '#engine=cpu', {}, (page) => page.addInitScript(() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => longTasks.push(Math.round(duration))))
    .observe({ entryTypes: ['longtask'] });
}));
await page.locator('#latent-plane[data-digits="2000"]').waitFor();
await page.waitForTimeout(2_000);
await page.evaluate(() => { longTasks.length = 0; });
await page.getByRole('button', { name: 'Your own images…' }).click();

/** The seconds until something is there that `act` leads to. */
async function seconds(act, there) {
  const began = performance.now();
  await act();
  await there.waitFor({ timeout: 600_000 });
  return Number(((performance.now() - began) / 1000).toFixed(1));
}
const button = page.getByRole('button', { name: 'Import', exact: true });
const survey_s = await seconds(() => page.getByLabel('Images', { exact: true }).setInputFiles(archive), button);
await page.getByLabel('Size in pixels').fill(size);
await page.keyboard.press('Tab');
if (colour) await page.getByRole('checkbox', { name: 'Colour' }).check();
const import_s = await seconds(() => button.click(), page.getByText('The images are stored in this browser'));
console.log(JSON.stringify({ archive, survey_s, import_s, tasks_over_50_ms: await page.evaluate(() => longTasks) }));
await close();
await host.close();
