// Runs files of tests, and those that failed once more, one at a time: other work on the machine can make a test fail that passes
// alone.
//   node scripts/browser-tests.mjs FILES_AT_ONCE FILE…
// A test that fails again fails the command. One that passes the second time is named at the end.
import { basename, relative, resolve } from 'node:path';
import { run } from 'node:test';

const MOST_OF_MESSAGE = 600;
const THE_FILE = 'the file as a whole';

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;
const shortened = (text) => (text.length > MOST_OF_MESSAGE ? `${text.slice(0, MOST_OF_MESSAGE)}…` : text);
const indented = (text, by) => text.trim().replaceAll(/^/gm, ' '.repeat(by));

/** What went wrong, and at which line of the file. A file that ends by itself says it on standard error. */
function messageOf(error, file, said) {
  const cause = error.cause ?? error;
  const text = cause.message ?? String(cause);
  const [place] = new RegExp(`${basename(file).replaceAll('.', '\\.')}:\\d+`).exec(cause.stack ?? '') ?? [];
  return shortened([text.trim(), place && `at ${place}`, said?.trim().slice(50 - MOST_OF_MESSAGE)].filter(Boolean).join('\n'));
}

/**
 * Runs one file, a line a test: two files at a time say whose it is. Gives the names of the tests that passed, and what failed.
 */
async function runFile(file) {
  const [passed, failures] = [[], []];
  let [skipped, stderr] = [0, ''];
  // The tests around the one that is reported, the outermost first.
  const around = [];
  // An event's own file may be one that the file imports.
  for await (const { type, data } of run({ files: [file] })) {
    if (type === 'test:stderr') {
      process.stderr.write(data.message);
      stderr += data.message;
    }
    if (type === 'test:start') around.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { nesting, details: { type: kind, duration_ms, error } } = data;
    const name = data.name === file ? THE_FILE : [...around.slice(0, nesting), data.name].join(' > ');
    const isSkipped = data.skip !== undefined;
    if (kind === 'suite' && type === 'test:pass' && !isSkipped) continue;
    const why = isSkipped ? `, skipped${typeof data.skip === 'string' ? `: ${data.skip}` : ''}` : '';
    const mark = type === 'test:fail' ? '✖' : isSkipped ? '-' : '✔';
    console.log(`${mark} ${basename(file)}: ${name} (${seconds(duration_ms)}${why})`);
    if (isSkipped) skipped += 1;
    else if (type === 'test:pass') passed.push(name);
    // A test that only has failed tests has nothing to add to them.
    else if (error.failureType !== 'subtestsFailed' || failures.length === 0) {
      const message = messageOf(error, file, name === THE_FILE ? stderr : '');
      console.log(indented(message, 4));
      failures.push({ file, name, message });
    }
  }
  return { file, passed, failures, skipped };
}

/** Runs files, so many at once. */
async function runFiles(files, atOnce) {
  const [left, results] = [[...files], []];
  const worker = async () => { while (left.length) results.push(await runFile(left.shift())); };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const [atOnce, ...names] = process.argv.slice(2);
// Events have the names as they are given here, or whole paths.
const files = names.map((name) => resolve(name));
if (!(Number(atOnce) >= 1) || files.length === 0) {
  console.error('usage: node scripts/browser-tests.mjs FILES_AT_ONCE FILE…');
  process.exit(2);
}
const first = await runFiles(files, Number(atOnce));
const again = first.filter(({ failures }) => failures.length).map(({ file }) => file);
if (again.length) console.log(`\nOnce more, one at a time: ${again.map((file) => relative('', file)).join(', ')}`);
const second = await runFiles(again, 1);

/** Whether a test that failed passes the second time. One that the second run doesn't reach has not passed. */
const passesAgain = ({ file, name }) => {
  const { passed, failures } = second.find((result) => result.file === file);
  return name === THE_FILE ? failures.length === 0 : passed.includes(name);
};
const failures = first.flatMap((result) => result.failures);
const late = failures.filter(passesAgain);
const failed = second.flatMap((result) => result.failures);
failed.push(...failures.filter((one) => !passesAgain(one) && !failed.some(({ file, name }) => file === one.file && name === one.name)));

console.log('');
for (const { file, name, message } of late) {
  console.log(`passed only the second time, alone: ${name} (${relative('', file)}): ${message}`);
}
for (const { file, name, message } of failed) console.log(`failed: ${name} (${relative('', file)})\n${indented(message, 2)}`);
const sum = (of) => first.reduce((all, result) => all + of(result), 0);
const count = sum(({ passed }) => passed.length) + late.length;
console.log(`${count} passed, ${late.length} of them only the second time; ${sum(({ skipped }) => skipped)} skipped, ${failed.length} failed`);
process.exitCode = failed.length ? 1 : 0;
