// Checkpoints that outlive the page: the last two of the training here, in the browser's own database.
//
// A tab that keeps training holds a lock for its whole life, so that no two of them write. Locks and hashes are for
// secure contexts only, and so is all of this.

const name = `${new URL('./', location)} training`;
/** Milliseconds that another tab may take to let go of the lock: a page that is being reloaded lets go at once. */
const PATIENCE_MS = 1000;
const KEPT = 2;

const hashed = async (file) => new Uint8Array(await crypto.subtle.digest('SHA-256', file));
const isSame = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** What a request of the database gives. */
const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** The checkpoints, within a transaction, and its end. */
async function checkpoints(mode) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('checkpoints', { autoIncrement: true });
  const database = await answer(opening);
  const transaction = database.transaction('checkpoints', mode);
  const end = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  }).finally(() => database.close());
  return { store: transaction.objectStore('checkpoints'), end };
}

/** Calls `use` when the lock is had, and gives whether it was. */
const locked = (mode, use) => new Promise((resolve) => {
  const options = { mode, signal: AbortSignal.timeout(PATIENCE_MS) };
  navigator.locks.request(name, options, () => use(resolve)).catch(() => resolve(false));
});

let isMine = false;

globalThis.store = {
  /** Keeps a checkpoint, and the one before it. Gives nothing if that went well, 'elsewhere' if another tab does it. */
  async keep(file, record) {
    isMine ||= await locked('exclusive', (had) => { had(true); return new Promise(() => {}); });
    if (!isMine) return 'elsewhere';
    const sha256 = await hashed(file);
    return written({ ...record, file, sha256 }).catch((error) => {
      // Browsers have no words for it, or words about quotas.
      throw error?.name === 'QuotaExceededError' ? new Error('its storage is full') : error;
    });
  },

  /** The newest checkpoint that is sound, if no other tab is at work on it. */
  newest: () => locked('shared', async (had) => had(await sound())),
};

async function written(record) {
  const { store, end } = await checkpoints('readwrite');
  store.put(record);
  // The new one before the old: all of this happens, or nothing.
  store.getAllKeys().onsuccess = ({ target }) => {
    for (const key of target.result.slice(0, -KEPT)) store.delete(key);
  };
  return end;
}

async function sound() {
  const { store, end } = await checkpoints('readonly');
  const all = await answer(store.getAll());
  await end;
  for (const record of all.reverse()) if (isSame(await hashed(record.file), record.sha256)) return record;
  return undefined;
}
