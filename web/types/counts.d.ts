// What workers count and the measured page reads.

/** What a worker has counted (web/measure-counts.js). */
interface WorkerCounts {
  /** The worker's name: its role. */
  name: string;
  /** Bytes of WebAssembly memory. */
  wasm_bytes: number;
  /** Bytes in GPU buffers that were made and not freed. */
  gpu_buffer_bytes: number;
}

/** Chunks of steps that were submitted to the GPU, in all. */
interface ChunkCounts {
  chunks: number;
  batches: number;
  dispatches: number;
  submits: number;
  /** Milliseconds of the host for a batch, of the last thousand chunks. */
  host_ms_per_batch: number[];
}
