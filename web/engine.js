// A worker's first script, built once for each engine: loads the engine, reports progress to the page, starts it.
import init from './ENGINE.js';
import { load } from './load.js';

// Only in workers of a page that is measured (web/bench.js); helpers inherit it.
if (import.meta.url.includes('?counts=')) await import('./measure-counts.js');

// What the engine asks for: its release, the data set's manifest, and the script of its helpers.
globalThis.release = { id: 'RELEASE', data: './mnist.txt', script: import.meta.url };

// Reports a panic in the engine's own tasks to the page, like any other error.
addEventListener('unhandledrejection', ({ reason }) => reportError(reason));

try {
  const arriving = load(new URL('./ENGINE_bg.wasm.gz', import.meta.url), (bytes, of) => postMessage([bytes, of]));
  await init({ module_or_path: await arriving });
} catch (error) {
  // A string tells the page why the engine will not start.
  postMessage(error instanceof Error ? error.message : String(error));
}
