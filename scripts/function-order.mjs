// Orders the functions of a program so that each stands near those that it resembles. gzip only looks 32 kB back: the page's
// program becomes a twentieth smaller. What a function does does not depend on its place.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CODE, CUSTOM, FUNCTION_KIND, IMPORT, leb, named, sections } from './wasm.mjs';

/** Functions resemble each other by the sequences of so many bytes that they share. */
const SEQUENCE_BYTES = 6;
/** How far back gzip looks. */
const WINDOW_BYTES = 32_000;
/** Sequences that are in more functions say little, and take most of the time. */
const MOST_FUNCTIONS = 100;
/** Added to the length of a function, so that the smallest, which share their few bytes with many, do not always come first. */
const LEAST_LENGTH = 20;
/** What rustc and LLVM use for wasm32-unknown-unknown with simd128. */
const FEATURES = [
  'bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int',
  'reference-types', 'sign-ext', 'simd',
];
const WASM_OPT = createRequire(import.meta.url).resolve('binaryen/bin/wasm-opt');

/** The sequences of each function, as numbers, and the functions that have each sequence. */
function sequences(bodies) {
  const numbers = new Map();
  const owners = [];
  const sets = bodies.map((body, at) => {
    const set = new Set();
    for (let i = 0; i + SEQUENCE_BYTES <= body.length; i += 1) {
      const sequence = body.readUIntBE(i, SEQUENCE_BYTES);
      const number = numbers.get(sequence) ?? owners.push([]) - 1;
      numbers.set(sequence, number);
      if (set.has(number)) continue;
      set.add(number);
      owners[number].push(at);
    }
    return [...set];
  });
  return { sets, owners };
}

/**
 * The places of functions in their new order. After each comes the one that shares the largest part of its sequences with
 * the functions in gzip's window, of those that share any with the last; where there is none, the next of the old order.
 * @param {Buffer[]} bodies
 * @returns {number[]}
 */
export function similarityOrder(bodies) {
  const { sets, owners } = sequences(bodies);
  const telling = sets.map((set) => set.filter((sequence) => owners[sequence].length <= MOST_FUNCTIONS));
  const inWindow = new Uint32Array(owners.length);
  const shared = new Int32Array(bodies.length);
  const placed = new Uint8Array(bodies.length);
  const order = [];
  let oldest = 0;
  let window_bytes = 0;

  const enter = (at) => {
    window_bytes += bodies[at].length;
    for (const sequence of telling[at]) {
      if (inWindow[sequence]++ === 0) for (const owner of owners[sequence]) shared[owner] += 1;
    }
  };
  const leave = (at) => {
    window_bytes -= bodies[at].length;
    for (const sequence of telling[at]) {
      if (--inWindow[sequence] === 0) for (const owner of owners[sequence]) shared[owner] -= 1;
    }
  };
  const mostLike = (last) => {
    let [best, most] = [-1, 0];
    for (const at of telling[last].flatMap((sequence) => owners[sequence])) {
      const share = placed[at] ? 0 : shared[at] / (sets[at].length + LEAST_LENGTH);
      if (share > most) [best, most] = [at, share];
    }
    return best;
  };

  let unplaced = 0;
  for (let at = 0; order.length < bodies.length;) {
    order.push(at);
    placed[at] = 1;
    enter(at);
    while (window_bytes > WINDOW_BYTES && oldest < order.length - 1) leave(order[oldest++]);
    at = mostLike(at);
    while (placed[unplaced]) unplaced += 1;
    if (at < 0) at = unplaced;
  }
  return order;
}

/** The functions' bodies, and how many functions are imported. */
function functions(program) {
  const bodies = [];
  let imported = 0;
  for (const { id, reader } of sections(program)) {
    if (id !== IMPORT && id !== CODE) continue;
    for (let left = reader.number(); left > 0; left -= 1) {
      if (id === CODE) {
        bodies.push(reader.take(reader.number()));
        continue;
      }
      reader.name();
      reader.name();
      if (reader.importType() === FUNCTION_KIND) imported += 1;
    }
  }
  return { bodies, imported };
}

/**
 * The same program with its functions in another order. Binaryen sorts them by the names that they get here.
 * @param {Buffer} program
 * @returns {Buffer}
 */
export function ordered(program) {
  const { bodies, imported } = functions(program);
  const order = similarityOrder(bodies);
  const names = [];
  order.forEach((at, place) => { names[at] = Buffer.concat([leb(imported + at), named(String(place).padStart(8, '0'))]); });
  const functionNames = Buffer.concat([leb(names.length), ...names]);
  const section = Buffer.concat([named('name'), Buffer.from([1]), leb(functionNames.length), functionNames]);
  const folder = mkdtempSync(join(tmpdir(), 'function-order-'));
  try {
    const [before, after] = [join(folder, 'before.wasm'), join(folder, 'after.wasm')];
    writeFileSync(before, Buffer.concat([program, Buffer.from([CUSTOM]), leb(section.length), section]));
    const options = FEATURES.map((feature) => `--enable-${feature}`);
    execFileSync(process.execPath, [WASM_OPT, ...options, '--reorder-functions-by-name', before, '-o', after]);
    return readFileSync(after);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
