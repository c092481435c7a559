// Compares the speed of two builds of the command line.
//   node scripts/compare-native.mjs BEFORE AFTER [PAIRS] [STEPS]
// BEFORE and AFTER are checkouts with target/release/headless. They train the tutorial's network by turns in the order ABBA,
// STEPS steps of the same run each time. Prints one JSON line: the ratio after ÷ before of the pairs, and each build's seconds.
// With the same checkout twice, the ratios show the noise of the machine.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { spread } from '../web/spread.js';

const [before, after, pairs = '12', steps = '500'] = process.argv.slice(2);
if (!after) throw new Error('usage: node scripts/compare-native.mjs BEFORE AFTER [PAIRS] [STEPS]');

function seconds(checkout) {
  const began = performance.now();
  execFileSync('./target/release/headless', ['train', '--seed', '3', '--steps', steps], { cwd: checkout });
  return (performance.now() - began) / 1000;
}

const checkouts = [before, after];
checkouts.forEach(seconds);
const took = [[], []];
for (let pair = 0; pair < Number(pairs); pair += 1) {
  for (const which of pair % 2 ? [1, 0] : [0, 1]) took[which].push(seconds(checkouts[which]));
}
console.log(JSON.stringify({
  pairs: Number(pairs), steps: Number(steps), load_1m: loadavg()[0],
  after_to_before: spread(took[0].map((time, pair) => time / took[1][pair])), before_s: spread(took[0]), after_s: spread(took[1]),
}));
