// Measures the page's engines, by nothing but what a person can press: loaded only when the address says ?bench=cpu or
// ?bench=webgpu (and perhaps &workers=2), which a measuring program does. It finds globalThis.aeBench here, an object with
//   ready                resolves after the first step, with what is known of the engine
//   load()               resolves when all images are there, and all workers at work
//   train(mode, steps)   trains at least so many steps and pauses: { ms, steps, loss }
//   epoch()              one whole epoch with its validation: { seconds, loss, val_loss }, loss the mean of its steps
//   parity(steps)        the losses of the first steps from the weights at /fixture/weights.safetensors, in file order,
//                        and the codes of 16 test digits before and after: { loss, codes_before, codes_after }
const query = new URLSearchParams(location.search);
const engine = query.get('bench');
// Views that draw while the network trains are left out, and the run is long.
history.replaceState(null, '', `#engine=${engine}&epochs=1000&map=0&hide=header,chart,predictions,article`);

// Nor does what is left of the page draw: its own work would be measured with the engine's, on cores that both need.
document.documentElement.style.display = 'none';

const MODE = 'train';

/** The attributes of #run-state (ARCHITECTURE.md has them). */
const state = () => document.querySelector('#run-state').dataset;
const phaseIs = (...phases) => () => phases.includes(state().phase);
const named = (name) => [...document.querySelectorAll('button, input')]
  .find((control) => [control.ariaLabel, control.labels?.[0]?.textContent, control.textContent].some((label) => label?.trim() === name));
const press = (name) => named(name).click();

/** Resolves as soon as `holds` does; tells of a failure of the engine instead. */
function until(holds) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (document.querySelector('#run-state') && (holds() || phaseIs('failed')())) {
        observer.disconnect();
        if (holds()) resolve();
        else reject(new Error(document.querySelector('[role=alert]')?.textContent ?? 'the engine failed'));
      }
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
  if (state().engine !== engine) throw new Error(`this browser has no engine ${engine}`);
  press('Train');
  await until(() => Number(state().step) > 0);
  const first_step_ms = performance.now();
  await pause();
  return { first_step_ms, modes: [MODE], engine, page_workers_asked: Number(query.get('workers')) || undefined };
}

async function load() {
  const { step } = state();
  press('Train');
  await until(() => state().step !== step);
  // By then it has been told that a new run begins with one worker.
  await new Promise((done) => { setTimeout(done, 300); });
  const asked = engine === 'cpu' ? Number(query.get('workers') ?? 1) : 1;
  await until(() => !document.querySelector('progress') && Number(state().workers) >= asked);
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
  const moment = () => new Promise((done) => { setTimeout(done, 1000); });
  for (let [last, rows] = ['', []]; ; last = JSON.stringify(rows)) {
    await moment();
    rows = (await table('Codes as CSV')).slice(0, 16).map(({ z1, z2 }) => [z1, z2]);
    if (rows.length === 16 && JSON.stringify(rows) === last) return rows;
  }
}

async function parity(steps) {
  const weights = await (await fetch('/fixture/weights.safetensors')).blob();
  const shuffle = async (on) => {
    if (named('Shuffle').checked !== on) press('Shuffle');
    await new Promise((done) => { setTimeout(done); });
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
  await new Promise((done) => { setTimeout(done, 2000); });
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

globalThis.aeBench = { ready: ready(), load, train, epoch, parity };
