// Puts measured figures into words: the same ones on the page and in a copied text.

/** @typedef {import('./measure-engine.js').Engine} Engine */
/** @typedef {import('./measure-engine.js').Figures} Figures */
/** @typedef {[name: string, value: string]} Row */
/** @typedef {{ browser: string, user_agent: string, cores: number, gpu: string, release: string }} Machine */
/**
 * @typedef {object} Report
 * @property {string} measured_at An ISO 8601 time.
 * @property {Machine} machine
 * @property {string} network
 * @property {number} windows
 * @property {number} seconds_per_window
 * @property {(Figures | Engine & { problem: string })[]} engines `problem` says why one was not measured.
 */

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const number = (/** @type {number} */ value) => figure.format(value);
const time = (/** @type {number} */ ms) => (ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000)} s`);
const megabytes = (/** @type {number} */ bytes) => `${number(bytes / 1e6)} MB`;
const range = (/** @type {import('./measure-engine.js').Spread} */ { median, min, max }) => (
  `${number(median)} (${number(min)} to ${number(max)})`);

/** @param {Engine} engine */
export const engineName = ({ engine, workers }) => (
  engine === 'webgpu' ? 'WebGPU engine' : `CPU engine, ${workers} ${workers === 1 ? 'worker' : 'workers'}`);

/**
 * The figures of an engine.
 * @param {Figures} figures
 * @returns {Row[]}
 */
export function rows(figures) {
  const { steps_per_s, first_step_ms, train_to_first_step_ms, memory } = figures;
  const inWorkers = `${megabytes(memory.wasm_bytes)} in ${memory.workers} workers, including the one for the plane`;
  const onGpu = figures.engine === 'webgpu';
  return [
    ['Steps a second', range(steps_per_s)],
    ['First step after opening', time(first_step_ms)],
    ['First step after Train', time(train_to_first_step_ms)],
    ...(onGpu ? submissionRows(figures) : [/** @type {Row} */ (['Host time a step', 'the whole step'])]),
    ['Memory', onGpu ? `${inWorkers}; ${megabytes(memory.gpu_buffer_bytes)} in GPU buffers` : inWorkers],
  ];
}

/**
 * @param {Figures} figures
 * @returns {Row[]}
 */
function submissionRows({ host_ms_per_step, dispatches_per_step = 0, submits_per_chunk = 0, steps_per_chunk = 0 }) {
  if (!host_ms_per_step) return [['Host time a step', 'not counted: the engine trains with Burn here']];
  const steps = `${number(steps_per_chunk)} ${steps_per_chunk === 1 ? 'step' : 'steps'}`;
  return [
    ['Host time a step', `${range(host_ms_per_step)} ms`],
    ['Dispatches a step', number(dispatches_per_step)],
    ['Submits a chunk', `${number(submits_per_chunk)}, of ${steps}`],
  ];
}

/**
 * The machine.
 * @param {Machine} machine
 * @returns {Row[]}
 */
export const machineRows = ({ browser, cores, gpu, release }) => [
  ['Browser', browser], ['Cores', String(cores)], ['GPU', gpu], ['Release', release],
];

/**
 * A whole report as a text for people.
 * @param {Report} report
 */
export function text({ measured_at, machine, network, windows, seconds_per_window, engines }) {
  const lines = (/** @type {Row[]} */ rows) => rows.map(([name, value]) => `  ${name}: ${value}`);
  return [
    `Latent Playground, measured at ${measured_at}`,
    `${network}; medians of ${windows} windows of ${seconds_per_window} s, the least and the most`,
    ...lines(machineRows(machine)),
    ...engines.flatMap((engine) => [
      '', engineName(engine), ...('problem' in engine ? [`  Not measured: ${engine.problem}`] : lines(rows(engine))),
    ]),
    '',
  ].join('\n');
}

/**
 * What this page can find out about the machine.
 * @returns {Promise<Machine>}
 */
export async function machine() {
  const { userAgent, userAgentData, hardwareConcurrency } = navigator;
  // One of the brands that a browser lists is made up, so that nobody relies on their order.
  const brand = userAgentData?.brands.find(({ brand }) => !/not.*brand/i.test(brand));
  const browser = brand ? `${brand.brand} ${brand.version}, ${userAgentData?.platform}` : userAgent;
  // scripts/dist.mjs puts the element into every page.
  const { content: release } = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name=release]'));
  return { browser, user_agent: userAgent, cores: hardwareConcurrency, gpu: await gpu(), release };
}

/** Milliseconds that the browser has to name its GPU. */
const PATIENCE_MS = 5_000;

async function gpu() {
  if (!navigator.gpu) return 'this browser has no WebGPU';
  /** @type {any} Older browsers have no `info`, and the flag at the adapter itself. */
  const adapter = await Promise.race([
    // As the engine asks: of two GPUs it is the one that would train.
    navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null),
    new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, null); }),
  ]);
  if (!adapter) return 'the browser offers none';
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, description].filter(Boolean).join(' ') || 'one without a name';
  return isFallbackAdapter || adapter.isFallbackAdapter ? `${name} (in software)` : name;
}
