// Injects one mistake after another (scripts/mistakes.mjs) into a copy of the sources, and runs the tests that compare the CPU
// engine with the fixtures of float64. Prints a Markdown table: which checks find which mistake, with the largest distance of
// each.
//   node scripts/inject-mistakes.mjs [NAME…]
//   node scripts/inject-mistakes.mjs --texts
// Each NAME is a part of a mistake's name; without one, all are injected. Fails if a mistake passes every check, if it does not
// compile, or if a replacement's text does not occur exactly once. --texts checks the latter and nothing else.
//
// The copy lies in target/mistakes/tree, and is compiled in target/mistakes: cargo takes what it compiled from another copy in
// the same folder for this one's.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MISTAKES } from './mistakes.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target', 'mistakes');
const TREE = join(TARGET, 'tree');
const TESTS = [
  'cpu_models::dense_models_with_cross_entropy_agree_with_every_instruction_set',
  'layered::dense_models_without_noise_agree_with_float64_too',
  'layered::fixtures_agree_with_float64_with_every_instruction_set',
];

/** Replacements whose text does not occur exactly once, in words. */
function misplaced(mistakes) {
  return mistakes.flatMap(({ name, edits }) => edits.flatMap(({ file, from }) => {
    const times = readFileSync(join(ROOT, file), 'utf8').split(from).length - 1;
    return times === 1 ? [] : [`${name}: ${file} has this ${times} times: ${from}`];
  }));
}

/** Copies all files that git does not ignore, as they are now. */
function copy() {
  rmSync(TREE, { recursive: true, force: true });
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT, encoding: 'utf8',
  });
  if (status !== 0) throw new Error('git ls-files failed');
  for (const file of stdout.split('\0').filter((file) => file && existsSync(join(ROOT, file)))) {
    cpSync(join(ROOT, file), join(TREE, file));
  }
}

/** Makes a mistake in the copy. Gives a function that takes it back. */
function inject({ edits }) {
  const before = new Map();
  for (const { file, from, to } of edits) {
    const path = join(TREE, file);
    const text = readFileSync(path, 'utf8');
    if (!before.has(path)) before.set(path, text);
    writeFileSync(path, text.replace(from, () => to));
  }
  return () => before.forEach((text, path) => writeFileSync(path, text));
}

function cargo(...args) {
  const command = ['test', '--quiet', '-p', 'latent-tests', '--test', 'native', '--target-dir', TARGET, ...args];
  const { status, stdout, stderr, error } = spawnSync('cargo', command, { cwd: TREE, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  return { isFine: status === 0, output: `${stdout}\n${stderr}` };
}

/** A distance as it is printed. What is no number is the largest. */
function size(distance) {
  return Number.isFinite(Number(distance)) ? Number(distance) : Infinity;
}

/**
 * Runs the tests. `fixtures` has, by fixture, the largest distance of each check and the checks that were too far off with any
 * instruction set. A test that fails in another way is in `panics`.
 */
function compare() {
  const build = cargo('--no-run');
  if (!build.isFine) throw new Error(`does not compile:\n${build.output}`);
  const { isFine, output } = cargo('--', '--exact', '--show-output', ...TESTS);
  const fixtures = new Map();
  for (const [, fixture, found, tooFar] of output.matchAll(/, ([a-z-]+): (losses .*?)(?:; too far: (.*))?$/gm)) {
    if (!fixtures.has(fixture)) fixtures.set(fixture, { distances: new Map(), tooFar: new Set() });
    const of = fixtures.get(fixture);
    for (const [, check, distance] of found.matchAll(/([a-z ]+) (\S+?)(?:, |$)/g)) {
      if (size(distance) > size(of.distances.get(check) ?? '-1')) of.distances.set(check, distance);
    }
    tooFar?.split(', ').forEach((check) => of.tooFar.add(check));
  }
  const isFound = [...fixtures.values()].some(({ tooFar }) => tooFar.size > 0);
  const panics = isFine || isFound ? [] : output.split('\n').filter((line) => line.includes('panicked at') || line.includes('FAILED'));
  return { isFine, fixtures, panics };
}

/** What a cell of the table says. */
function cell({ fixtures, panics }) {
  const found = [...fixtures].filter(([, { tooFar }]) => tooFar.size > 0);
  const checks = ({ distances, tooFar }) => [...tooFar].map((check) => `${check} ${distances.get(check)}`).join(', ');
  return [...found.map(([fixture, of]) => `${fixture}: ${checks(of)}`), ...panics].join('<br>');
}

const names = process.argv.slice(2);
const isTextsOnly = names[0] === '--texts';
const chosen = MISTAKES.filter(({ name }) => isTextsOnly || names.length === 0 || names.some((part) => name.includes(part)));
if (chosen.length === 0) throw new Error(`no mistake has such a name; there are: ${MISTAKES.map(({ name }) => name).join('; ')}`);
const unclear = misplaced(MISTAKES);
if (unclear.length > 0) {
  console.error(`scripts/mistakes.mjs does not fit the sources any more:\n${unclear.join('\n')}`);
  process.exit(1);
}
if (isTextsOnly) process.exit(0);

copy();
const without = compare();
const all = readdirSync(join(TREE, 'tests/fixtures/models')).filter((file) => file.endsWith('.json'));
const missing = all.map((file) => file.slice(0, -'.json'.length)).filter((fixture) => !without.fixtures.has(fixture));
if (!without.isFine || missing.length > 0) {
  console.error(`without a mistake: ${cell(without) || 'the tests fail'}; not compared: ${missing.join(', ') || 'none'}`);
  process.exit(1);
}
console.log('| mistake | checks that find it |\n|---|---|');
for (const mistake of chosen) {
  const takeBack = inject(mistake);
  const found = compare();
  takeBack();
  if (found.isFine) process.exitCode = 1;
  console.log(`| ${mistake.name} | ${found.isFine ? '**none**' : cell(found)} |`);
}
