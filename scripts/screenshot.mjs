// Takes the README's picture: the page while it trains.
//   CHROMIUM=$(scripts/chromium.sh) node scripts/screenshot.mjs
import { open, press, start, until } from '../tests/browser/harness.mjs';

const host = await start();
try {
  const { page } = await open(host, '#engine=cpu&seed=3', { viewport: { width: 1280, height: 980 } });
  await press(page, 'Train');
  await until(page, 'seven epochs', ({ epoch }) => epoch >= 8, 300_000);
  const { x, y, width, height } = await page.locator('#latent-plane').boundingBox();
  await page.mouse.click(x + 0.55 * width, y + 0.35 * height);
  await page.mouse.move(4, 4);
  await page.waitForTimeout(600);
  await page.screenshot({ path: new URL('../docs/screenshot.png', import.meta.url).pathname });
} finally {
  await host.close();
}
