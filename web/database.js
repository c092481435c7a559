// What the scripts that keep something in the browser's own database share.

/**
 * The result of a request to the database.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * Opens stores of a database within a transaction. `end` settles when that has ended; it rejects with a sentence's part where the
 * disk is full.
 * @param {string} name The database's.
 * @param {string[]} stores
 * @param {IDBTransactionMode} mode
 * @param {(database: IDBDatabase) => void} create Makes the stores of a database that is not there yet, when something is to be
 *   written. Reading one that is not there fails, and leaves none.
 */
export async function open(name, stores, mode, create) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => (mode === 'readonly' ? opening.transaction?.abort() : create(opening.result));
  const database = await result(opening);
  const transaction = database.transaction(stores, mode);
  /** @type {Promise<void>} */
  const end = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(words(transaction.error));
  });
  return { store: (/** @type {string} */ of) => transaction.objectStore(of), end: end.finally(() => database.close()) };
}

/**
 * An error in words. Browsers have none for a full disk, or words about quotas.
 * @param {DOMException | null} error
 */
const words = (error) => (error?.name === 'QuotaExceededError' ? new Error('its storage is full') : error);
