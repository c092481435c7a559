// Programs that are made smaller after wasm-bindgen still run with their scripts, in whatever order their functions are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordered, similarityOrder } from '../../scripts/function-order.mjs';
import { leb, shrink } from '../../scripts/wasm.mjs';

const text = (name) => [name.length, ...Buffer.from(name)];
const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const IMPORTED = '__wbg_answer_0123456789abcdef';
const EXPORTED = 'wasm_bindgen__convert__closures_____invoke__h0123456789abcdef';
/** `EXPORTED` calls `IMPORTED`, and returns what it gives. */
const program = (imported) => Buffer.from([
  0, 97, 115, 109, 1, 0, 0, 0,
  ...section(1, 1, 0x60, 0, 1, 0x7f),
  ...section(2, 2, ...text('./app_bg.js'), ...text(imported), 0, 0, ...text('./app_bg.js'), ...text('__wbg_table'), 1, 0x6f, 0, 0),
  ...section(3, 1, 0),
  ...section(5, 1, 0, 1),
  ...section(7, 2, ...text('memory'), 2, 0, ...text(EXPORTED), 0, 1),
  ...section(10, 1, 4, 0, 0x10, 0, 0x0b),
  ...section(0, ...text('name'), 1, 2, 3),
]);
const SCRIPT = `
const imports = { './app_bg.js': { ${IMPORTED}: function() { return 42; }, __wbg_table: new WebAssembly.Table({ element: 'externref', initial: 0 }) } };
const start = async (bytes) => {
  const { instance: { exports: wasm } } = await WebAssembly.instantiate(bytes, imports);
  if (!wasm.memory) throw new Error('no memory');
  return wasm.${EXPORTED}();
};
start`;

test('a smaller program runs with its script, which has the same short names', async () => {
  const before = program(IMPORTED);
  const { program: after, script } = shrink(before, SCRIPT);
  assert.ok(after.length < before.length - 80, `${after.length} of ${before.length} bytes`);
  assert.equal(script.match(/0123456789abcdef/), null);
  assert.equal(WebAssembly.Module.customSections(new WebAssembly.Module(after), 'name').length, 0);
  for (const [bytes, code] of [[before, SCRIPT], [after, script]]) {
    assert.equal(await (0, eval)(code)(bytes), 42);
  }
});

test('a program that cannot be read, and a script with such a name of its own, stop the build', () => {
  assert.throws(() => shrink(program(IMPORTED).subarray(0, 40), SCRIPT), /ends too early/);
  assert.throws(() => shrink(program(IMPORTED), `const $0 = 1; ${SCRIPT}`), /a name \$0 of its own/);
});

/** A function without parameters that returns the number after many additions of `step`, as code. */
const counting = (start, step) => Buffer.from([0, 0x41, start, ...Array.from({ length: 12 }, () => [0x41, step, 0x6a]).flat(), 0x0b]);

test('functions that share their code stand together', () => {
  const [a, b] = [[1, 2, 3, 4], [5, 6, 7, 8]].map((starts) => starts.map((start) => counting(start, starts[0])));
  const mixed = [a[0], b[0], a[1], b[1], b[2], a[2], b[3], a[3]];
  assert.deepEqual(similarityOrder(mixed), [0, 2, 5, 7, 1, 3, 4, 6]);
  assert.deepEqual(similarityOrder([]), []);
  // None shares anything: the old order stays.
  assert.deepEqual(similarityOrder([Buffer.from([0, 0x0b]), Buffer.from([0, 0x01, 0x0b]), counting(1, 1)]), [0, 1, 2]);
});

test('a program whose functions have another order calls and exports the same ones', async () => {
  const bodies = [counting(1, 1), counting(2, 9), counting(3, 1), Buffer.from([0, 0x10, 0, 0x10, 3, 0x6a, 0x0b]), counting(4, 9)];
  const before = Buffer.from([
    0, 97, 115, 109, 1, 0, 0, 0,
    ...section(1, 1, 0x60, 0, 1, 0x7f),
    ...section(2, 1, ...text('./app_bg.js'), ...text('seven'), 0, 0),
    ...section(3, bodies.length, ...bodies.map(() => 0)),
    ...section(7, bodies.length, ...bodies.flatMap((_, at) => [...text(`f${at}`), 0, at + 1])),
    10, ...leb(bodies.reduce((sum, body) => sum + 1 + body.length, 1)), bodies.length,
    ...bodies.flatMap((body) => [body.length, ...body]),
  ]);
  const after = ordered(before);
  assert.notDeepEqual(after, before);
  assert.equal(WebAssembly.Module.customSections(new WebAssembly.Module(after), 'name').length, 0);
  const results = await Promise.all([before, after].map(async (bytes) => {
    const { instance: { exports } } = await WebAssembly.instantiate(bytes, { './app_bg.js': { seven: () => 7 } });
    return bodies.map((_, at) => exports[`f${at}`]());
  }));
  assert.deepEqual(results[0], [13, 110, 15, 22, 112]);
  assert.deepEqual(results[1], results[0]);
});
