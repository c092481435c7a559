// What the scripts that keep something in the browser's own database share.

/**
 * The result of a request to the database.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(plain(request.error));
});

/** Milliseconds that the database has to open. Some browsers never answer. */
const PATIENCE_MS = 10_000;
/** What the errors of a database mean, by their names. */
const REASONS = new Map([
  ['QuotaExceededError', 'its storage is full'],
  ['SecurityError', 'it refuses storage to this page'],
  ['NotAllowedError', 'it refuses storage to this page'],
  // Firefox' private windows, up to version 114.
  ['InvalidStateError', 'it refuses storage to this page'],
]);

/**
 * Opens stores of a database within a transaction. `end` settles when that has ended; it rejects with part of a
 * sentence.
 * @param {string} name The database's.
 * @param {string[]} stores
 * @param {IDBTransactionMode} mode
 * @param {(database: IDBDatabase) => void} create Makes the stores of a database that is not there yet, when something is to be
 *   written. Reading one that is not there fails, and leaves none.
 */
export async function open(name, stores, mode, create) {
  const database = await opened(name, mode, create);
  const transaction = database.transaction(stores, mode);
  /** @type {Promise<void>} */
  const end = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(plain(transaction.error));
  });
  return { store: (/** @type {string} */ of) => transaction.objectStore(of), end: end.finally(() => database.close()) };
}

/**
 * @param {string} name
 * @param {IDBTransactionMode} mode
 * @param {(database: IDBDatabase) => void} create
 * @returns {Promise<IDBDatabase>}
 */
async function opened(name, mode, create) {
  if (!globalThis.indexedDB) throw new Error('it has no storage for pages');
  let opening;
  try {
    opening = indexedDB.open(name, 1);
  } catch (error) {
    throw plain(error);
  }
  opening.onupgradeneeded = () => (mode === 'readonly' ? opening.transaction?.abort() : create(opening.result));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('its storage does not answer')), PATIENCE_MS);
  });
  return Promise.race([result(opening), late]).finally(() => clearTimeout(timer));
}

/**
 * An error of the database as part of a sentence. The browser's own words are for programmers, and differ.
 * @param {unknown} error
 */
export function plain(error) {
  const { name, message } = /** @type {Partial<DOMException>} */ (error ?? {});
  if (name === 'Error' && message) return new Error(message);
  return new Error(REASONS.get(name ?? '') ?? 'its storage has failed', { cause: error });
}
