// What a worker's scripts and its engine share.

/** What an engine knows of its release (web/engine.js; src/engine/release.rs reads it). */
interface WorkerRelease {
  /** Names the release: 16 hexadecimal digits. */
  readonly id: string;
  /** The address of the data set's manifest, relative to the worker's script. */
  readonly data: string;
  /** The address of the worker's script, by which it spawns helpers. */
  readonly script: string;
}

declare var release: WorkerRelease;
/** The bytes that are in use here now (web/measure-counts.js). */
declare var held: () => { wasm_bytes: number; gpu_buffer_bytes: number };
