// Waits for what a browser may never answer, but not for ever (crates/browser/src/patience.rs).

globalThis.within = (ms, promise) => Promise.race([
  promise, new Promise((resolve) => { setTimeout(resolve, ms, null); }),
]);
