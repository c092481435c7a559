// Measures one engine: opens the playground in a hidden frame, and drives it by what web/bench.js offers there.
import { spread } from './spread.js';

/** @typedef {{ engine: string, workers: number }} Engine `workers` is how many train together. */
/** @typedef {ReturnType<typeof spread>} Spread */
/**
 * @typedef {object} Submissions What was submitted to the GPU; times in milliseconds.
 * @property {Spread} host_ms_per_step
 * @property {number} dispatches_per_step
 * @property {number} submits_per_chunk
 * @property {number} steps_per_chunk
 */
/**
 * @typedef {Engine & Partial<Submissions> & {
 *   steps_per_s: Spread, first_step_ms: number, train_to_first_step_ms: number, memory: ReturnType<typeof memoryOf>,
 * }} Figures The submissions only where the engine trains on the GPU by its own passes.
 */
/** @typedef {{ windows: number, seconds: number, progress: (doing: string) => void }} Options */

/** Milliseconds that the playground has to come, on a slow network too. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** Milliseconds that the server has to answer at all. */
const ANSWER_MS = 15_000;

/**
 * The release of a page; undefined if it is another page.
 * @param {Document} page
 */
const releaseOf = (page) => /** @type {HTMLMetaElement | null} */ (page.querySelector('meta[name=release]'))?.content;
/** A number with as many digits as any of these figures deserves. */
const rounded = (/** @type {number} */ number) => Number(number.toPrecision(4));
/** @param {number[]} figures */
function roundedSpread(figures) {
  const { median, min, max } = spread(figures);
  return { median: rounded(median), min: rounded(min), max: rounded(max) };
}

/**
 * Measures an engine over some windows of time.
 * @param {Engine} engine
 * @param {Options & { signal: AbortSignal }} options `windows` of `seconds` each. `progress` hears what is being done, in
 *   words. `signal` ends everything, the workers too.
 * @returns {Promise<Figures>}
 * @throws The signal's reason if it was aborted; otherwise an Error that says why the engine cannot be measured.
 */
export async function measure(engine, { signal, ...options }) {
  signal.throwIfAborted();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = `./?bench=${engine.engine}&workers=${engine.workers}`;
  /** @type {Promise<never>} */
  const stopped = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([stopped, figures(frame, engine, options)]);
  } finally {
    frame.remove();
  }
}

/**
 * @param {HTMLIFrameElement} frame
 * @param {Engine} engine
 * @param {Options} options
 * @returns {Promise<Figures>}
 */
async function figures(frame, engine, { windows, seconds, progress }) {
  progress('starting');
  const bench = await open(frame);
  const { first_step_ms, train_to_first_step_ms } = await bench.ready;
  progress('loading the images');
  await bench.load();
  progress('warming up');
  /** Trains at least so many steps; gives steps per second. */
  const train = async (/** @type {number} */ least) => {
    const { steps, ms } = await bench.train('train', Math.ceil(least));
    return 1000 * steps / ms;
  };
  const warm = await train(await train(1) * seconds);
  let counts = await bench.counts();
  const speeds = [];
  const chunks = [];
  for (let window = 1; window <= windows; window += 1) {
    progress(`measuring, ${window} of ${windows}`);
    speeds.push(await train(warm * seconds));
    counts = await bench.counts();
    if (counts.training) chunks.push(counts.training);
  }
  return {
    ...engine,
    steps_per_s: roundedSpread(speeds),
    first_step_ms: rounded(first_step_ms),
    train_to_first_step_ms: rounded(train_to_first_step_ms),
    ...(chunks.length === windows ? submissions(chunks) : {}),
    memory: memoryOf(counts.workers),
  };
}

/**
 * What was submitted to the GPU in each window.
 * @param {ChunkCounts[]} windows
 * @returns {Submissions}
 */
function submissions(windows) {
  const total = (/** @type {'chunks' | 'batches' | 'dispatches' | 'submits'} */ what) => (
    windows.reduce((sum, window) => sum + window[what], 0));
  return {
    // A window's median: a worker that waits for a core would count as slow.
    host_ms_per_step: roundedSpread(windows.map(({ host_ms_per_batch }) => spread(host_ms_per_batch).median)),
    dispatches_per_step: rounded(total('dispatches') / total('batches')),
    submits_per_chunk: rounded(total('submits') / total('chunks')),
    steps_per_chunk: rounded(total('batches') / total('chunks')),
  };
}

/**
 * The bytes that all workers of the page hold, the explorer among them.
 * @param {WorkerCounts[]} workers
 */
function memoryOf(workers) {
  const sum = (/** @type {'wasm_bytes' | 'gpu_buffer_bytes'} */ what) => workers.reduce((all, worker) => all + worker[what], 0);
  return { workers: workers.length, wasm_bytes: sum('wasm_bytes'), gpu_buffer_bytes: sum('gpu_buffer_bytes') };
}

/**
 * Opens the playground in the frame, and waits for what web/bench.js offers there.
 * @param {HTMLIFrameElement} frame
 */
async function open(frame) {
  const failed = new Error('the playground could not be opened');
  // Firefox and WebKit do not tell when a frame cannot be loaded. The file comes from the same place as the frame will.
  const asked = { signal: AbortSignal.timeout(ANSWER_MS) };
  const answer = await fetch(frame.src, asked).catch(() => { throw failed; });
  if (!answer.ok) throw failed;
  document.body.append(frame);
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
    // The browser's own page about an error belongs to another origin.
    const page = frame.contentDocument;
    if (!page) throw failed;
    // The frame's first, empty page has the address about:blank.
    if (page.URL === 'about:blank' || page.readyState === 'loading') continue;
    const release = releaseOf(page);
    if (!release) throw failed;
    if (release !== releaseOf(document)) throw new Error('the playground is of another release: reload it, and then this page');
    const bench = frame.contentWindow?.aeBench;
    if (bench) return bench;
  }
  throw failed;
}
