// Counts what a worker asks of its memory and of the GPU: wraps the browser's own methods before the engine starts. Loaded
// only where the page is measured (web/bench.js); scripts/soak.mjs puts it in front of the page's and the workers' scripts.
//
// A chunk is the work between two answers from the GPU (`mapAsync`): batches of images that take the same passes. The
// first dynamic offset of a bind group is that of the batch at hand.

/** @type {WebAssembly.Memory[]} */
const memories = [];
let gpu_buffer_bytes = 0;
/** @type {Record<number, ChunkCounts>} Chunks since the last question, by how many dispatches they have for each batch. */
let kinds = {};
/** Chunks whose own times are remembered. */
const MOST_TIMES = 1_000;

// Programs are inflated first (web/load.js), so this is how all of them are instantiated.
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (/** @type {any} */ program, /** @type {WebAssembly.Imports | undefined} */ imports) => {
  const made = await instantiate(program, imports);
  const { exports } = /** @type {any} */ (made).instance ?? made;
  // The second part of a program has the memory of the first one.
  if (exports.memory) memories.push(exports.memory);
  return /** @type {any} */ (made);
};

/**
 * Has `before` called ahead of a method, with its arguments, and `after` behind it, with its result and its object.
 * @param {{ prototype: any }} type
 * @param {string} method
 * @param {(...args: any[]) => void} before
 * @param {(result: any, object: any) => void} [after]
 */
function wrap({ prototype }, method, before, after = () => {}) {
  const original = prototype[method];
  prototype[method] = function (/** @type {any[]} */ ...args) {
    before(...args);
    const result = original.apply(this, args);
    after(result, this);
    return result;
  };
}

function countChunks() {
  const fresh = () => ({ batches: 0, dispatches: 0, submits: 0, host_ms: 0 });
  let chunk = fresh();
  /** @type {number | undefined} The dynamic offset of the batch at hand. */
  let batch;
  /** @type {number | undefined} When the engine began to make the commands at hand, in milliseconds. */
  let began_ms;
  const begin = () => {
    if (began_ms !== undefined) return;
    began_ms = performance.now();
    // An engine makes and submits its commands in one go: what is not submitted by then was something else.
    queueMicrotask(() => { began_ms = undefined; });
  };
  const count = () => { chunk.dispatches += 1; };
  wrap(GPUQueue, 'writeBuffer', begin);
  wrap(GPUDevice, 'createCommandEncoder', begin);
  wrap(GPUComputePassEncoder, 'setBindGroup', (_, __, offsets, start = 0) => {
    if (batch !== offsets?.[start]) chunk.batches += 1;
    batch = offsets?.[start];
  });
  wrap(GPUComputePassEncoder, 'dispatchWorkgroups', count);
  wrap(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', count);
  wrap(GPUQueue, 'submit', () => {}, () => {
    if (chunk.dispatches) {
      chunk.submits += 1;
      chunk.host_ms += began_ms === undefined ? 0 : performance.now() - began_ms;
    }
    batch = began_ms = undefined;
  });
  wrap(GPUBuffer, 'mapAsync', () => {
    if (!chunk.submits) return;
    const { batches, dispatches, submits, host_ms } = chunk;
    /** @type {ChunkCounts} */
    const none = { chunks: 0, batches: 0, dispatches: 0, submits: 0, host_ms_per_batch: [] };
    const kind = kinds[dispatches / batches] ??= none;
    kind.chunks += 1;
    kind.batches += batches;
    kind.dispatches += dispatches;
    kind.submits += submits;
    kind.host_ms_per_batch.push(host_ms / batches);
    if (kind.host_ms_per_batch.length > MOST_TIMES) kind.host_ms_per_batch.shift();
    chunk = fresh();
  });
}

function countBuffers() {
  /** @type {WeakMap<GPUBuffer, number>} */
  const sizes = new WeakMap();
  const free = (/** @type {number} */ bytes) => { gpu_buffer_bytes -= bytes; };
  const collected = new FinalizationRegistry(free);
  let bytes = 0;
  wrap(GPUDevice, 'createBuffer', ({ size }) => { bytes = size; }, (buffer) => {
    gpu_buffer_bytes += bytes;
    sizes.set(buffer, bytes);
    collected.register(buffer, bytes, buffer);
  });
  wrap(GPUBuffer, 'destroy', () => {}, (_, buffer) => {
    free(sizes.get(buffer) ?? 0);
    sizes.delete(buffer);
    collected.unregister(buffer);
  });
}

if (globalThis.GPUDevice) {
  countChunks();
  countBuffers();
}

globalThis.held = () => {
  const wasm_bytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { wasm_bytes, gpu_buffer_bytes };
};

// All workers of a measured page have its number in their address, and no others have it.
const channel = new BroadcastChannel(new URLSearchParams(location.search).get('counts') ?? '');
channel.onmessage = ({ data }) => {
  if (data !== 'counts?') return; // Another worker's answer.
  channel.postMessage({ name, ...globalThis.held(), kinds });
  kinds = {};
};
