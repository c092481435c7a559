// Compares the speed of two builds of the page in one headless Chromium.
//   node scripts/compare.mjs BEFORE AFTER [ADDRESS] [PAIRS] [STEPS]
//   node scripts/compare.mjs ../before/dist dist 'cpu&workers=2' 12 500
// BEFORE and AFTER are folders that a build made. ADDRESS is what follows `?bench=`. The builds train by turns in the order
// ABBA, the same steps of the same run, STEPS of each a pair. A turn is a tenth of them, because a machine's speed changes
// within seconds. Prints one JSON line: the ratio after ÷ before of the pairs, and each build's steps per second. With the
// same folder twice, the ratios show the noise of the machine.
import { loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, WEBGPU_FLAGS } from '../tests/browser/harness.mjs';
import { spread } from '../web/spread.js';
import { measured } from './engines.mjs';
import { serve } from './serve.mjs';

const [before, after, address = 'cpu&workers=1', pairs = '12', steps = '500'] = process.argv.slice(2);
if (!after) throw new Error('usage: node scripts/compare.mjs BEFORE AFTER [ADDRESS] [PAIRS] [STEPS]');
/** Turns of each build in a pair. */
const TURNS = 10;
const args = [...CHROMIUM_FLAGS, ...(address.startsWith('webgpu') ? WEBGPU_FLAGS : [])];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
const servers = [await serve(before), await serve(after)];
const builds = [];
for (const { url } of servers) builds.push(await measured({ browser, url }, address));

// The first steps of a build are slower than all others.
for (const build of builds) await build.speed(Number(steps));
/** Steps per second of both builds in one pair. */
async function pair() {
  const trained = builds.map(() => ({ ms: 0, steps: 0 }));
  for (let turn = 0; trained.some((build) => build.steps < Number(steps)); turn += 1) {
    for (const which of turn % 2 ? [1, 0] : [0, 1]) {
      const { ms, steps: more } = await builds[which].train(Math.ceil(Number(steps) / TURNS));
      trained[which].ms += ms;
      trained[which].steps += more;
    }
  }
  return trained.map(({ ms, steps }) => (1000 * steps) / ms);
}

const measuredPairs = [];
for (let count = 0; count < Number(pairs); count += 1) measuredPairs.push(await pair());
const speeds = [0, 1].map((which) => measuredPairs.map((speeds) => speeds[which]));
const ratios = speeds[1].map((speed, pair) => speed / speeds[0][pair]);
console.log(JSON.stringify({
  address, pairs: Number(pairs), steps: Number(steps), load_1m: loadavg()[0],
  after_to_before: spread(ratios), before_steps_per_s: spread(speeds[0]), after_steps_per_s: spread(speeds[1]),
}));

for (const build of builds) await build.close();
await browser.close();
for (const server of servers) await server.close();
