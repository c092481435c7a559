// What the page's scripts and its program share.

/** The release that the page belongs to (web/release.js; src/app/release.rs calls it). */
interface PageRelease {
  /** Names the release: 16 hexadecimal digits. */
  readonly id: string;
  /**
   * The address of the first script of a program's worker that works on this data set; empty if this release has no such
   * program.
   */
  worker(program: string, data: string): string;
  /** Whether the server has another release than this one by now. What cannot be found out is no. */
  serverHasAnother(): Promise<boolean>;
  /** Reloads the page in the hope of another release: once for this release, in this tab. Returns whether it does. */
  reloadOnce(): boolean;
  /** Calls `notify` when a newer release has been fetched: the next visit gets it, and so does a reload. */
  whenOneWaits(notify: () => void): void;
  /** Takes the newest release that is here, by a reload. */
  take(): void;
  /**
   * Keeps the page for days without a network, with the images that are seen first of this data set, and looks out for newer
   * releases: from the first call on.
   */
  stay(data: string): Promise<void>;
  /** Has the service worker keep everything that training with this program on this data set takes. */
  keep(program: string, data: string): Promise<void>;
}

/** What is saved beside a checkpoint's file. */
interface CheckpointRecord {
  /** The epoch under way when it was made; 1 is the first. */
  epoch: number;
  /** The name of the selected engine. */
  engine: string;
}

/** A checkpoint as it is in the database. */
interface SavedCheckpoint extends CheckpointRecord {
  file: Uint8Array<ArrayBuffer>;
  sha256: Uint8Array;
}

/** Checkpoints that outlive the page (web/store.js; src/app/store.rs calls it). */
interface CheckpointStore {
  /**
   * Saves a checkpoint, and keeps the one before it. Resolves to 'elsewhere' if another tab saves its own. Rejects if
   * the browser saves nothing: with an error whose message completes "it is not saved (…)".
   */
  keep(file: Uint8Array<ArrayBuffer>, record: CheckpointRecord): Promise<void | 'elsewhere'>;
  /** The newest checkpoint that fits its hash; undefined if there is none, or if another tab saves its own. */
  newest(): Promise<SavedCheckpoint | undefined>;
}

/** What a measuring program finds in the page as `globalThis.aeBench` (web/bench.js). */
interface Bench {
  /** Resolves after the first step, with what is known of the engine; times in milliseconds. */
  ready: Promise<{
    /** From opening the page. */
    first_step_ms: number;
    /** From pressing Train. */
    train_to_first_step_ms: number;
    modes: string[];
    engine: string;
    page_workers_asked?: number;
  }>;
  /** Resolves when all images are there, and all workers at work. */
  load(): Promise<void>;
  /** Trains at least `steps` steps and pauses; `ms` without validations. */
  train(mode: string, steps: number): Promise<{ ms: number; steps: number; loss: number }>;
  /** Trains one whole epoch with its validation; `loss` is the mean of its steps. */
  epoch(): Promise<{ seconds: number; loss: number; val_loss: number }>;
  /** What the workers have counted since they were last asked; `training` if it is the engine's own passes. */
  counts(): Promise<{ training: ChunkCounts | undefined; workers: WorkerCounts[] }>;
  /**
   * The losses of the first steps from the weights at /fixture/weights.safetensors, in file order, and the codes of 16
   * test images before and after them.
   */
  parity(steps: number): Promise<{ loss: number[]; codes_before: number[][]; codes_after: number[][] }>;
}

declare var release: PageRelease;
/** The result of a promise, or null if that takes longer than so many milliseconds (web/patience.js). */
declare var within: <T>(ms: number, promise: Promise<T>) => Promise<T | null>;
declare var store: CheckpointStore;
/** The files that were dropped, those in folders too, each with its path (web/dropped-files.js). */
declare var droppedFiles: (transfer: DataTransfer) => Promise<[string, File][]>;
declare var aeBench: Bench | undefined;

interface Window {
  /** Of the playground in a frame (web/measure-engine.js). */
  aeBench?: Bench;
}

/** Chromium's alone. */
interface Navigator {
  userAgentData?: { brands: { brand: string; version: string }[]; platform: string };
}
