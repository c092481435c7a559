// What a person drops on the page: files, folders, and what browsers without folders give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundled, run } from './scripts.mjs';

const { droppedFiles } = run(bundled('dropped-files.js'), {});

const file = (name) => ({ isFile: true, name, file: (resolve) => resolve({ name, bytes: name }) });
/** A folder that gives its entries two at a time, as browsers give a hundred. */
const folder = (name, entries) => ({
  isFile: false,
  name,
  createReader: () => {
    const left = [...entries];
    return { readEntries: (resolve) => resolve(left.splice(0, 2)) };
  },
});
const item = (entry) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null });
const paths = async (...items) => Array.from(await droppedFiles({ items }), ([path]) => path);

test('folders are read to their end, with the paths of their files', async () => {
  const pets = folder('pets', [folder('cat', ['1', '2', '3', '4', '5'].map(file)), file('readme'), folder('dog', [])]);
  const found = await paths(item(pets), item(file('a.zip')), { kind: 'string' });
  assert.deepEqual(found, ['pets/cat/1', 'pets/cat/2', 'pets/cat/3', 'pets/cat/4', 'pets/cat/5', 'pets/readme', 'a.zip']);
});

test('browsers without entries give files', async () => {
  const plain = { kind: 'file', getAsFile: () => ({ name: 'b.png' }) };
  assert.deepEqual(await paths(plain), ['b.png']);
});

test('a folder that cannot be read is an error', async () => {
  const refused = { isFile: false, name: 'x', createReader: () => ({ readEntries: (_, reject) => reject(new Error('refused')) }) };
  await assert.rejects(paths(item(refused)), /refused/);
});
