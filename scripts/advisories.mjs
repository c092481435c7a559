// Known holes in what is depended on: of the Node packages (npm audit) and of the crates (cargo deny). Fails if one is
// known; where nobody can be asked, says so and lets it be.
//   node scripts/advisories.mjs
import { spawnSync } from 'node:child_process';

const SLOW_MS = 60_000;

/** What a command did; `output` is all that it said. */
function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: SLOW_MS });
  return { isFine: status === 0, stdout: stdout ?? '', output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` };
}
const unasked = (what, why) => console.log(`not asked about known holes: ${what} (${why})`);
const found = (what, report) => {
  console.log(`known holes: ${what}\n${report}`);
  process.exitCode = 1;
};
const lastLine = (text) => text.trim().split('\n').at(-1);

function packages() {
  const { stdout, output } = run('npm', 'audit', '--json', '--fetch-retries=0', '--fetch-timeout=10000');
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return unasked('Node packages', lastLine(output));
  }
  const { vulnerabilities, metadata } = report;
  if (!metadata) return unasked('Node packages', report.message ?? report.error?.summary ?? 'npm does not say why');
  const names = Object.values(vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`);
  if (names.length > 0) return found('Node packages', names.join('\n'));
  return console.log('no known holes: Node packages');
}

function crates() {
  if (!run('cargo', 'deny', '--version').isFine) return unasked('crates', 'cargo-deny is not here: make deny');
  const database = run('cargo', 'deny', 'fetch', 'db');
  if (!database.isFine) return unasked('crates', lastLine(database.output));
  const checked = run('cargo', 'deny', '--all-features', 'check', '--disable-fetch', '--hide-inclusion-graph', 'advisories');
  if (checked.isFine) return console.log('no known holes: crates');
  // It fails, too, where it can't check.
  return checked.output.includes('advisories FAILED') ? found('crates', checked.output) : unasked('crates', lastLine(checked.output));
}

packages();
crates();
