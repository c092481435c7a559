// Keeps sets of a person's own images in the browser's own database: the page lists them (src/app/own_images.rs), the import
// program adds them, and engines read them. No image leaves the device.
import { open, result } from './database.js';
import { inflated } from './load.js';

// Pages and workers have this module's folder in common.
const name = `${new URL('./', import.meta.url)} own images`;

/**
 * Opens the two stores: descriptions by the text of the set, and files by that text and their name.
 * @param {IDBTransactionMode} mode
 */
async function stores(mode) {
  const { store, end } = await open(name, ['sets', 'files'], mode, (database) => {
    database.createObjectStore('sets', { keyPath: 'text' });
    database.createObjectStore('files');
  });
  return { sets: store('sets'), files: store('files'), end };
}

/**
 * Runs `use` on the stores, and waits until what it has changed is stored.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(stores: { sets: IDBObjectStore, files: IDBObjectStore }) => Promise<T> | T} use
 */
async function within(mode, use) {
  const { sets, files, end } = await stores(mode);
  const [used] = await Promise.all([use({ sets, files }), end]);
  return used;
}

/**
 * All files of a set.
 * @param {string} text
 */
const filesOf = (text) => IDBKeyRange.bound([text], [text, []]);

globalThis.ownImages = {
  list: () => within('readonly', async ({ sets }) => {
    /** @type {OwnImageSet[]} */
    const found = await result(sets.getAll());
    return found.sort((a, b) => a.added - b.added);
  }),

  add: (set, files) => within('readwrite', (stores) => {
    stores.sets.put({ ...set, added: Date.now() });
    for (const [file, bytes] of files) stores.files.put(bytes, [set.text, file]);
  }),

  rename: (text, title) => within('readwrite', async ({ sets }) => {
    const set = await result(sets.get(text));
    if (set) sets.put({ ...set, title });
  }),

  remove: (text) => within('readwrite', ({ sets, files }) => {
    sets.delete(text);
    files.delete(filesOf(text));
  }),

  // The file of a set is what lies between the files in it, and these, by turns.
  file: (text) => within('readonly', async ({ sets, files }) => {
    /** @type {OwnImageSet | undefined} */
    const set = await result(sets.get(text));
    if (!set) throw new Error('it is no longer there');
    const parts = await Promise.all(set.files.map((file) => result(files.get([text, file]))));
    return new Blob(set.between.flatMap((bytes, at) => [bytes, parts[at] ?? '']));
  }),
};

/**
 * Reads the files of a set, as `fetchFile` of load.js fetches those of a served one.
 * @param {string} text
 * @returns {typeof import('./load.js').fetchFile}
 */
export const reader = (text) => async (url, check, most = Infinity) => {
  const file = String(url);
  try {
    const found = await within('readonly', ({ files }) => result(files.get([text, file])));
    if (!found) throw new Error('they are no longer in this browser');
    const bytes = await inflated(found, most);
    await check(bytes, file);
    return bytes;
  } catch (error) {
    const why = String(error instanceof Error ? error.message : error).replace(/\.$/, '');
    throw new Error(`your images could not be read: ${why}`, { cause: error });
  }
};
