// Makes the programs that wasm-bindgen writes smaller without changing a function: sections that only tools read go, and
// the names that a program shares with its script become short. wasm-bindgen's names end in hashes, which gzip can't
// compress, and they are in both files.

/** Sections of the binary format (WebAssembly Core Specification 2.0, chapter 5.5). */
export const CUSTOM = 0;
export const IMPORT = 2;
const EXPORT = 7;
export const CODE = 10;
/** What an import or export of a function is marked by. */
export const FUNCTION_KIND = 0;
/** Magic number and version. */
const PREAMBLE_BYTES = 8;
/** What wasm-bindgen's own names begin with. All others, such as `memory`, stay. */
const RENAMED = /^(__wb|wasm_bindgen__)/;

/** Reads a section's bytes in order. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error('the program ends too early');
    return this.bytes[this.at++];
  }

  /** An unsigned number of up to 32 bits in LEB128. */
  number() {
    let number = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      number += (byte & 127) * 2 ** shift;
      if (byte < 128) return number;
    }
    throw new Error('a number is too long');
  }

  take(length) {
    const bytes = this.bytes.subarray(this.at, this.at += length);
    if (bytes.length !== length) throw new Error('the program ends too early');
    return bytes;
  }

  name() {
    return Buffer.from(this.take(this.number())).toString();
  }

  limits() {
    if (this.number() & 1) this.number();
    this.number();
  }

  /** Passes over what follows an import's names: its kind, which it gives, and its type. */
  importType() {
    const kind = this.byte();
    if (kind === FUNCTION_KIND) this.number();
    else if (kind === 1) this.take(1), this.limits();
    else if (kind === 2) this.limits();
    else if (kind === 3) this.take(2);
    else if (kind === 4) this.take(1), this.number();
    else throw new Error(`imports of kind ${kind} are not known`);
    return kind;
  }
}

/** The sections of a program in their order. */
export function* sections(program) {
  const reader = new Reader(program, PREAMBLE_BYTES);
  while (reader.at < program.length) {
    const id = reader.byte();
    const bytes = reader.take(reader.number());
    yield { id, bytes, reader: new Reader(bytes) };
  }
}

/** A number in LEB128. */
export function leb(number) {
  const bytes = [];
  for (; number > 127; number >>>= 7) bytes.push(number & 127 | 128);
  return Buffer.from([...bytes, number]);
}

/** A name as sections have it: its length and its bytes. */
export const named = (name) => Buffer.concat([leb(Buffer.byteLength(name)), Buffer.from(name)]);

/** The section with its names passed through `rename`. `each` reads what follows a name, of which an import has two. */
function withNames(section, rename, names, each) {
  const reader = new Reader(section);
  const count = reader.number();
  const entries = Array.from({ length: count }, () => {
    const shared = Array.from({ length: names }, () => reader.name()).map((name) => named(rename(name)));
    const start = reader.at;
    each(reader);
    return Buffer.concat([...shared, section.subarray(start, reader.at)]);
  });
  return Buffer.concat([leb(count), ...entries]);
}

/**
 * A program and its script, smaller.
 * @param {Uint8Array} program
 * @param {string} script wasm-bindgen's, for the same program
 * @returns {{ program: Buffer, script: string }}
 */
export function shrink(program, script) {
  const short = new Map();
  const rename = (name) => {
    if (!RENAMED.test(name)) return name;
    if (!short.has(name)) short.set(name, `$${short.size.toString(36)}`);
    return short.get(name);
  };
  const parts = [program.subarray(0, PREAMBLE_BYTES)];
  for (const { id, bytes } of sections(program)) {
    let section = bytes;
    if (id === CUSTOM) continue;
    if (id === IMPORT) section = withNames(section, rename, 2, (of) => of.importType());
    if (id === EXPORT) section = withNames(section, rename, 1, (of) => { of.take(1); of.number(); });
    parts.push(Buffer.from([id]), leb(section.length), section);
  }
  for (const name of short.values()) {
    if (script.includes(name)) throw new Error(`the script has a name ${name} of its own`);
  }
  const renamed = script.replace(/[\w$]+/g, (word) => short.get(word) ?? word);
  return { program: Buffer.concat(parts), script: renamed };
}
