// Checks the sizes of a release's parts against their budgets: node scripts/budget.mjs
//
// budget.json has the most kilobytes (1,000 bytes) of each part as it is transferred, gzipped. A commit that makes a part
// smaller lowers its figure; one that raises it says why.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url));
const files = readdirSync(new URL('../dist/assets/', import.meta.url));
const transferred = (file) => {
  const bytes = read(`dist/assets/${file}`);
  return file.endsWith('.gz') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
};

let isExceeded = false;
for (const [part, { most_kB, goal_kB }] of Object.entries(JSON.parse(read('budget.json')))) {
  // The program, its bindings, and a worker's first script.
  const bytes = files.filter((file) => file.startsWith(`${part}-`) || file.startsWith(`${part}_bg-`))
    .reduce((sum, file) => sum + transferred(file), 0);
  const kB = (bytes / 1000).toFixed(1);
  const isOver = bytes === 0 || bytes > most_kB * 1000;
  isExceeded ||= isOver;
  console.log(`${isOver ? 'OVER' : 'ok  '} ${part.padEnd(14)} ${kB.padStart(7)} kB of ${most_kB} (the goal: ${goal_kB})`);
}
process.exit(isExceeded ? 1 : 0);
