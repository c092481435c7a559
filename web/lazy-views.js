// Loads the second part of the page's program: the views that the page does not begin with (src/app/views/lazy.rs).
//
// The first part imports what this module exports. Both parts share memory and functions, so the second gets what the first
// exports.
import { load } from './load.js';

/** @type {WebAssembly.Exports} */
let first;

/**
 * Says what the first part exports. To be called before a view is needed.
 * @param {WebAssembly.Exports} exports
 */
export const share = (exports) => { first = exports; };

/**
 * Loads the second part, for the program (wasm_split of the crate wasm_split_helpers).
 * @param {number} done Where the table of functions has the one to call at the end.
 * @param {number} data What it is to be called with, before whether the part is there.
 */
export async function __wasm_split_load_lazy_views(done, data) {
  let isHere = false;
  try {
    const bytes = await load(new URL('./lazy_views.wasm.gz', import.meta.url));
    await WebAssembly.instantiate(bytes, { __wasm_split: first });
    isHere = true;
  } catch (error) {
    console.warn('A part of the page could not be loaded:', error);
  }
  const table = /** @type {WebAssembly.Table} */ (first.__indirect_function_table);
  table.get(done)(data, isHere);
}
