// What a worker's scripts and its engine share.

/** What an engine knows of its release (web/engine.js; crates/worker/src/release.rs reads it). */
interface WorkerRelease {
  /** Names the release: 16 hexadecimal digits. */
  readonly id: string;
  /** The name of the data set that the worker works on. */
  readonly dataset: string;
  /** The address of the data set's manifest, relative to the worker's script. */
  readonly data: string;
  /** The address of the worker's script, by which it spawns helpers. */
  readonly script: string;
}

declare var release: WorkerRelease;
/** Loads a file of the data set (web/load.js, web/own-images.js; crates/worker/src/dataset_loader.rs calls it). */
declare var fetchFile: typeof import('../load.js').fetchFile;
/** Notes that an allocation of so many bytes has failed; 0: that it was handled (crates/worker/src/allocator.rs). */
declare var noteFailedAllocation: (bytes: number) => void;
/** Notes why the engine is about to end, in part of a sentence (crates/worker/src/panics.rs). */
declare var noteFailure: (why: string) => void;
/** The bytes that are in use here now (web/measure-counts.js). */
declare var held: () => { wasm_bytes: number; gpu_buffer_bytes: number };
