// Programs that are made smaller after wasm-bindgen still run with their scripts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shrink } from '../../scripts/wasm.mjs';

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
