// How files are fetched: attempts, stalled requests, gzip, and what is refused.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchFile, load } from '../../web/load.js';
import { settle } from './scripts.mjs';

const URL_ = 'https://host/assets/images-000.gz';
const IMAGES = new TextEncoder().encode('images '.repeat(1_000));
const PACKED = new Uint8Array(gzipSync(IMAGES));
const anything = () => {};
const half = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/**
 * A network that gives these answers in turn, the last one again and again: a function gets the request's signal. Time
 * passes only when a test says so. Gives the requests' caches.
 */
function network(t, ...answers) {
  const caches = [];
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(globalThis, 'fetch', async (_, { cache, signal }) => {
    const answer = answers[Math.min(caches.length, answers.length - 1)];
    caches.push(cache);
    return answer(signal);
  });
  return caches;
}
const ok = (body, headers) => async () => new Response(body, { headers });
const fails = async () => { throw new TypeError('Failed to fetch'); };
/** Answers nothing until the request is given up. */
const stalls = (signal) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
/** Sends some bytes, and the rest when `more` is called. */
function slowly(chunks) {
  let body;
  const answer = async (signal) => new Response(new ReadableStream({
    start(controller) {
      body = controller;
      signal.addEventListener('abort', () => controller.error(signal.reason));
    },
  }));
  const more = async () => {
    await settle();
    const chunk = chunks.shift();
    if (chunk) body.enqueue(chunk);
    else body.close();
    await settle();
  };
  return { answer, more };
}

/** Lets time pass, and whatever follows. */
async function pass(t, ms) {
  await settle();
  t.mock.timers.tick(ms);
  await settle();
}

/** What comes of all attempts, bytes or a message, while time passes. */
async function outcome(t, promise) {
  let result;
  promise.then((bytes) => { result = bytes; }, (error) => { result = error.message; });
  for (let turn = 0; result === undefined && turn < 10_000; turn += 1) await pass(t, 20);
  return result;
}

test('what was compressed twice more on the way is inflated, and more layers are refused', async (t) => {
  const layers = (count) => Array.from({ length: count }).reduce((bytes) => gzipSync(bytes), PACKED);
  const isWhole = (bytes) => { if (bytes.length !== IMAGES.length) throw new Error('it is another file'); };
  const caches = network(t, ok(layers(2)), ok(layers(3)));
  assert.deepEqual(await fetchFile(URL_, isWhole), IMAGES);
  assert.equal(caches.length, 1);
  assert.match(String(await outcome(t, fetchFile(URL_, isWhole))), /could not be loaded: it is another file/);
});

test('a gzip file is inflated, and one that its host has inflated is taken as it is', async (t) => {
  const caches = network(t, ok(PACKED), ok(IMAGES), ok(null));
  assert.deepEqual(await fetchFile(URL_, anything), IMAGES);
  assert.deepEqual(await fetchFile(URL_, anything), IMAGES);
  assert.deepEqual(await fetchFile(URL_, anything), new Uint8Array(0));
  assert.deepEqual(caches, ['default', 'default', 'default']);
});

test('three attempts are made, one and four seconds apart, and the later ones bypass the cache', async (t) => {
  const caches = network(t, fails, async () => new Response('busy', { status: 503 }), ok(PACKED));
  const bytes = fetchFile(URL_, anything);
  await pass(t, 999);
  assert.equal(caches.length, 1);
  await pass(t, 1);
  assert.equal(caches.length, 2);
  await pass(t, 3_999);
  assert.equal(caches.length, 2);
  await pass(t, 1);
  assert.deepEqual(caches, ['default', 'reload', 'reload']);
  assert.deepEqual(await bytes, IMAGES);
});

test('the last failure is told in a sentence that names the file', async (t) => {
  const failures = [
    ["the server can't be reached", fails],
    ['the server answers 404', async () => new Response('not found', { status: 404 })],
    ['it is damaged', ok(PACKED), () => { throw new Error('it is damaged.'); }],
    ['not a word', ok(PACKED), () => Promise.reject('not a word')],
    ['it has more than 20 bytes', ok(PACKED), anything, 20],
    [`it has more than ${IMAGES.length - 1} bytes`, ok(PACKED), anything, IMAGES.length - 1],
  ];
  for (const [why, answer, check = anything, most = Infinity] of failures) {
    await t.test(why, async (t) => {
      const caches = network(t, answer);
      assert.equal(await outcome(t, fetchFile(URL_, check, most)), `images-000.gz could not be loaded: ${why}`);
      assert.equal(caches.length, 3);
    });
  }
  await t.test('a file that is cut short', async (t) => {
    network(t, ok(PACKED.subarray(0, PACKED.length / 2)));
    assert.equal(await outcome(t, fetchFile(URL_, anything)), 'images-000.gz could not be loaded: it arrived damaged or in part');
  });
});

test('a file may be as long as it may be', async (t) => {
  network(t, ok(PACKED));
  assert.deepEqual(await fetchFile(URL_, anything, IMAGES.length), IMAGES);
});

test('a failed attempt ends its request', async (t) => {
  let ended;
  network(t, async (signal) => {
    ended = signal;
    return new Response('busy', { status: 503 });
  });
  await outcome(t, fetchFile(URL_, anything));
  assert.ok(ended.aborted);
});

test('a request without an answer is given up after half a minute, and made anew', async (t) => {
  const caches = network(t, stalls, ok(PACKED));
  const bytes = fetchFile(URL_, anything);
  await pass(t, 29_999);
  await pass(t, 1);
  assert.equal(caches.length, 1);
  await pass(t, 1_000);
  assert.deepEqual(await bytes, IMAGES);
  assert.equal(caches.length, 2);
});

test('an answer is given up half a minute after its last bytes, and not before', async (t) => {
  const chunks = [PACKED.subarray(0, 10), PACKED.subarray(10, 20)];
  const { answer, more } = slowly(chunks);
  const caches = network(t, answer, fails, fails);
  const told = fetchFile(URL_, anything).catch((error) => error.message);
  await more();
  await pass(t, 29_000);
  await more();
  await pass(t, 29_000);
  assert.equal(caches.length, 1, 'it has a chance');
  await pass(t, 1_000);
  await pass(t, 1_000);
  assert.equal(caches.length, 2);
  await pass(t, 4_000);
  assert.match(await told, /the server can't be reached/);
});

test('that nothing came is told', async (t) => {
  network(t, stalls);
  const told = fetchFile(URL_, anything).catch((error) => error.message);
  for (const ms of [30_000, 1_000, 30_000, 4_000, 30_000]) await pass(t, ms);
  assert.equal(await told, 'images-000.gz could not be loaded: nothing came for 30 seconds');
});

test('progress is in bytes as they are sent, of a total where the server says it', async (t) => {
  const length = { 'content-length': String(PACKED.length) };
  network(t, ok(PACKED, length), ok(PACKED, { ...length, 'content-encoding': 'gzip' }), ok(PACKED));
  for (const total of [PACKED.length, 0, 0]) {
    const told = [];
    await fetchFile(URL_, anything, Infinity, (...progress) => told.push(progress));
    assert.deepEqual(told.at(-1), [PACKED.length, total]);
  }
});

test('the check gets the inflated bytes and the name, and is waited for', async (t) => {
  network(t, ok(PACKED));
  const got = [];
  await fetchFile(new URL(URL_), async (...file) => {
    await settle();
    got.push(file);
  });
  assert.deepEqual(got, [[IMAGES, 'images-000.gz']]);
});

test('a program is taken only with the hash that its name holds', async (t) => {
  const caches = network(t, ok(gzipSync('spoiled')), ok(PACKED));
  const program = load(new URL(`https://host/app_bg-${half(IMAGES)}.wasm.gz`));
  assert.deepEqual(await outcome(t, program), IMAGES);
  assert.deepEqual(caches, ['default', 'reload']);
  const name = `app_bg-${half('another')}.wasm.gz`;
  assert.equal(await outcome(t, load(new URL(`https://host/${name}`))), (
    `${name} could not be loaded: its SHA-256 is not the one in its name`));
});

test('where the browser hashes nothing, as on plain http, a program is not checked', async (t) => {
  network(t, ok(PACKED));
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
  t.after(() => Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true }));
  assert.deepEqual(await load(new URL(`https://host/app_bg-${half('another')}.wasm.gz`)), IMAGES);
});

test('a browser that cannot inflate says so', async (t) => {
  network(t, ok(PACKED));
  const { DecompressionStream } = globalThis;
  delete globalThis.DecompressionStream;
  t.after(() => { globalThis.DecompressionStream = DecompressionStream; });
  assert.equal(await outcome(t, fetchFile(URL_, anything)), (
    'images-000.gz could not be loaded: DecompressionStream is not defined'));
});
