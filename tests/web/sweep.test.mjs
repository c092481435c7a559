// The sweep of docs/scale.md as a Slurm array, with a program in headless' place that says how it was called.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const SCRIPT = new URL('../../scripts/sweep.sbatch', import.meta.url).pathname;

test('the tasks of the array are the 100 settings, each once', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const headless = join(folder, 'headless');
  writeFileSync(headless, '#!/bin/sh\necho "$@"\n');
  chmodSync(headless, 0o755);
  const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(readFileSync(SCRIPT, 'utf8')).map(Number);
  for (let task = first; task <= last; task += 1) {
    execFileSync('bash', [SCRIPT], { cwd: folder, env: { ...process.env, HEADLESS: headless, SLURM_ARRAY_TASK_ID: String(task) } });
  }
  const names = readdirSync(join(folder, 'runs'));
  assert.equal(names.length, 100);
  const calls = names.map((name) => readFileSync(join(folder, 'runs', name), 'utf8'));
  assert.equal(new Set(calls).size, 100);
  assert.ok(names.includes('lr0.01-h500-s4.json'));
  for (const call of calls) assert.match(call, /^train --threads 1 --json --lr [\d.]+ --hidden \d+ --seed \d\n$/);
});
