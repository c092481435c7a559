// What was measured, in words: the same ones on the page and in a copied text.

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const number = (value) => figure.format(value);
const time = (ms) => (ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000)} s`);
const megabytes = (bytes) => `${number(bytes / 1e6)} MB`;
const range = ({ median, min, max }) => `${number(median)} (${number(min)} to ${number(max)})`;

export const engineName = ({ engine, workers }) => (
  engine === 'webgpu' ? 'WebGPU engine' : `CPU engine, ${workers} ${workers === 1 ? 'worker' : 'workers'}`);

/** The figures of an engine: pairs of a name and what it is. */
export function rows(measured) {
  const { steps_per_s, first_step_ms, train_to_first_step_ms, memory } = measured;
  const inWorkers = `${megabytes(memory.wasm_bytes)} in ${memory.workers} workers, with the one for the plane`;
  const onGpu = measured.engine === 'webgpu';
  return [
    ['Steps a second', range(steps_per_s)],
    ['First step after opening', time(first_step_ms)],
    ['First step after Train', time(train_to_first_step_ms)],
    ...(onGpu ? submissions(measured) : [['Host time a step', 'the whole step']]),
    ['Memory', onGpu ? `${inWorkers}; ${megabytes(memory.gpu_buffer_bytes)} in GPU buffers` : inWorkers],
  ];
}

function submissions({ host_ms_per_step, dispatches_per_step, submits_per_chunk, steps_per_chunk }) {
  if (!host_ms_per_step) return [['Host time a step', 'not counted: the engine trains by other passes than its own']];
  const steps = `${number(steps_per_chunk)} ${steps_per_chunk === 1 ? 'step' : 'steps'}`;
  return [
    ['Host time a step', `${range(host_ms_per_step)} ms`],
    ['Dispatches a step', number(dispatches_per_step)],
    ['Submits a chunk', `${number(submits_per_chunk)}, of ${steps}`],
  ];
}

/** The machine: pairs of a name and what it is. */
export const machineRows = ({ browser, cores, gpu, release }) => [
  ['Browser', browser], ['Cores', String(cores)], ['GPU', gpu], ['Release', release],
];

/** All that was measured, for people. */
export function text({ measured_at, machine, network, windows, seconds_per_window, engines }) {
  const lines = (pairs) => pairs.map(([name, value]) => `  ${name}: ${value}`);
  const told = (engine) => (engine.problem ? [`  Not measured: ${engine.problem}`] : lines(rows(engine)));
  return [
    `Latent Playground, measured at ${measured_at}`,
    `${network}; medians of ${windows} windows of ${seconds_per_window} s, the least and the most`,
    ...lines(machineRows(machine)),
    ...engines.flatMap((engine) => ['', engineName(engine), ...told(engine)]),
    '',
  ].join('\n');
}

/** What this page can know of the machine. */
export async function machine() {
  const { userAgent, userAgentData, hardwareConcurrency } = navigator;
  // One of the names that a browser gives itself is nonsense, so that nobody relies on their order.
  const brand = userAgentData?.brands.find(({ brand }) => !/not.*brand/i.test(brand));
  const browser = brand ? `${brand.brand} ${brand.version}, ${userAgentData.platform}` : userAgent;
  const release = document.querySelector('meta[name=release]').content;
  return { browser, user_agent: userAgent, cores: hardwareConcurrency, gpu: await gpu(), release };
}

async function gpu() {
  if (!navigator.gpu) return 'this browser has no WebGPU';
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return 'the browser offers none';
  // Older browsers tell nothing in this way, and have the flag at the adapter itself.
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, description].filter(Boolean).join(' ') || 'one without a name';
  return isFallbackAdapter || adapter.isFallbackAdapter ? `${name} (in software)` : name;
}
