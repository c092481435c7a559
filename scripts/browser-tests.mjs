// Runs files of tests, and those that failed once more, one at a time: other work on the machine can make a test fail that passes alone.
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

/** Runs files, a line a test. Gives the names of the tests that passed, and what failed. */
async function runFiles(files, concurrency) {
  const [passed, failures, stderr] = [new Set(), [], new Map()];
  let [skipped, printed] = [0, ''];
  // The tests around the one that is reported, the outermost first.
  const around = [];
  const report = ({ name, nesting, file, skip, details }, mark) => {
    if (file !== printed) console.log(relative('', file));
    printed = file;
    const why = skip === undefined ? '' : `, skipped${typeof skip === 'string' ? `: ${skip}` : ''}`;
    console.log(`${' '.repeat(2 * nesting + 2)}${mark} ${name} (${seconds(details.duration_ms)}${why})`);
  };
  for await (const { type, data } of run({ files, concurrency })) {
    const { nesting, name, file } = data;
    const isFile = name === file;
    if (type === 'test:stderr') {
      process.stderr.write(data.message);
      stderr.set(file, (stderr.get(file) ?? '') + data.message);
    }
    if (type === 'test:start') around.splice(nesting, Infinity, name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const whole = isFile ? THE_FILE : [...around.slice(0, nesting), name].join(' > ');
    if (type === 'test:pass') {
      report(data, data.skip === undefined ? '✔' : '-');
      if (data.skip === undefined) passed.add(`${file} ${whole}`);
      else skipped += 1;
    } else {
      report({ ...data, name: isFile ? THE_FILE : name }, '✖');
      const { error } = data.details;
      // A test that only has failed tests has nothing to add to them.
      if (error.failureType === 'subtestsFailed' && failures.some((one) => one.file === file)) continue;
      const message = messageOf(error, file, isFile ? stderr.get(file) : undefined);
      console.log(indented(message, 2 * nesting + 6));
      failures.push({ file, name: whole, message });
    }
  }
  return { passed, failures, skipped };
}

const [atOnce, ...names] = process.argv.slice(2);
// Events have the names as they are given here, or whole paths.
const files = names.map((name) => resolve(name));
if (!(Number(atOnce) >= 1) || files.length === 0) {
  console.error('usage: node scripts/browser-tests.mjs FILES_AT_ONCE FILE…');
  process.exit(2);
}
const first = await runFiles(files, Number(atOnce));
const again = [...new Set(first.failures.map(({ file }) => file))];
if (again.length) console.log(`\nOnce more, one at a time: ${again.map((file) => relative('', file)).join(', ')}`);
const second = again.length ? await runFiles(again, 1) : { passed: new Set(), failures: [] };

const failsAgain = ({ file, name }) => second.failures.some((one) => one.file === file && one.name === name);
// A test that the second run doesn't reach has not passed.
const passesAgain = ({ file, name }) => (name === THE_FILE
  ? second.failures.every((one) => one.file !== file) : second.passed.has(`${file} ${name}`));
const failed = [...second.failures, ...first.failures.filter((one) => !failsAgain(one) && !passesAgain(one))];
const late = first.failures.filter((one) => !failsAgain(one) && passesAgain(one));

console.log('');
for (const { file, name, message } of late) {
  console.log(`passed only the second time, alone: ${name} (${relative('', file)}): ${message}`);
}
for (const { file, name, message } of failed) console.log(`failed: ${name} (${relative('', file)})\n${indented(message, 2)}`);
const count = first.passed.size + late.length;
console.log(`${count} passed, ${late.length} of them only the second time; ${first.skipped} skipped, ${failed.length} failed`);
process.exitCode = failed.length ? 1 : 0;
