// Draws public/icons/ from public/favicon.svg in a Chromium: CHROMIUM=$(scripts/chromium.sh) node scripts/icons.mjs
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const file = (name) => new URL(`../public/${name}`, import.meta.url).pathname;
const svg = await readFile(file('favicon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
const page = await browser.newPage();
// A maskable icon may be cut to a circle of 80 %: its background reaches the edges, its drawing stays inside the circle.
const masked = svg.replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"').replace('rx="7"', '')
  .replace('width="32" height="32"', 'x="-4" y="-4" width="40" height="40"');
for (const [name, pixels, drawing] of [
  ['icon-192', 192, svg], ['icon-512', 512, svg], ['icon-maskable-512', 512, masked],
]) {
  await page.setViewportSize({ width: pixels, height: pixels });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${drawing}`);
  await page.screenshot({ path: file(`icons/${name}.png`), omitBackground: true });
}
await browser.close();
