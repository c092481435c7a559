// Measures a first visit: how soon there is a plane to drag on, and how many bytes come before the first training step.
//   CHROMIUM=$(scripts/chromium.sh) node scripts/cold-load.mjs [VISITS]
// The server limits the network: 1.6 Mbit/s down for all requests together, 150 ms before each answer. (Chromium throttles
// each target by itself, and leaves workers out.) Like GitHub Pages, it gzips texts and allows ten minutes of caching. It
// counts the bytes of the bodies that it sends. Each visit has a fresh profile. Prints one JSON line for each visit.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { press, state } from '../tests/browser/harness.mjs';

const BYTES_PER_SECOND = 1.6e6 / 8;
const LATENCY_MS = 150;
const PIECE = 1460;
const TYPES = {
  css: 'text/css', html: 'text/html', js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml', txt: 'text/plain',
  webmanifest: 'application/manifest+json',
};
const dist = new URL('../dist/', import.meta.url);
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

let sent = 0;
let freeAt = 0; // When the network will have carried all bytes so far, in milliseconds.
async function carry(response, bytes) {
  for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    freeAt = Math.max(freeAt, performance.now()) + piece.length / BYTES_PER_SECOND * 1000;
    await wait(freeAt - performance.now());
    response.write(piece);
    sent += piece.length;
  }
  response.end();
}

const server = createServer(async ({ url }, response) => {
  const name = new URL(url, 'http://host').pathname.slice(1) || 'index.html';
  await wait(LATENCY_MS);
  const file = await readFile(new URL(name, dist)).catch(() => undefined);
  if (!file) return response.writeHead(404).end();
  const type = TYPES[name.split('.').at(-1)];
  const body = type ? gzipSync(file) : file;
  response.writeHead(200, {
    'content-type': type ?? 'application/octet-stream', 'content-length': body.length, 'cache-control': 'max-age=600',
    ...(type ? { 'content-encoding': 'gzip' } : {}),
  });
  return carry(response, body);
});
await new Promise((resolve) => { server.listen(0, resolve); });
const url = `http://localhost:${server.address().port}/#engine=cpu`;

const [visits = 3] = process.argv.slice(2).map(Number);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
try {
  for (let visit = 0; visit < visits; visit += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    sent = 0;
    const began = performance.now();
    const seconds = () => Number(((performance.now() - began) / 1000).toFixed(2));
    await page.goto(url, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Train' }).waitFor();
    const controls_s = seconds();
    // The plane is usable when a point of it is decoded. (The middle of an untrained one is black.)
    await page.locator('#latent-plane').click({ position: { x: 60, y: 60 } });
    while (!await page.locator('#decoded-digit').evaluate((canvas) => (
      canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some((shade, at) => at % 4 === 0 && shade > 0)))) {
      await page.waitForTimeout(20);
    }
    const [plane_s, plane_kB] = [seconds(), Math.round(sent / 1000)];
    await press(page, 'Train');
    while (!(await state(page)).step) await page.waitForTimeout(20);
    console.log(JSON.stringify({ controls_s, plane_s, plane_kB, first_step_s: seconds(), first_step_kB: Math.round(sent / 1000) }));
    await context.close();
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
