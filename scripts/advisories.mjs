// Looks for known vulnerabilities in the Node packages (npm audit) and in the crates (cargo deny). Fails if there is one.
// Where a registry cannot be reached it says so, and does not fail.
//   node scripts/advisories.mjs
import { spawnSync } from 'node:child_process';

const SLOW_MS = 60_000;

/** Runs a command. `output` is everything that it printed. */
function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: SLOW_MS });
  return { isFine: status === 0, stdout: stdout ?? '', output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` };
}
const unchecked = (what, why) => console.log(`not checked for known vulnerabilities: ${what} (${why})`);
const found = (what, report) => {
  console.log(`known vulnerabilities: ${what}\n${report}`);
  process.exitCode = 1;
};
const lastLine = (text) => text.trim().split('\n').at(-1);

function packages() {
  const { stdout, output } = run('npm', 'audit', '--json', '--fetch-retries=0', '--fetch-timeout=10000');
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return unchecked('Node packages', lastLine(output));
  }
  const { vulnerabilities, metadata } = report;
  if (!metadata) return unchecked('Node packages', report.message ?? report.error?.summary ?? 'npm gives no reason');
  const names = Object.values(vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`);
  if (names.length > 0) return found('Node packages', names.join('\n'));
  return console.log('no known vulnerabilities: Node packages');
}

function crates() {
  if (!run('cargo', 'deny', '--version').isFine) return unchecked('crates', 'cargo-deny is not installed: make deny');
  const database = run('cargo', 'deny', 'fetch', 'db');
  if (!database.isFine) return unchecked('crates', lastLine(database.output));
  const checked = run('cargo', 'deny', '--all-features', 'check', '--disable-fetch', '--hide-inclusion-graph', 'advisories');
  if (checked.isFine) return console.log('no known vulnerabilities: crates');
  // It also fails where it cannot check.
  return checked.output.includes('advisories FAILED') ? found('crates', checked.output) : unchecked('crates', lastLine(checked.output));
}

packages();
crates();
