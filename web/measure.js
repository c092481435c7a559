// The page "Measure this device": every engine of the playground in turn, and what came out.
import { measure } from './measure-engine.js';
import { engineName, machine, machineRows, rows, text } from './measure-report.js';

const query = new URLSearchParams(location.search);
/** A number from the address (`?windows=3&seconds=1`), within limits. */
const asked = (name, usual, least, most) => Math.min(most, Math.max(least, Number(query.get(name)) || usual));
const WINDOWS = asked('windows', 5, 1, 100);
const SECONDS = asked('seconds', 2, 0.1, 60);

const at = (id) => document.getElementById(id);
const [start, status, progress, results] = ['start', 'status', 'progress', 'results'].map(at);
const [copying, copied, toCopy] = ['copying', 'copied', 'to-copy'].map(at);

let running; // an AbortController while something is measured
let report;

// What was chosen in the playground holds here too (app/theme.rs).
try {
  const media = { light: 'not all', dark: 'all' }[localStorage.getItem('latent-playground-theme')];
  if (media) at('dark-theme').media = media;
} catch {
  // Storage may be refused.
}

/** The engines here: a step is cut into four parts, which one, two or four workers share (choice.rs). */
const engines = () => [
  ...[1, 2, 4].filter((workers) => workers === 1 || workers <= navigator.hardwareConcurrency)
    .map((workers) => ({ engine: 'cpu', workers })),
  { engine: 'webgpu', workers: 1 },
];

const made = (name, words = '') => Object.assign(document.createElement(name), { textContent: words });

/** Pairs of a name and what it is. */
function listed(pairs) {
  const list = made('dl');
  list.append(...pairs.flatMap(([name, value]) => [made('dt', name), made('dd', value)]));
  return list;
}

/** Adds a panel with a heading. */
function show(heading, content) {
  const panel = made('section');
  const title = made('h2', heading);
  title.id = `result-${results.childElementCount}`;
  panel.className = 'panel';
  panel.setAttribute('aria-labelledby', title.id);
  panel.append(title, content);
  results.append(panel);
}

/** Measures one engine; what goes wrong costs only its own figures. */
async function measured(engine, told) {
  const { signal } = running;
  const tell = (what) => {
    if (signal.aborted) return;
    progress.value += 1;
    status.textContent = `${engineName(engine)}${told}: ${what}`;
  };
  try {
    const figures = await measure(engine, { windows: WINDOWS, seconds: SECONDS, signal, tell });
    show(engineName(engine), listed(rows(figures)));
    return figures;
  } catch (error) {
    if (signal.aborted) throw error;
    show(engineName(engine), made('p', `Not measured: ${error.message}`));
    return { ...engine, problem: error.message };
  }
}

async function measureAll() {
  const all = engines();
  Object.assign(progress, { max: all.length * (WINDOWS + 3), value: 0 });
  report = {
    measured_at: new Date().toISOString(),
    machine: await machine(),
    network: '784-300-2-300-784, batches of 256',
    windows: WINDOWS,
    seconds_per_window: SECONDS,
    engines: [],
  };
  show('This device', listed(machineRows(report.machine)));
  for (const [place, engine] of all.entries()) {
    progress.value = place * (WINDOWS + 3);
    report.engines.push(await measured(engine, ` (${place + 1} of ${all.length})`));
    copying.hidden = false;
  }
  const missing = report.engines.filter(({ problem }) => problem).length;
  status.textContent = missing ? `Done; not measured: ${missing} of ${all.length}.` : 'Done.';
}

async function run() {
  running = new AbortController();
  start.textContent = 'Stop';
  results.replaceChildren();
  copied.textContent = '';
  copying.hidden = toCopy.hidden = true;
  progress.hidden = false;
  try {
    await measureAll();
  } catch (error) {
    if (!running.signal.aborted) throw error;
    const stays = report.engines.length ? 'what was measured before stays.' : 'nothing was measured.';
    status.textContent = `Stopped: ${stays}`;
  } finally {
    progress.hidden = true;
    running = undefined;
    start.textContent = 'Measure again';
  }
}

/** Puts words on the clipboard, or where they can be copied by hand: browsers keep it from pages on plain http. */
async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    copied.textContent = `Copied as ${what}`;
  } catch {
    copied.textContent = '';
    toCopy.hidden = false;
    const field = toCopy.querySelector('textarea');
    field.value = words;
    field.focus();
    field.select();
  }
}

start.addEventListener('click', () => (running ? running.abort() : run()));
at('copy-text').addEventListener('click', () => copy(text(report), 'text'));
at('copy-json').addEventListener('click', () => copy(JSON.stringify(report, null, 2), 'JSON'));
