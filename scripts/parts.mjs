// Prints what the two parts of the page's program consist of: node scripts/parts.mjs [TEXT]
//
// Bytes are of functions before compression, and of what they make of a file by themselves, gzipped. With TEXT it lists the
// functions whose names contain it, and what only they lead to: that goes when nothing calls them. The program is the one that
// cargo has built last (`make dist`). Names are in the symbols that the linker keeps for scripts/split.mjs, without the types of
// generic functions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { targetFolder } from './split.mjs';
import { CODE, CUSTOM, FUNCTION_KIND, IMPORT, sections } from './wasm.mjs';

const EXPORT = 7;
const DATA = 11;
const I32_CONST = 0x41;
// Of the linker's sections (WebAssembly/tool-conventions, Linking.md).
const SYMBOL_TABLE = 8;
const SYMBOL = { function: 0, data: 1, section: 3 };
const IS_UNDEFINED = 0x10;
const HAS_NAME = 0x40;
/** A relocation that names a type instead of a symbol, and those that have a number behind the symbol. */
const TYPE_INDEX = 6;
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11]);
/** How many rows are printed. */
const ROWS = 30;

/** A name of Rust without its hash: `core::fmt::write` of `_ZN4core3fmt5write17h0123456789abcdefE`. */
function readable(name) {
  let rest = /^_ZN(.*)E/.exec(name)?.[1];
  if (!rest) return name;
  const parts = [];
  for (let length; (length = /^\d+/.exec(rest)?.[0]); rest = rest.slice(length.length + Number(length))) {
    parts.push(rest.slice(length.length, length.length + Number(length)));
  }
  const marks = { LT: '<', GT: '>', RF: '&', BP: '*', LP: '(', RP: ')', C: ',', u20: ' ', u7b: '{', u7d: '}', u3b: ';', u5b: '[', u5d: ']' };
  return parts.filter((part) => !/^h[0-9a-f]{16}$/.test(part)).join('::').replace(/\$(\w+)\$/g, (mark, key) => marks[key] ?? mark)
    .replaceAll('..', '::').replace(/^_</, '<');
}

/** The functions and constants of a program as nodes, each with its bytes and the nodes that it names. */
function parse(program) {
  const [functions, constants, symbols, roots, relocations] = [[], [], [], { first: [], second: [] }, []];
  const starts = {};
  for (const { id, bytes, reader } of sections(program)) {
    if (id === IMPORT) {
      for (let left = reader.number(); left > 0; left -= 1) {
        const name = (reader.name(), reader.name());
        if (reader.importType() === FUNCTION_KIND) functions.push({ name, bytes: Buffer.alloc(0), leadsTo: new Set(), from: -1 });
      }
    } else if (id === EXPORT) {
      for (let left = reader.number(); left > 0; left -= 1) {
        const name = reader.name();
        const kind = reader.byte();
        const index = reader.number();
        if (kind === FUNCTION_KIND) roots[/^__wasm_split_00.*_export_/.test(name) ? 'second' : 'first'].push(index);
      }
    } else if (id === CODE) {
      for (let left = reader.number(); left > 0; left -= 1) {
        const body = reader.take(reader.number());
        functions.push({ name: '', bytes: body, leadsTo: new Set(), from: reader.at - body.length });
      }
    } else if (id === DATA) {
      starts.segments = Array.from({ length: reader.number() }, () => {
        if (reader.number() !== 0 || reader.byte() !== I32_CONST) throw new Error('a segment of another kind than expected');
        reader.number();
        reader.byte();
        const segment = reader.take(reader.number());
        return { bytes: segment, from: reader.at - segment.length };
      });
    } else if (id === CUSTOM) {
      const name = reader.name();
      if (name === 'linking') {
        reader.number();
        while (reader.at < bytes.length) {
          const kind = reader.byte();
          const end = reader.number() + reader.at;
          if (kind === SYMBOL_TABLE) for (let left = reader.number(); left > 0; left -= 1) symbols.push(symbol(reader));
          reader.at = end;
        }
      } else if (name.startsWith('reloc.')) {
        reader.number();
        for (let left = reader.number(); left > 0; left -= 1) {
          const [kind, at, of] = [reader.byte(), reader.number(), reader.number()];
          if (WITH_ADDEND.has(kind)) reader.number();
          if (kind !== TYPE_INDEX) relocations.push({ isCode: name === 'reloc.CODE', at, of });
        }
      }
    }
  }
  const nodes = symbols.map((symbol) => {
    if (symbol.kind === SYMBOL.function) {
      const of = functions[symbol.index];
      of.name ||= readable(symbol.name ?? '');
      return of;
    }
    if (symbol.kind !== SYMBOL.data || symbol.segment === undefined) return undefined;
    const { bytes, from } = starts.segments[symbol.segment];
    const known = constants.find((other) => other.from === from + symbol.offset && other.bytes.length === symbol.size);
    if (known) return known;
    const constant = { name: 'constants', bytes: bytes.subarray(symbol.offset, symbol.offset + symbol.size), leadsTo: new Set(), from: from + symbol.offset };
    constants.push(constant);
    return constant;
  });
  const [inCode, inData] = [functions.filter(({ from }) => from >= 0), constants].map((all) => all.sort((a, b) => a.from - b.from));
  const owner = (all, at) => {
    let [low, high] = [0, all.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (all[middle].from <= at) low = middle; else high = middle;
    }
    return all[low];
  };
  for (const { isCode, at, of } of relocations) if (nodes[of]) owner(isCode ? inCode : inData, at).leadsTo.add(nodes[of]);
  return { functions, first: roots.first.map((index) => functions[index]), second: roots.second.map((index) => functions[index]) };
}

/** One entry of the linker's table. */
function symbol(reader) {
  const [kind, flags] = [reader.byte(), reader.number()];
  if (kind === SYMBOL.section) return { kind, index: reader.number() };
  if (kind === SYMBOL.data) {
    const name = reader.name();
    if (flags & IS_UNDEFINED) return { kind, name };
    return { kind, name, segment: reader.number(), offset: reader.number(), size: reader.number() };
  }
  const index = reader.number();
  return { kind, index, name: flags & IS_UNDEFINED && !(flags & HAS_NAME) ? undefined : reader.name() };
}

/** All that these nodes lead to, without those of another set. */
function reached(roots, without = new Set()) {
  const seen = new Set();
  const waiting = roots.filter((node) => !without.has(node));
  for (let node; (node = waiting.pop());) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const other of node.leadsTo) if (!without.has(other)) waiting.push(other);
  }
  return seen;
}

const bytes = (nodes) => [...nodes].reduce((sum, node) => sum + node.bytes.length, 0);
const gzipped = (nodes) => gzipSync(Buffer.concat([...nodes].map((node) => node.bytes)), { level: 9 }).length;
const row = (name, nodes) => console.log(`${String(bytes(nodes)).padStart(9)} ${String(gzipped(nodes)).padStart(8)} ${String(nodes.length ?? nodes.size).padStart(6)}  ${name}`);
const heading = (text) => console.log(`\n${text}\n    bytes  gzipped   count  of`);

const text = process.argv[2];
const program = parse(readFileSync(join(targetFolder(), 'wasm32-unknown-unknown/release-page/app.wasm')));
const first = reached(program.first);
const second = reached(program.second, first);
for (const [part, nodes, roots] of [['first', first, program.first], ['second', second, program.second]]) {
  heading(`The ${part} part`);
  row('all', nodes);
  if (text) {
    const named = [...nodes].filter(({ name }) => name.includes(text));
    row(`names with ${text}`, named);
    const without = reached(roots, new Set(named));
    row('what only they lead to, and they', [...nodes].filter((node) => !without.has(node)));
    for (const node of named.sort((a, b) => b.bytes.length - a.bytes.length).slice(0, ROWS)) row(node.name, [node]);
    continue;
  }
  const groups = new Map();
  for (const node of nodes) {
    const module = node.name.replace(/^<+&?(mut )?/, '').split('::').slice(0, 2).join('::').slice(0, 80);
    groups.set(module, [...groups.get(module) ?? [], node]);
  }
  for (const [name, group] of [...groups].sort((a, b) => bytes(b[1]) - bytes(a[1])).slice(0, ROWS)) row(name, group);
}
