import { open, start, press, chooseTheme } from './harness.mjs';
const host = await start();
const shots = [['d680', { width: 1280, height: 680 }, {}], ['d1000', { width: 1600, height: 1000 }, {}], ['phone', { width: 390, height: 664 }, { hasTouch: true, isMobile: true }]];
const only = process.argv[2];
for (const [name, viewport, more] of shots) {
  if (only && !name.includes(only)) continue;
  const { page, close } = await open(host, '#engine=cpu&lesson=tutorial', { viewport, ...more });
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await page.waitForTimeout(800);
  await page.screenshot({ path: `/tmp/lessons-${name}.png` });
  if (name === 'phone') {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.screenshot({ path: `/tmp/lessons-${name}-more.png` });
  }
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await chooseTheme(page, 'dark').catch(() => {});
  await page.waitForTimeout(400);
  await page.screenshot({ path: `/tmp/lessons-${name}-list.png` });
  await close();
}
await host.close();
