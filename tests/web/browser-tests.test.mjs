// How scripts/browser-tests.mjs runs files: what fails once more alone, what it says at the end, and with which status it exits.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const SCRIPT = new URL('../../scripts/browser-tests.mjs', import.meta.url).pathname;

const begin = "import { test } from 'node:test';\n";
const FILES = {
  passes: `${begin}import { describe } from 'node:test';
    describe('group', () => test('holds', () => {})); describe('is left out', { skip: 'no browser' }, () => test('never runs', () => {}));`,
  always: `${begin}test('holds', () => {}); test('around', (t) => t.test('never holds', () => { throw new Error('one is no two'); }));`,
  first: `${begin}import { existsSync, writeFileSync } from 'node:fs';
    test('holds later', () => {
      if (existsSync('was-here')) return;
      writeFileSync('was-here', '');
      throw new Error('${'too early '.repeat(100)}');
    });`,
  // A test that another file declares.
  shared: `import { declare } from './shared.mjs'; declare();`,
  ends: `${begin}test('holds', () => {}); setTimeout(() => { console.error('out of memory'); process.exit(3); }, 50);`,
};

/** The status and the lines of a run of these files. */
async function run(t, ...names) {
  const folder = await mkdtemp(join(tmpdir(), 'browser-tests-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'shared.mjs'), `${begin}import { describe } from 'node:test';
    export const declare = () => describe('group', () => { test('never holds', () => { throw new Error('one is no two'); }); });`);
  for (const name of names) await writeFile(join(folder, `${name}.test.mjs`), FILES[name]);
  // The runner refuses to run within a test.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [SCRIPT, '2', ...names.map((name) => `${name}.test.mjs`)], { cwd: folder, env });
  let text = '';
  child.stdout.on('data', (data) => { text += data; });
  const status = await new Promise((resolve) => { child.on('close', resolve); });
  return { status, lines: text.trim().split('\n') };
}

test('files that pass run once, a line a test', async (t) => {
  const { status, lines } = await run(t, 'passes');
  assert.equal(status, 0);
  assert.match(lines[0], /^✔ passes\.test\.mjs: group > holds \(0\.\d s\)$/);
  assert.match(lines[1], /^- passes\.test\.mjs: is left out \(0\.\d s, skipped: no browser\)$/);
  assert.equal(lines.at(-1), '1 passed, 0 of them only the second time; 1 skipped, 0 failed');
  assert.equal(lines.length, 4);
});

test('what passes the second time is named with its first message, and is no failure', async (t) => {
  const { status, lines } = await run(t, 'first', 'passes');
  assert.equal(status, 0);
  const told = lines.slice(lines.findIndex((line) => line.startsWith('passed only the second time'))).join('\n');
  assert.match(told, /^passed only the second time, alone: holds later \(first\.test\.mjs\): too early too early/);
  assert.ok(told.length < 900, 'the message is cut');
  assert.equal(lines.at(-1), '2 passed, 1 of them only the second time; 1 skipped, 0 failed');
  assert.ok(lines.includes('Once more, one at a time: first.test.mjs'));
});

test('what fails again fails the command, and is named at the end', async (t) => {
  const { status, lines } = await run(t, 'first', 'always');
  assert.equal(status, 1);
  const at = lines.indexOf('failed: around > never holds (always.test.mjs)');
  assert.deepEqual(lines.slice(at, at + 2), ['failed: around > never holds (always.test.mjs)', '  one is no two']);
  assert.equal(lines.filter((line) => line.startsWith('failed: ')).length, 1);
  assert.equal(lines.at(-1), '2 passed, 1 of them only the second time; 0 skipped, 1 failed');
});

test('a test that an imported file declares is of the file that runs', async (t) => {
  const { status, lines } = await run(t, 'shared', 'passes');
  assert.equal(status, 1);
  assert.ok(lines.includes('Once more, one at a time: shared.test.mjs'));
  assert.ok(lines.includes('failed: group > never holds (shared.test.mjs)'));
});

test('a file that ends by itself fails, with what it said last', async (t) => {
  const { status, lines } = await run(t, 'ends');
  assert.equal(status, 1);
  const at = lines.indexOf('failed: the file as a whole (ends.test.mjs)');
  assert.deepEqual(lines.slice(at + 1, at + 3), ['  test failed', '  out of memory']);
});

test('without files it does nothing, and says how it is used', async (t) => {
  assert.equal((await run(t)).status, 2);
});
