// How one engine is measured: in a frame that nobody sees the playground is opened for it, and driven by what web/bench.js
// gives there.
import { spread } from './spread.js';

/** How long the playground may take to come, on a slow line too. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

const own = () => document.querySelector('meta[name=release]').content;
/** As many digits as any of these figures deserves. */
const rounded = (number) => Number(number.toPrecision(4));
const roundedSpread = (figures) => Object.fromEntries(
  Object.entries(spread(figures)).map(([name, figure]) => [name, rounded(figure)]));

/**
 * The figures of an engine, { engine, workers }, over so many windows of so many seconds. `tell` hears what is done, in
 * words. When `signal` says so everything ends, the workers too.
 */
export async function measure(engine, { windows, seconds, signal, tell }) {
  signal.throwIfAborted();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = `./?bench=${engine.engine}&workers=${engine.workers}`;
  const stopped = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([stopped, figures(frame, engine, { windows, seconds, tell })]);
  } finally {
    frame.remove();
  }
}

async function figures(frame, engine, { windows, seconds, tell }) {
  tell('starting');
  const bench = await opened(frame);
  const { first_step_ms, train_to_first_step_ms } = await bench.ready;
  tell('loading the images');
  await bench.load();
  tell('warming up');
  const perSecond = ({ steps, ms }) => 1000 * steps / ms;
  const train = async (steps) => perSecond(await bench.train('train', Math.ceil(steps)));
  const warm = await train(await train(1) * seconds);
  await bench.counts();
  const [speeds, chunks] = [[], []];
  let counts;
  for (let window = 1; window <= windows; window += 1) {
    tell(`measuring, ${window} of ${windows}`);
    speeds.push(await train(warm * seconds));
    counts = await bench.counts();
    chunks.push(counts.training);
  }
  return {
    ...engine,
    steps_per_s: roundedSpread(speeds),
    first_step_ms: rounded(first_step_ms),
    train_to_first_step_ms: rounded(train_to_first_step_ms),
    ...(chunks.every(Boolean) ? submitted(chunks) : {}),
    memory: held(counts.workers),
  };
}

/** What was submitted to the GPU in each window. */
function submitted(windows) {
  const total = (what) => windows.reduce((sum, window) => sum + window[what], 0);
  return {
    // Of a window the median: a worker that has to wait for a core takes no time of its own.
    host_ms_per_step: roundedSpread(windows.map(({ host_ms_per_batch }) => spread(host_ms_per_batch).median)),
    dispatches_per_step: rounded(total('dispatches') / total('batches')),
    submits_per_chunk: rounded(total('submits') / total('chunks')),
    steps_per_chunk: rounded(total('batches') / total('chunks')),
  };
}

/** What all workers of the page hold, with the one that works for the plane. */
function held(workers) {
  const sum = (what) => workers.reduce((all, worker) => all + worker[what], 0);
  return { workers: workers.length, wasm_bytes: sum('wasm_bytes'), gpu_buffer_bytes: sum('gpu_buffer_bytes') };
}

/** What web/bench.js gives in the frame, once it is there. */
async function opened(frame) {
  const failed = new Error('the playground could not be opened');
  const loaded = new Promise((resolve) => { frame.addEventListener('load', resolve, { once: true }); });
  document.body.append(frame);
  await loaded;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    // The browser's own page about an error is another origin's.
    if (!frame.contentDocument) throw failed;
    const release = frame.contentDocument.querySelector('meta[name=release]')?.content;
    if (!release) throw failed;
    if (release !== own()) throw new Error('the playground is of another release: reload it, and then this page');
    if (frame.contentWindow.aeBench) return frame.contentWindow.aeBench;
    await new Promise((resume) => { setTimeout(resume, LOOK_EVERY_MS); });
  }
  throw failed;
}
