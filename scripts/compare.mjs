// Compares the speed of two builds of the page in one headless Chromium.
//   node scripts/compare.mjs BEFORE AFTER [ADDRESS] [PAIRS] [STEPS]
//   node scripts/compare.mjs ../before/dist dist 'cpu&workers=2' 12 500
// BEFORE and AFTER are folders that a build made. ADDRESS is what follows `?bench=`. The builds train by turns in the order
// ABBA, the same steps of the same run. Prints one JSON line: the ratio after ÷ before of each pair, and each build's steps
// per second. With the same folder twice, the ratios show the noise of the machine.
import { loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, WEBGPU_FLAGS } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { measured } from './engines.mjs';
import { serve } from './serve.mjs';

const [before, after, address = 'cpu&workers=1', pairs = '12', steps = '500'] = process.argv.slice(2);
if (!after) throw new Error('usage: node scripts/compare.mjs BEFORE AFTER [ADDRESS] [PAIRS] [STEPS]');
const args = [...CHROMIUM_FLAGS, ...(address.startsWith('webgpu') ? WEBGPU_FLAGS : [])];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
const servers = [await serve(before), await serve(after)];
const builds = [];
for (const { url } of servers) builds.push(await measured({ browser, url }, address));

// The first steps of a build are slower than all others.
for (const build of builds) await build.speed(Number(steps));
const speeds = [[], []];
for (let pair = 0; pair < Number(pairs); pair += 1) {
  const order = pair % 2 ? [1, 0] : [0, 1];
  for (const which of order) speeds[which].push(await builds[which].speed(Number(steps)));
}
const ratios = speeds[1].map((speed, pair) => speed / speeds[0][pair]);
console.log(JSON.stringify({
  address, pairs: Number(pairs), steps: Number(steps), load_1m: loadavg()[0],
  after_to_before: spread(ratios), before_steps_per_s: spread(speeds[0]), after_steps_per_s: spread(speeds[1]),
}));

for (const build of builds) await build.close();
await browser.close();
for (const server of servers) await server.close();
