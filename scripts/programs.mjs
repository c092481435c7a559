// Runs programs that print their measurements as lines of JSON.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const root = new URL('..', import.meta.url).pathname;

/** Runs a program, and gives the objects that it prints. */
export async function lines(program, args) {
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** Has `run` measure one target. Gives steps per second in the target's better mode. */
export async function inBrowser(run, ...args) {
  const [line] = await lines(run, args);
  if (line.error) throw new Error(`${line.target}: ${line.error}`);
  return Math.max(...line.modes.map((mode) => line[mode].steps_per_s));
}
