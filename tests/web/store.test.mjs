// Saved checkpoints in browsers that refuse locks or storage, whose disk is full, or whose records are damaged.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bundled, refused, run, settle } from './scripts.mjs';

const SCRIPT = bundled('store.js');
const FILE = new Uint8Array([1, 2, 3]);
const RECORD = { epoch: 7, engine: 'cpu' };
const hash = (file) => new Uint8Array(createHash('sha256').update(file).digest());
const saved = (epoch, file = FILE) => ({ epoch, engine: 'cpu', file, sha256: hash(file) });

/** As much of IndexedDB as the script uses, over an array of [key, record]; `fails` may name what goes wrong. */
function fakeDatabase(records, fails = {}) {
  const later = (act) => { setImmediate(act); };
  const requested = (act) => {
    const request = {};
    later(() => {
      try {
        request.result = act();
        request.onsuccess?.({ target: request });
      } catch (error) {
        request.error = error;
        request.onerror?.({ target: request });
      }
    });
    return request;
  };
  const state = { isOpen: false };
  const database = {
    createObjectStore() {},
    close() { state.isOpen = false; },
    transaction() {
      const transaction = {
        error: null,
        objectStore: () => ({
          put: (record) => requested(() => {
            if (fails.put) throw fails.put;
            records.push([(records.at(-1)?.[0] ?? 0) + 1, record]);
          }),
          getAll: () => requested(() => {
            if (fails.getAll) throw fails.getAll;
            return records.map(([, record]) => record);
          }),
          getAllKeys: () => requested(() => records.map(([key]) => key)),
          delete: (key) => requested(() => records.splice(records.findIndex(([other]) => other === key), 1)),
        }),
      };
      setTimeout(() => {
        transaction.error = fails.put ?? fails.getAll ?? null;
        if (transaction.error) transaction.onabort?.();
        else transaction.oncomplete?.();
      }, 30);
      return transaction;
    },
  };
  const open = () => {
    if (fails.open) throw fails.open;
    state.isOpen = true;
    return requested(() => database);
  };
  return { indexedDB: { open }, state };
}

/** Locks: `held` tells whether another tab has them. */
function fakeLocks(held) {
  let isMine = false;
  return {
    query: async () => ({ held: await held() ? [{ name: 'https://host/some/where/ training' }] : [] }),
    request: async (_, __, use) => {
      if (await held() || isMine) throw new DOMException('signal timed out', 'TimeoutError');
      isMine = true;
      try {
        return await use();
      } finally {
        isMine = false;
      }
    },
  };
}

function started({ records = [], fails, held = async () => false, navigator = { locks: fakeLocks(held) }, isSecureContext = true } = {}) {
  const { indexedDB, state } = fakeDatabase(records, fails);
  const location = new URL('https://host/some/where/');
  const globals = { URL, AbortSignal, Uint8Array, crypto, navigator, indexedDB, location, isSecureContext, setTimeout, clearTimeout };
  const { store } = run(SCRIPT, globals);
  return { store, records, state };
}

test('the last two checkpoints are saved with their hashes, and the newest is given', async () => {
  const { store, records, state } = started({ records: [] });
  for (const epoch of [7, 8, 9]) assert.equal(await store.keep(FILE, { ...RECORD, epoch }), undefined);
  assert.deepEqual(records.map(([, { epoch }]) => epoch), [8, 9]);
  assert.deepEqual(records[1][1].sha256, hash(FILE));
  assert.equal(state.isOpen, false);
  const other = started({ records });
  assert.equal((await other.store.newest()).epoch, 9);
});

test('on plain http it says what is missing', async () => {
  const { store } = started({ navigator: {}, isSecureContext: false });
  await assert.rejects(store.keep(FILE, RECORD), { message: 'it does so only over https' });
  await assert.rejects(store.newest());
  await settle();
});

test('while another tab saves its own this one does not, and asks anew each time', async () => {
  let isHeld = true;
  const { store, records } = started({ records: [[1, saved(3)]], held: async () => isHeld });
  assert.equal(await store.keep(FILE, RECORD), 'elsewhere');
  assert.equal(await store.newest(), undefined);
  isHeld = false;
  assert.equal(await store.keep(FILE, RECORD), undefined);
  assert.deepEqual(records.map(([, { epoch }]) => epoch), [3, 7]);
});

test('an interface that is missing and one that is refused get a sentence each, without the browser’s words', async () => {
  const cases = [
    [{ navigator: {} }, 'it has no locks, so that tabs would overwrite each other'],
    [{ held: async () => { throw refused(); } }, 'it refuses the lock that keeps tabs from overwriting each other'],
    // All cookies blocked: Firefox refuses the lock too, but storage is the cause.
    [{ held: async () => { throw refused(); }, fails: { open: refused() } }, 'it refuses storage to this page'],
    [{ fails: { open: refused() } }, 'it refuses storage to this page'],
    [{ fails: { open: new DOMException('Internal error.', 'UnknownError') } }, 'its storage has failed'],
  ];
  for (const [given, message] of cases) {
    const { store } = started(given);
    for (let time = 0; time < 2; time += 1) await assert.rejects(store.keep(FILE, RECORD), { message });
    await assert.rejects(started(given).store.newest(), { message });
  }
  await settle();
});

test('a lock that is not granted, and that nobody holds, is not taken for another tab’s', async () => {
  const locks = { request: async () => { throw new DOMException('signal timed out', 'TimeoutError'); }, query: async () => ({ held: [] }) };
  const { store } = started({ navigator: { locks } });
  await assert.rejects(store.keep(FILE, RECORD), { message: /refuses the lock/ });
});

test('a database that never opens is given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const locks = fakeLocks(async () => false);
  const { store } = run(SCRIPT, {
    URL, AbortSignal, Uint8Array, crypto, setTimeout, clearTimeout, isSecureContext: true, navigator: { locks },
    indexedDB: { open: () => ({}) }, location: new URL('https://host/some/where/'),
  });
  let told;
  store.keep(FILE, RECORD).catch((error) => { told = error.message; });
  // The script may need several turns until it waits for the database.
  for (let turn = 0; !told && turn < 100; turn += 1) {
    await settle();
    t.mock.timers.tick(10_000);
  }
  assert.equal(told, 'its storage does not answer');
});

test('two checkpoints that are saved at once share the lock', async () => {
  const { store, records } = started();
  assert.deepEqual(await Promise.all([store.keep(FILE, RECORD), store.keep(FILE, RECORD)]), [undefined, undefined]);
  assert.equal(await store.keep(FILE, RECORD), undefined);
  assert.equal(records.length, 2);
});

test('a database that is refused or full says so, and nothing is left unhandled', async () => {
  const cases = [
    [{ open: refused() }, { message: 'it refuses storage to this page' }],
    [{ put: refused() }, { message: 'it refuses storage to this page' }],
    [{ put: new DOMException('', 'QuotaExceededError') }, { message: 'its storage is full' }],
  ];
  for (const [fails, expected] of cases) {
    const { store, records } = started({ fails });
    await assert.rejects(store.keep(FILE, RECORD), expected);
    assert.equal(records.length, 0);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
});

test('a database that cannot be read gives nothing, is closed, and leaves nothing unhandled', async () => {
  const { store, state } = started({ fails: { getAll: new DOMException('', 'DataError') } });
  await assert.rejects(store.newest(), { message: 'its storage has failed' });
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.equal(state.isOpen, false);
});

test('records that are damaged give way to the one before', async () => {
  const damaged = [
    { ...saved(9), sha256: hash(new Uint8Array([4])) },
    { ...saved(9), sha256: new Uint8Array(0) },
    { ...saved(9), sha256: undefined },
    { ...saved(9), file: undefined },
    { ...saved(9), file: 'text' },
    undefined,
    null,
    7,
  ];
  for (const record of damaged) {
    const { store } = started({ records: [[1, saved(3)], [2, record]] });
    assert.equal((await store.newest()).epoch, 3);
    assert.equal(await started({ records: [[2, record]] }).store.newest(), undefined);
  }
});
