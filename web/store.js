// Saves checkpoints in the browser's own database, so that they outlive the page: the last two of the training here
// (src/app/store.rs).
//
// A tab that saves holds a lock for its whole life, so that two tabs never write. Locks and hashes exist in secure
// contexts only, and so does all of this.
import { open, plain, result } from './database.js';

/** Names the database and the lock. */
const name = `${new URL('./', location.href)} training`;
/** Milliseconds that another tab has to release the lock. A page that is being reloaded releases it at once. */
const PATIENCE_MS = 1_000;
/** How many checkpoints stay in the database. */
const MOST = 2;

/** @param {BufferSource} file */
const hash = async (file) => new Uint8Array(await crypto.subtle.digest('SHA-256', file));

/**
 * Opens the checkpoints within a transaction; `end` settles when that has ended.
 * @param {IDBTransactionMode} mode
 */
async function checkpoints(mode) {
  const { store, end } = await open(name, ['checkpoints'], mode, (database) => {
    database.createObjectStore('checkpoints', { autoIncrement: true });
  });
  return { store: store('checkpoints'), end };
}

/**
 * Calls `use` with the lock, which it holds until its promise settles. Resolves to what `use` passes on, or to undefined
 * if another tab holds the lock.
 * @template T
 * @param {LockMode} mode
 * @param {(pass: (value: T | undefined) => void) => Promise<unknown>} use
 * @returns {Promise<T | undefined>}
 * @throws {Error} With part of a sentence: if there are no locks, if they or the storage are refused, or if `use` rejects
 *   before it passes anything on.
 */
async function withLock(mode, use) {
  if (!globalThis.isSecureContext) throw new Error('it does so only over https');
  if (!navigator.locks) throw new Error('it has no locks, so that tabs would overwrite each other');
  let isGranted = false;
  try {
    return await new Promise((resolve, reject) => {
      const options = { mode, signal: AbortSignal.timeout(PATIENCE_MS) };
      navigator.locks.request(name, options, () => {
        isGranted = true;
        return use(resolve);
      }).catch(reject);
    });
  } catch (error) {
    if (isGranted) throw plain(error);
    // The signal's own error, or the one of browsers that do not pass it on.
    const isLate = ['TimeoutError', 'AbortError'].includes(/** @type {DOMException} */ (error)?.name);
    if (isLate && await isHeld()) return undefined;
    throw await refusal();
  }
}

/** Whether a tab holds the lock, as far as the browser tells. */
const isHeld = () => navigator.locks.query().then(
  ({ held = [] }) => held.some((lock) => lock.name === name), () => false);

/** Why there is no lock. A browser that refuses storage refuses locks too: then that is the cause. */
async function refusal() {
  const error = await checkpoints('readonly').then(() => undefined, (error) => error);
  return STORAGE.test(error?.message) ? error : new Error('it refuses the lock that keeps tabs from overwriting each other');
}
/** The errors of web/database.js that hold for all that a page stores. */
const STORAGE = /refuses storage|no storage/;

/** Whether this tab has the lock, which it then has for good. */
let isOwner = false;
/** @type {Promise<unknown> | undefined} While this tab asks for the lock. */
let asking;

globalThis.store = {
  async keep(file, record) {
    if (!isOwner) {
      asking ??= withLock('exclusive', (pass) => {
        isOwner = true;
        pass(isOwner);
        return new Promise(() => {});
      }).finally(() => { asking = undefined; });
      await asking;
    }
    if (!isOwner) return 'elsewhere';
    const sha256 = await hash(file);
    return write({ ...record, file, sha256 });
  },

  newest: () => withLock('shared', async (pass) => pass(await newestSound())),
};

/**
 * Writes a checkpoint, then deletes all but the newest: both happen, or nothing.
 * @param {SavedCheckpoint} record
 */
async function write(record) {
  const { store, end } = await checkpoints('readwrite');
  store.put(record);
  const keys = store.getAllKeys();
  keys.onsuccess = () => {
    for (const key of keys.result.slice(0, -MOST)) store.delete(key);
  };
  return end;
}

/** @returns {Promise<SavedCheckpoint | undefined>} */
async function newestSound() {
  const { store, end } = await checkpoints('readonly');
  const [records] = await Promise.all([result(store.getAll()), end]);
  for (const record of records.reverse()) if (await isSound(record)) return record;
  return undefined;
}

/**
 * Whether a record is a file with its SHA-256. It may be anything: a damaged disk or another page may have written it.
 * @param {any} record
 */
async function isSound(record) {
  try {
    const digest = await hash(record.file);
    return record.sha256.length === digest.length && digest.every((byte, at) => byte === record.sha256[at]);
  } catch {
    return false;
  }
}
