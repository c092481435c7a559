// What a worker asks of its memory and of the GPU, counted by wrapping the browser's own methods before the engine starts:
// only where the page is measured (web/bench.js; scripts/soak.mjs puts it before whatever has memory).
//
// Between two answers from the GPU (`mapAsync`) lies a chunk of work: batches of images that take the same passes. The
// first dynamic offset of a bind group is that of the batch at hand.

const memories = [];
let gpu_buffer_bytes = 0;
/** What the chunks had since somebody last asked, in all, by how many dispatches they have for each batch. */
let kinds = {};
/** Chunks whose own times are remembered for whoever asks. */
const MOST_TIMES = 1_000;

// `instantiateStreaming` is not used: programs are inflated first (web/load.js).
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...program) => {
  const made = await instantiate(...program);
  memories.push((made.instance ?? made).exports.memory);
  return made;
};

/** Has `before` called ahead of a method, with its arguments, and `after` behind it, with what it gave and whose it is. */
function wrap({ prototype }, method, before, after = () => {}) {
  const original = prototype[method];
  prototype[method] = function (...args) {
    before(...args);
    const result = original.apply(this, args);
    after(result, this);
    return result;
  };
}

function countChunks() {
  const fresh = () => ({ batches: 0, dispatches: 0, submits: 0, host_ms: 0 });
  let [chunk, batch, began] = [fresh(), null, undefined];
  const begin = () => {
    if (began !== undefined) return;
    began = performance.now();
    // An engine makes and submits its commands in one go: what doesn't come to that was something else.
    queueMicrotask(() => { began = undefined; });
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
      chunk.host_ms += performance.now() - began;
    }
    [batch, began] = [null, undefined];
  });
  wrap(GPUBuffer, 'mapAsync', () => {
    if (!chunk.submits) return;
    const { batches, dispatches, submits, host_ms } = chunk;
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
  const sizes = new WeakMap();
  const free = (bytes) => { gpu_buffer_bytes -= bytes; };
  const forgotten = new FinalizationRegistry(free);
  let bytes;
  wrap(GPUDevice, 'createBuffer', ({ size }) => { bytes = size; }, (buffer) => {
    gpu_buffer_bytes += bytes;
    sizes.set(buffer, bytes);
    forgotten.register(buffer, bytes, buffer);
  });
  wrap(GPUBuffer, 'destroy', () => {}, (_, buffer) => {
    free(sizes.get(buffer) ?? 0);
    sizes.delete(buffer);
    forgotten.unregister(buffer);
  });
}

if (globalThis.GPUDevice) {
  countChunks();
  countBuffers();
}

/** Bytes that are held here now. */
globalThis.held = () => {
  const wasm_bytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { wasm_bytes, gpu_buffer_bytes };
};

// All workers of a measured page have its number in their address, and nobody else has it.
const channel = new BroadcastChannel(location.search);
channel.onmessage = ({ data }) => {
  if (data !== 'counts?') return; // Another worker's answer.
  channel.postMessage({ name, ...globalThis.held(), kinds });
  kinds = {};
};
