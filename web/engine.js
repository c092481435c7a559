// A worker's first script, built once for each engine: loads the engine, tells the page how far that is, and starts it.
import init from './ENGINE.js';
import { load } from './load.js';

// Who measures the page says so in this script's address (web/bench.js); helpers get it from here.
if (import.meta.url.includes('?counts=')) await import('./measure-counts.js');

// What the engine asks for: the release that it is part of, where the data set is described, and what its helpers run.
globalThis.release = { id: 'RELEASE', data: './mnist.txt', script: import.meta.url };

// A panic in the engine's own tasks is an error like any other: the page hears of it.
addEventListener('unhandledrejection', ({ reason }) => reportError(reason));

try {
  const arriving = load(new URL('./ENGINE_bg.wasm.gz', import.meta.url), (bytes, of) => postMessage([bytes, of]));
  await init({ module_or_path: await arriving });
} catch (error) {
  // Before the engine speaks for itself, a string says why it never will.
  postMessage(error.message);
}
