// The service worker against a made-up browser: stores that are missing, damaged or refused.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { serviceWorker } from '../../scripts/service-worker.mjs';
import { refused, run, settle } from './scripts.mjs';

const HERE = 'https://host/some/where/';
const hashed = (name, text) => {
  const [stem, ending] = name.split('.');
  return `assets/${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 32)}.${ending}`;
};
const BOOT = hashed('boot.js', 'boot');
const DATA = hashed('data.js', 'data');
const [OTHER, MORE] = [hashed('other.js', 'other'), hashed('more.js', 'more')];
const GPU = hashed('webgpu.js', 'webgpu');
const PAGE = 'the page of release two';
/** What the server has, by address. */
const SITE = { [HERE]: PAGE, [HERE + BOOT]: 'boot', [HERE + DATA]: 'data', [HERE + OTHER]: 'other', [HERE + MORE]: 'more', [HERE + GPU]: 'webgpu' };
const RELEASE = { id: 'two', policy: "default-src 'self'", shell: [BOOT], data: { mnist: [DATA], other: [OTHER, MORE] }, seen: { other: [OTHER] }, programs: { cpu: [], webgpu: [GPU] }, lessons: [] };
const [ZERO, ONE, TWO] = ['zero', 'one', 'two'].map((id) => `${HERE} ${id}`);

/** The Cache API over Maps: `files` has the texts of each store by address, in the order in which the stores were made. */
function fakeCaches(files) {
  const stores = new Map(Object.entries(files).map(([name, texts]) => [name, new Map(Object.entries(texts))]));
  const found = (texts, url) => (texts?.has(url) ? new Response(texts.get(url)) : undefined);
  return {
    stores,
    open: async (name) => {
      if (!stores.has(name)) stores.set(name, new Map());
      return {
        match: async (url) => found(stores.get(name), url),
        put: async (url, response) => {
          const text = await response.text();
          stores.get(name).set(url, text);
        },
      };
    },
    keys: async () => [...stores.keys()],
    delete: async (name) => stores.delete(name),
    match: async (url, { cacheName } = {}) => {
      const named = cacheName === undefined ? [...stores.values()] : [stores.get(cacheName)];
      return named.map((texts) => found(texts, url)).find(Boolean);
    },
  };
}

/** The Cache API of a browser that refuses storage. */
const refuse = async () => { throw refused(); };
const REFUSING = { stores: new Map(), open: refuse, keys: refuse, delete: refuse, match: refuse };

/**
 * Runs the service worker. Gives the texts in a store, the names of all stores, what has been fetched, and ways to send
 * the events of a browser.
 */
function started({ files = {}, locks = async () => [], site = SITE, caches = fakeCaches(files), answer } = {}) {
  const listeners = new Map();
  const requests = [];
  run(serviceWorker(RELEASE), {
    Headers, Response, URL, crypto, caches,
    console: { warn() {} },
    registration: { scope: HERE },
    clients: { claim: async () => {} },
    navigator: { locks: { query: async () => ({ held: (await locks()).map((name) => ({ name })), pending: [] }) } },
    addEventListener: (type, listener) => listeners.set(type, listener),
    fetch: async (request, options) => {
      const url = request.url ?? String(request);
      requests.push([url, request.cache ?? options?.cache ?? 'default']);
      if (answer) return answer(url);
      const [address] = url.split('?');
      return address in site ? new Response(site[address]) : new Response('not found', { status: 404 });
    },
  });

  /** Dispatches an event: `response` is the answer to a request; `done` ends with everything that the event waits for. */
  function send(type, event = {}) {
    const waiting = [];
    let response;
    listeners.get(type)({
      ...event,
      waitUntil: (promise) => waiting.push(promise),
      respondWith: (promise) => { response = promise; },
    });
    const finish = async () => {
      await response;
      // What is waited for may grow meanwhile.
      for (const promise of waiting) await promise;
    };
    const done = finish();
    done.catch(() => {});
    return { response, done };
  }
  const ask = (file, request = {}) => send('fetch', { request: { method: 'GET', mode: 'cors', url: HERE + file, ...request } });
  return {
    texts: (name) => Object.fromEntries(caches.stores.get(name) ?? []),
    names: () => [...caches.stores.keys()],
    requests,
    send,
    ask,
    visit: () => ask('', { mode: 'navigate' }),
  };
}

const text = async ({ response }) => (await response).text();
const complete = { [HERE]: 'a page', [HERE + BOOT]: 'boot' };
const incomplete = { [HERE + BOOT]: 'boot' };

test('no store is deleted while none is complete', async () => {
  // The newest store was missing, and so was every index of it: all stores but the last one went.
  for (const act of ['activate', 'visit']) {
    const { names, send, visit } = started({ files: { [ZERO]: incomplete, [ONE]: incomplete } });
    await (act === 'visit' ? visit() : send('activate')).done;
    assert.deepEqual(names(), [ZERO, ONE]);
  }
});

test('stores older than the newest complete one are deleted, unless a tab uses them', async () => {
  const files = { [ZERO]: complete, [ONE]: complete, [TWO]: complete, [`${HERE} three`]: incomplete, 'https://host/ other': {} };
  const { names, send } = started({ files, locks: async () => [ONE] });
  await send('activate').done;
  assert.deepEqual(names(), [ONE, TWO, `${HERE} three`, 'https://host/ other']);
});

test('nothing is deleted where it is unknown which stores tabs use', async () => {
  const { names, visit } = started({ files: { [ZERO]: complete, [ONE]: complete }, locks: refuse });
  const { response, done } = visit();
  assert.equal(await (await response).text(), 'a page');
  await assert.rejects(done, /insecure/);
  assert.deepEqual(names(), [ZERO, ONE]);
});

test('a visit gets the newest complete release, and the server’s page where there is none', async () => {
  const one = started({ files: { [ZERO]: { [HERE]: 'old' }, [ONE]: { [HERE]: 'new' }, [TWO]: incomplete } });
  assert.equal(await text(one.visit()), 'new');
  assert.deepEqual(one.requests, []);
  const none = started({ files: { [ONE]: incomplete } });
  assert.equal(await text(none.visit()), PAGE);
  assert.deepEqual(none.names(), [ONE], 'no empty store is left behind');
});

test('a browser that refuses storage gets everything from the network', async () => {
  const { send, visit, ask } = started({ caches: REFUSING });
  await send('activate').done;
  for (const event of [visit(), ask(BOOT)]) {
    assert.ok((await text(event)).length > 3);
    await event.done;
  }
  await send('message', { data: { keep: 'webgpu' } }).done;
});

test('a message that names no engine of this release does no harm', async () => {
  const { send, texts } = started();
  for (const data of [null, undefined, 'keep', {}]) await send('message', { data }).done;
  assert.deepEqual(texts(TWO), {});
  await send('message', { data: { keep: 'quantum' } }).done;
  assert.deepEqual(texts(TWO), { [HERE + DATA]: 'data' });
  await send('message', { data: { keep: 'webgpu' } }).done;
  assert.deepEqual(texts(TWO), { [HERE + DATA]: 'data', [HERE + GPU]: 'webgpu' });
});

test('of a data set what is seen first is kept, all of it once it was trained on, and MNIST for a page that names none', async () => {
  const { send, texts } = started();
  await send('message', { data: { keep: 'cpu', data: 'none' } }).done;
  assert.deepEqual(texts(TWO), {});
  for (const see of ['none', 'other']) await send('message', { data: { see } }).done;
  assert.deepEqual(texts(TWO), { [HERE + OTHER]: 'other' });
  await send('message', { data: { keep: 'cpu', data: 'other' } }).done;
  assert.deepEqual(texts(TWO), { [HERE + OTHER]: 'other', [HERE + MORE]: 'more' });
  const old = started();
  await old.send('message', { data: { keep: 'cpu' } }).done;
  assert.deepEqual(old.texts(TWO), { [HERE + DATA]: 'data' });
});

test('an installation keeps the shell, what an earlier release has kept, and the page', async () => {
  const { send, texts, requests } = started({ files: { [ONE]: { [HERE]: 'old', [HERE + DATA]: 'data' } } });
  await send('install').done;
  assert.deepEqual(texts(TWO), { [HERE + BOOT]: 'boot', [HERE + DATA]: 'data', [HERE]: PAGE });
  assert.deepEqual(requests, [[HERE + BOOT, 'default'], [HERE, 'no-cache']]);
});

test('a damaged copy in an earlier store is fetched anew, and stops no installation', async () => {
  const files = { [ONE]: { [HERE]: 'old', [HERE + BOOT]: 'b00t', [HERE + DATA]: 'd4ta' } };
  const { send, texts, requests } = started({ files, site: { ...SITE, [HERE + DATA]: 'd4ta' } });
  await send('install').done;
  // The data are damaged on the server, too: they are not needed yet.
  assert.deepEqual(texts(TWO), { [HERE + BOOT]: 'boot', [HERE]: PAGE });
  assert.deepEqual(requests, [[HERE + BOOT, 'reload'], [HERE + DATA, 'reload'], [HERE, 'no-cache']]);
});

test('an installation fails without its shell, and with the page of another release', async () => {
  const sites = [
    [/the server answers 404/, { [HERE]: PAGE }],
    [/is not the file that was built/, { ...SITE, [HERE + BOOT]: 'b00t' }],
    [/another release/, { ...SITE, [HERE]: 'the page of release three' }],
  ];
  for (const [why, site] of sites) {
    const { send, texts } = started({ site });
    await assert.rejects(send('install').done, why);
    assert.equal(texts(TWO)[HERE], undefined);
  }
});

test('a file is kept once it was asked for, with the policy, and asked for anew where a copy was found damaged', async () => {
  const { ask, texts, requests } = started({ files: { [TWO]: complete } });
  const first = ask(`${GPU}?counts=1`);
  assert.equal((await first.response).headers.get('content-security-policy'), RELEASE.policy);
  assert.equal(await text(first), 'webgpu');
  await first.done;
  assert.equal(texts(TWO)[HERE + GPU], 'webgpu');
  assert.equal(await text(ask(GPU)), 'webgpu');
  assert.equal(requests.length, 1);
  const again = ask(GPU, { cache: 'reload' });
  assert.equal(await text(again), 'webgpu');
  assert.deepEqual(requests[1], [HERE + GPU, 'reload']);
});

test('a file is not kept if the server refuses it, and requests for others pass by', async () => {
  const { ask, texts } = started();
  const missing = ask('assets/missing.js');
  assert.equal((await missing.response).status, 404);
  await missing.done;
  assert.deepEqual(texts(TWO), {});
  assert.equal(ask('measure.html', { mode: 'navigate' }).response, undefined);
  assert.equal(ask(BOOT, { method: 'POST' }).response, undefined);
  assert.equal(ask('', { url: 'https://host/elsewhere/assets/a.js' }).response, undefined);
});

test('a file’s bytes are passed on as they come, so that a slow network does not look like a stalled one', async () => {
  let last;
  const answer = async () => new Response(new ReadableStream({
    start(body) {
      body.enqueue(new TextEncoder().encode('web'));
      last = () => {
        body.enqueue(new TextEncoder().encode('gpu'));
        body.close();
      };
    },
  }));
  const { ask, texts } = started({ answer });
  const { response, done } = ask(GPU);
  const reader = (await response).body.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), 'web');
  last();
  await done;
  await settle();
  assert.equal(texts(TWO)[HERE + GPU], 'webgpu');
});
