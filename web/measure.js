// The page "Measure this device": measures every engine of the playground in turn, and shows the figures.
import { measure } from './measure-engine.js';
import { engineName, machine, machineRows, rows, text } from './measure-report.js';

/** @typedef {import('./measure-engine.js').Engine} Engine */
/** @typedef {import('./measure-report.js').Row} Row */
/** @typedef {import('./measure-report.js').Report} Report */

const query = new URLSearchParams(location.search);
/**
 * A number from the address (`?windows=3&seconds=1`), within limits.
 * @param {string} name
 * @param {number} usual
 * @param {number} least
 * @param {number} most
 */
const requested = (name, usual, least, most) => Math.min(most, Math.max(least, Number(query.get(name)) || usual));
const WINDOWS = requested('windows', 5, 1, 100);
const SECONDS = requested('seconds', 2, 0.1, 60);

/**
 * An element of measure.html.
 * @param {string} id
 */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [start, status, results, copying, copied, toCopy] = [
  at('start'), at('status'), at('results'), at('copying'), at('copied'), at('to-copy')];
const progress = /** @type {HTMLProgressElement} */ (at('progress'));

/** @type {AbortController | undefined} While something is measured. */
let running;
/** @type {Report | undefined} */
let report;

// The theme that was chosen in the playground holds here too (app/theme.rs).
try {
  const media = new Map([['light', 'not all'], ['dark', 'all']]).get(localStorage.getItem('latent-playground-theme') ?? '');
  if (media) /** @type {HTMLLinkElement} */ (at('dark-theme')).media = media;
} catch {
  // The browser may refuse storage.
}

/**
 * The engines here. On the CPU one, two or four workers share a step, as far as there are cores (choice.rs).
 * @returns {Engine[]}
 */
const engines = () => [
  ...[1, 2, 4].filter((workers) => workers === 1 || workers <= navigator.hardwareConcurrency)
    .map((workers) => ({ engine: 'cpu', workers })),
  { engine: 'webgpu', workers: 1 },
];

/**
 * @param {string} name
 * @param {string} [textContent]
 */
const element = (name, textContent = '') => Object.assign(document.createElement(name), { textContent });

/** @param {Row[]} rows */
function list(rows) {
  const list = element('dl');
  list.append(...rows.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
  return list;
}

/**
 * Adds a panel with a heading.
 * @param {string} heading
 * @param {HTMLElement} content
 */
function show(heading, content) {
  const panel = element('section');
  const title = element('h2', heading);
  title.id = `result-${results.childElementCount}`;
  panel.className = 'panel';
  panel.setAttribute('aria-labelledby', title.id);
  panel.append(title, content);
  results.append(panel);
}

/**
 * Measures one engine and shows its figures, or why there are none.
 * @param {Engine} engine
 * @param {string} position Which of all engines it is, in words.
 * @param {AbortSignal} signal
 * @throws The signal's reason if it was aborted.
 */
async function measureOne(engine, position, signal) {
  const options = {
    windows: WINDOWS,
    seconds: SECONDS,
    signal,
    progress: (/** @type {string} */ doing) => {
      if (signal.aborted) return;
      progress.value += 1;
      status.textContent = `${engineName(engine)}${position}: ${doing}`;
    },
  };
  try {
    const figures = await measure(engine, options);
    show(engineName(engine), list(rows(figures)));
    return figures;
  } catch (error) {
    if (signal.aborted) throw error;
    // An error of the frame is no instance of this page's Error.
    const problem = /** @type {{ message?: string }} */ (error).message ?? String(error);
    show(engineName(engine), element('p', `Not measured: ${problem}`));
    return { ...engine, problem };
  }
}

/**
 * Measures all engines, one after another, for a report that has none yet.
 * @param {Report} report
 * @param {AbortSignal} signal
 * @throws The signal's reason if it was aborted: the report then has the engines before.
 */
async function measureAll(report, signal) {
  const all = engines();
  Object.assign(progress, { max: all.length * (WINDOWS + 3), value: 0 });
  show('This device', list(machineRows(report.machine)));
  for (const [place, engine] of all.entries()) {
    progress.value = place * (WINDOWS + 3);
    report.engines.push(await measureOne(engine, ` (${place + 1} of ${all.length})`, signal));
    copying.hidden = false;
  }
  const missing = report.engines.filter((engine) => 'problem' in engine).length;
  status.textContent = missing ? `Done; not measured: ${missing} of ${all.length}.` : 'Done.';
}

async function run() {
  running = new AbortController();
  const { signal } = running;
  report = undefined;
  start.textContent = 'Stop';
  results.replaceChildren();
  copied.textContent = '';
  copying.hidden = toCopy.hidden = true;
  progress.hidden = false;
  try {
    report = {
      measured_at: new Date().toISOString(),
      machine: await machine(),
      network: '784-300-2-300-784, batches of 256',
      windows: WINDOWS,
      seconds_per_window: SECONDS,
      engines: [],
    };
    await measureAll(report, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    status.textContent = `Stopped: ${report?.engines.length ? 'what was measured before stays.' : 'nothing was measured.'}`;
  } finally {
    progress.hidden = true;
    running = undefined;
    start.textContent = 'Measure again';
  }
}

/**
 * Puts a text on the clipboard. Browsers keep the clipboard from pages on plain http: there it is shown, to be copied by
 * hand.
 * @param {string} words
 * @param {string} what
 */
async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    copied.textContent = `Copied as ${what}`;
  } catch {
    copied.textContent = '';
    toCopy.hidden = false;
    const field = /** @type {HTMLTextAreaElement} */ (toCopy.querySelector('textarea'));
    field.value = words;
    field.focus();
    field.select();
  }
}

start.addEventListener('click', () => (running ? running.abort() : run()));
at('copy-text').addEventListener('click', () => { if (report) copy(text(report), 'text'); });
at('copy-json').addEventListener('click', () => { if (report) copy(JSON.stringify(report, null, 2), 'JSON'); });
