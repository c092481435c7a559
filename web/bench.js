// Measures the page's engines, by nothing but what a person can press: loaded only when the address says ?bench=cpu or
// ?bench=webgpu (and perhaps &workers=2), which a measuring program does. It finds globalThis.aeBench here, an object with
//   ready                resolves after the first step, with what is known of the engine
//   load()               resolves when all images are there, and all workers at work
//   train(mode, steps)   trains at least so many steps and pauses: { ms, steps, loss }
//   epoch()              one whole epoch with its validation: { seconds, loss, val_loss }, loss the mean of its steps
//   counts()             what the workers have counted since they were last asked (web/measure-counts.js): their memory and,
//                        of what the trainer has submitted to the GPU, the training alone, if its passes are our own
//   parity(steps)        the losses of the first steps from the weights at /fixture/weights.safetensors, in file order,
//                        and the codes of 16 test digits before and after: { loss, codes_before, codes_after }
const query = new URLSearchParams(location.search);
const engine = query.get('bench');
// The network is the address's own (`#hidden=64`). Views that draw while it trains are left out, and the run is long.
const bare = `engine=${engine}&epochs=1000&map=0&hide=header,chart,predictions,article`;
history.replaceState(null, '', `#${[location.hash.slice(1), bare].filter(Boolean).join('&')}`);

// Nor does what is left of the page draw, or have anything decoded to be drawn, as if it lay behind others: its own work
// would be measured with the engine's, on cores that both need.
document.documentElement.style.display = 'none';
Object.defineProperty(document, 'hidden', { value: true });

// What a person has kept is neither shown nor touched, and no file is kept for later: that would be measured too.
Object.assign(globalThis.store, { keep: () => new Promise(() => {}), newest: async () => undefined });
const { worker } = globalThis.release;
const counting = `?counts=${Math.random()}`;
Object.assign(globalThis.release, {
  worker: (engine) => worker(engine) + counting,
  stay() {},
  async keep() {},
  reloadOnce: () => false,
});

const MODE = 'train';
/** How long helpers may take to join once all images are there, and workers to say what they have counted. */
const HELPERS_MS = 30_000;
const COUNTS_MS = 2_000;

/** The attributes of #run-state (ARCHITECTURE.md has them). */
const state = () => document.querySelector('#run-state').dataset;
const phaseIs = (...phases) => () => phases.includes(state().phase);
const named = (name) => [...document.querySelectorAll('button, input')]
  .find((control) => [control.ariaLabel, control.labels?.[0]?.textContent, control.textContent].some((label) => label?.trim() === name));
const press = (name) => named(name).click();

const pass = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** Whether the engine to be measured is none, or no longer one: the page then takes the other. */
const isGone = () => phaseIs('failed')() || !['', engine].includes(state().engine);

/** Why, in the page's own words. */
function why() {
  const sentence = document.querySelector(phaseIs('failed')() ? '[role=alert] p' : '.engine span');
  return sentence?.textContent ?? 'the engine failed';
}

/** Resolves as soon as `holds` does; tells instead that the engine is gone. */
function until(holds) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!document.querySelector('#run-state') || !(isGone() || holds())) return;
      observer.disconnect();
      // The words come a moment after the state.
      if (isGone()) pass(0).then(() => reject(new Error(why())));
      else resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { subtree: true, childList: true, attributes: true });
    look();
  });
}

async function pause() {
  // What was just pressed may not have begun.
  await until(phaseIs('training', 'paused', 'finished'));
  if (named('Pause')) press('Pause');
  await until(phaseIs('paused', 'finished'));
}

async function ready() {
  await until(() => state().engine && named('Train'));
  const pressed_ms = performance.now();
  press('Train');
  await until(() => Number(state().step) > 0);
  const first_step_ms = performance.now();
  await pause();
  const train_to_first_step_ms = first_step_ms - pressed_ms;
  const page_workers_asked = Number(query.get('workers')) || undefined;
  return { first_step_ms, train_to_first_step_ms, modes: [MODE], engine, page_workers_asked };
}

async function load() {
  const { step } = state();
  press('Train');
  await until(() => state().step !== step);
  // By then it has been told that a new run begins with one worker.
  await pass(300);
  await until(() => !document.querySelector('progress'));
  const asked = engine === 'cpu' ? Number(query.get('workers') ?? 1) : 1;
  const late = async () => {
    await pass(HELPERS_MS);
    throw new Error(`only ${state().workers} of ${asked} workers came`);
  };
  await Promise.race([until(() => Number(state().workers) >= asked), late()]);
  await pause();
}

/**
 * Time is taken from one report of steps to the next, as far as there was nothing but training between them: an epoch's
 * validation is measured by nobody else either.
 */
async function train(_, wanted) {
  const { step: before } = state();
  press('Train');
  await until(() => state().step !== before);
  const total = { ms: 0, steps: 0 };
  let last = { at: performance.now(), ...state() };
  while (total.steps < wanted) {
    const { step } = last;
    await until(() => state().step !== step);
    const now = { at: performance.now(), ...state() };
    if (now.valLoss === last.valLoss) {
      total.ms += now.at - last.at;
      total.steps += now.step - last.step;
    }
    last = now;
  }
  await pause();
  return { ...total, loss: Number(state().loss) };
}

let stepsCounted = 0;

async function counts() {
  const channel = new BroadcastChannel(counting);
  const told = [];
  const all = new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      // The trainer, its helpers and the explorer.
      if (told.push(data) > Number(state().workers)) resolve();
    };
  });
  channel.postMessage('counts?');
  await Promise.race([all, pass(COUNTS_MS)]);
  channel.close();
  const trainer = told.find(({ name }) => name.startsWith('trainer'));
  if (!trainer) throw new Error('the trainer did not say what it had counted');
  // Nothing else takes as many passes for a batch: a validation only goes forward.
  const most = trainer.kinds[Math.max(...Object.keys(trainer.kinds))];
  const steps = Number(state().step) - stepsCounted;
  stepsCounted += steps;
  // Burn's passes don't say where a batch begins, and a run that was taken back has trained more than it has steps.
  const training = most?.batches === steps ? most : undefined;
  return { training, workers: told.map(({ kinds: _, ...worker }) => worker) };
}

/** The rows of the table that a button saves, as a person would find it in their downloads. */
async function table(name) {
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  let saved;
  URL.createObjectURL = (blob) => { saved = blob; return ''; };
  HTMLAnchorElement.prototype.click = () => {};
  press(name);
  Object.assign(URL, { createObjectURL });
  Object.assign(HTMLAnchorElement.prototype, { click });
  const [header, ...rows] = (await saved.text()).trim().split('\n').map((row) => row.split(','));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at], Number(cell)])));
}

/** Trains from the end of one validation to the end of the next. */
async function epoch() {
  const validated = () => { const { valLoss } = state(); return until(() => state().valLoss !== valLoss); };
  press('Train');
  await validated();
  const [before, began] = [Number(state().step), performance.now()];
  await validated();
  const [after, seconds] = [Number(state().step), (performance.now() - began) / 1000];
  await pause();
  const losses = (await table('Losses as CSV')).slice(before, after).map((row) => row.loss);
  const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  return { seconds, loss, val_loss: Number(state().valLoss) };
}

/** The codes of the first test digits, once those of the network as it is now are there. */
async function codes() {
  for (let [last, rows] = ['', []]; ; last = JSON.stringify(rows)) {
    await pass(1000);
    rows = (await table('Codes as CSV')).slice(0, 16).map(({ z1, z2 }) => [z1, z2]);
    if (rows.length === 16 && JSON.stringify(rows) === last) return rows;
  }
}

async function parity(steps) {
  const weights = await (await fetch('/fixture/weights.safetensors')).blob();
  const shuffle = async (on) => {
    if (named('Shuffle').checked !== on) press('Shuffle');
    await pass(0);
  };
  const fresh = () => state().step === '0';
  press('Reset');
  await until(fresh);
  const files = new DataTransfer();
  files.items.add(new File([weights], 'weights.safetensors'));
  const field = named('Model file');
  field.files = files.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  // Reading the file takes a moment, on a busy machine a longer one, and the page doesn't tell when it is done.
  await pass(2000);
  await shuffle(false);
  const codes_before = await codes();
  const loss = [];
  for (let step = 1; step <= steps; step += 1) {
    press('Step');
    await until(() => Number(state().step) === step && state().phase === 'paused');
    loss.push(Number(state().loss));
  }
  const codes_after = await codes();
  await shuffle(true);
  press('Reset');
  await until(fresh);
  return { loss, codes_before, codes_after };
}

const begun = ready();
// Whoever waits for it hears what went wrong, and may come to that later.
begun.catch(() => {});
globalThis.aeBench = { ready: begun, load, train, epoch, counts, parity };
