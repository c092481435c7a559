// What other programs print when they measure themselves: a line of JSON for each thing.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const root = new URL('..', import.meta.url).pathname;

export async function lines(program, args) {
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** Steps per second in the better mode of the one target that `run` is asked for. */
export async function inBrowser(run, ...args) {
  const [line] = await lines(run, args);
  if (line.error) throw new Error(`${line.target}: ${line.error}`);
  return Math.max(...line.modes.map((mode) => line[mode].steps_per_s));
}
