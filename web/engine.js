// A worker's first script, built once for each engine: loads the engine, reports progress and failures to the page, starts
// the engine.
import init from './ENGINE.js';
import { fetchFile, load } from './load.js';

// What the page has written behind the script's address (web/release.js); helpers inherit it.
const query = new URL(import.meta.url).searchParams;
// Only in workers of a page that is measured (web/bench.js).
if (query.has('counts')) await import('./measure-counts.js');

/** The manifests of the data sets. @type {Record<string, string>} */
const manifests = { mnist: './mnist.txt', 'fashion-mnist': './fashion-mnist.txt' };
const dataset = query.get('data') ?? 'mnist';
// What the engine asks for: its release, its data set with the manifest, and the script of its helpers.
globalThis.release = { id: 'RELEASE', dataset, data: manifests[dataset] ?? 'manifest.txt', script: import.meta.url };
// How it loads the data set: from the server, beside this script, or a person's own images from the browser's database. In a
// sandboxed frame the worker's own address is a blob's, to which nothing is relative.
globalThis.fetchFile = dataset.startsWith('own') ? (await import('./own-images.js')).reader(dataset)
  : (file, ...others) => fetchFile(new URL(file, import.meta.url), ...others);

// Why the engine is about to end, in part of a sentence; empty while there is no reason. Memory that runs out and panics
// both end it in a trap, whose error says only "unreachable".
let failure = '';
globalThis.noteFailedAllocation = (bytes) => {
  failure = bytes ? `it ran out of memory (${Math.ceil(bytes / 1e6)} MB were asked for)` : '';
};
globalThis.noteFailure = (why) => { failure = why; };
addEventListener('error', (event) => {
  if (!failure) return;
  event.preventDefault();
  postMessage(failure);
});

// Reports a panic in the engine's own tasks to the page, like any other error.
addEventListener('unhandledrejection', ({ reason }) => reportError(reason));

/**
 * Why the program did not start, in part of a sentence. Only errors of our own scripts have words for people.
 * @param {unknown} error
 */
function plain(error) {
  if (error instanceof RangeError) return 'it ran out of memory';
  return error instanceof Error && error.name === 'Error' ? error.message : 'this browser could not run its program';
}

try {
  const arriving = load(new URL('./ENGINE_bg.wasm.gz', import.meta.url), (bytes, of) => postMessage([bytes, of]));
  await init({ module_or_path: await arriving });
} catch (error) {
  // A string tells the page why the engine cannot start, or cannot go on.
  postMessage(failure || plain(error));
}
