// Measures the page's engines, by nothing but what a person can press. The page loads it only if its address says
// ?bench=cpu, ?bench=webgpu or ?bench=burn (and perhaps &workers=2). A measuring program then finds globalThis.aeBench:
//   ready                resolves after the first step, with what is known of the engine
//   load()               resolves when all images are there, and all workers at work
//   train(mode, steps)   trains at least `steps` steps and pauses: { ms, steps, loss }
//   epoch()              trains one whole epoch with its validation: { seconds, loss, val_loss }, loss the mean of its steps
//   counts()             what the workers have counted since they were last asked (web/measure-counts.js): their memory,
//                        and what the trainer has submitted to the GPU for training, if the passes are the engine's own
//   parity(steps)        the losses of the first steps from the weights at /fixture/weights.safetensors, in file order,
//                        and the codes of 16 test images before and after: { loss, codes_before, codes_after }
// web/types/page.d.ts has the types.
const query = new URLSearchParams(location.search);
const engine = query.get('bench') ?? '';
// The network is the address's own (`#hidden=64`). Views that draw while it trains are left out, and the run is long.
const bare = `engine=${engine}&epochs=1000&map=0&hide=header,chart,predictions,article`;
history.replaceState(null, '', `#${[location.hash.slice(1), bare].filter(Boolean).join('&')}`);

// The page behaves as if it were hidden: its own drawing and decoding would take time on the cores that are measured.
document.documentElement.style.display = 'none';
Object.defineProperty(document, 'hidden', { value: true });

// Saved training is neither shown nor changed, and no file is kept: that would be measured, too.
Object.assign(globalThis.store, { keep: () => new Promise(() => {}), newest: async () => undefined });
const { worker } = globalThis.release;
const counting = String(Math.random());
Object.assign(globalThis.release, {
  worker(/** @type {string} */ program, /** @type {string} */ data) {
    const script = worker(program, data);
    return `${script}${script.includes('?') ? '&' : '?'}counts=${counting}`;
  },
  async stay() {},
  async keep() {},
  reloadOnce: () => false,
});

const MODE = 'train';
/** Milliseconds that helpers have to join, once all images are there. */
const HELPERS_MS = 30_000;
/** Milliseconds that workers have to send what they have counted. */
const COUNTS_MS = 2_000;

/** The attributes of #run-state (ARCHITECTURE.md lists them). */
const state = () => /** @type {HTMLElement} */ (document.querySelector('#run-state')).dataset;
const step = () => Number(state().step);
/** @param {string[]} phases */
const phaseIs = (...phases) => () => phases.some((phase) => phase === state().phase);

/** @param {string} name An accessible name. */
function find(name) {
  /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement>} */
  const controls = document.querySelectorAll('button, input');
  return [...controls].find((control) => (
    [control.ariaLabel, control.labels?.[0]?.textContent, control.textContent].some((label) => label?.trim() === name)));
}

/** @param {string} name */
function control(name) {
  const found = find(name);
  if (!found) throw new Error(`the page has no control named ${name}`);
  return found;
}

/** @param {string} name */
const press = (name) => control(name).click();

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Whether the engine to be measured cannot train, or no longer: the page then takes the other. */
const isGone = () => phaseIs('failed')() || !['', engine].includes(state().engine ?? '');

/** Why, in the page's own words. */
function why() {
  const sentence = document.querySelector(phaseIs('failed')() ? '[role=alert] p' : '.engine span');
  return sentence?.textContent ?? 'the engine failed';
}

/**
 * Waits for a condition that follows from the document.
 * @param {() => unknown} holds
 * @returns {Promise<void>}
 * @throws {Error} If the engine is gone.
 */
function until(holds) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!document.querySelector('#run-state') || !(isGone() || holds())) return;
      observer.disconnect();
      // The words come a moment after the state.
      if (isGone()) sleep(0).then(() => reject(new Error(why())));
      else resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { subtree: true, childList: true, attributes: true });
    look();
  });
}

async function pause() {
  // What was just pressed may not have taken effect.
  await until(phaseIs('training', 'paused', 'finished'));
  if (find('Pause')) press('Pause');
  await until(phaseIs('paused', 'finished'));
}

async function start() {
  await until(() => state().engine && find('Train'));
  const pressed_ms = performance.now();
  press('Train');
  await until(() => step() > 0);
  const first_step_ms = performance.now();
  await pause();
  const workers = Number(query.get('workers'));
  return {
    first_step_ms,
    train_to_first_step_ms: first_step_ms - pressed_ms,
    modes: [MODE],
    engine,
    ...(workers ? { page_workers_asked: workers } : {}),
  };
}

async function load() {
  const before = step();
  press('Train');
  await until(() => step() !== before);
  // A new run begins with one worker, and by now the page says so.
  await sleep(300);
  await until(() => !document.querySelector('progress'));
  const requested = engine === 'cpu' ? Number(query.get('workers') ?? 1) : 1;
  const late = async () => {
    await sleep(HELPERS_MS);
    throw new Error(`only ${state().workers} of ${requested} workers came`);
  };
  await Promise.race([until(() => Number(state().workers) >= requested), late()]);
  await pause();
}

/**
 * Measures from one report of steps to the next, as far as there was nothing but training between them: other programs
 * leave an epoch's validation out, too.
 * @param {string} _ There is one mode only.
 * @param {number} least Steps.
 */
async function train(_, least) {
  const began = step();
  press('Train');
  await until(() => step() !== began);
  const now = () => ({ ms: performance.now(), step: step(), valLoss: state().valLoss });
  const total = { ms: 0, steps: 0 };
  let last = now();
  while (total.steps < least) {
    const before = last;
    await until(() => step() !== before.step);
    last = now();
    if (last.valLoss === before.valLoss) {
      total.ms += last.ms - before.ms;
      total.steps += last.step - before.step;
    }
  }
  await pause();
  return { ...total, loss: Number(state().loss) };
}

let stepsCounted = 0;

async function counts() {
  const channel = new BroadcastChannel(counting);
  /** @type {(WorkerCounts & { kinds: Record<number, ChunkCounts> })[]} */
  const answers = [];
  /** @type {Promise<void>} */
  const all = new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      // The trainer, its helpers and the explorer.
      if (answers.push(data) > Number(state().workers)) resolve();
    };
  });
  channel.postMessage('counts?');
  await Promise.race([all, sleep(COUNTS_MS)]);
  channel.close();
  const trainer = answers.find(({ name }) => name.startsWith('trainer'));
  if (!trainer) throw new Error('the trainer did not send what it has counted');
  // A step has the most passes for a batch: a validation only goes forward.
  const kind = trainer.kinds[Math.max(...Object.keys(trainer.kinds).map(Number))];
  const steps = step() - stepsCounted;
  stepsCounted += steps;
  // Burn's passes do not show where a batch begins, and a run that went back to a checkpoint has trained more steps.
  const training = kind?.batches === steps ? kind : undefined;
  return { training, workers: answers.map(({ kinds: _, ...worker }) => worker) };
}

/**
 * The rows of the table that a button saves, by column, as a person would find it among their downloads.
 * @param {string} name
 */
async function table(name) {
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  const saved = await new Promise((resolve, reject) => {
    URL.createObjectURL = (blob) => { resolve(blob); return ''; };
    HTMLAnchorElement.prototype.click = () => {};
    press(name);
    Object.assign(URL, { createObjectURL });
    Object.assign(HTMLAnchorElement.prototype, { click });
    reject(new Error(`${name} saved nothing`));
  });
  /** @type {string} */
  const text = await saved.text();
  const [header = [], ...rows] = text.trim().split('\n').map((row) => row.split(','));
  return rows.map((row) => (
    /** @type {Record<string, number>} */ (Object.fromEntries(row.map((cell, at) => [header[at], Number(cell)])))));
}

/** Trains from the end of one validation to the end of the next. */
async function epoch() {
  const validated = () => {
    const { valLoss } = state();
    return until(() => state().valLoss !== valLoss);
  };
  press('Train');
  await validated();
  const [before, began_ms] = [step(), performance.now()];
  await validated();
  const [after, seconds] = [step(), (performance.now() - began_ms) / 1000];
  await pause();
  const losses = (await table('Losses as CSV')).slice(before, after).map(({ loss = NaN }) => loss);
  const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  return { seconds, loss, val_loss: Number(state().valLoss) };
}

/** The codes of the first test images, once they are those of the network as it is. */
async function codes() {
  for (let last = ''; ;) {
    await sleep(1000);
    const rows = (await table('Codes as CSV')).slice(0, 16).map(({ z1 = NaN, z2 = NaN }) => [z1, z2]);
    if (rows.length === 16 && JSON.stringify(rows) === last) return rows;
    last = JSON.stringify(rows);
  }
}

/** @param {number} steps */
async function parity(steps) {
  const weights = await (await fetch('/fixture/weights.safetensors')).blob();
  const field = () => /** @type {HTMLInputElement} */ (control('Model file'));
  /** @param {boolean} on */
  const shuffle = async (on) => {
    if (/** @type {HTMLInputElement} */ (control('Shuffle')).checked !== on) press('Shuffle');
    await sleep(0);
  };
  const fresh = () => step() === 0;
  press('Reset');
  await until(fresh);
  const files = new DataTransfer();
  files.items.add(new File([weights], 'weights.safetensors'));
  field().files = files.files;
  field().dispatchEvent(new Event('change', { bubbles: true }));
  // Reading the file takes a moment, on a busy machine a longer one, and the page does not show when it is done.
  await sleep(2000);
  await shuffle(false);
  const codes_before = await codes();
  const loss = [];
  for (let count = 1; count <= steps; count += 1) {
    press('Step');
    await until(() => step() === count && state().phase === 'paused');
    loss.push(Number(state().loss));
  }
  const codes_after = await codes();
  await shuffle(true);
  press('Reset');
  await until(fresh);
  return { loss, codes_before, codes_after };
}

const ready = start();
// An engine that cannot start is an error for whoever waits for `ready`, however late that is.
ready.catch(() => {});
globalThis.aeBench = { ready, load, train, epoch, counts, parity };
