// Keeps releases in the browser, so that the page works for days without a network.
//
// Each release has a store, a Cache named like it. A file in assets/ never changes under its name, so it is fetched once.
// Every visit gets the newest release that is here in full, and open tabs keep theirs. A service worker may therefore
// serve pages newer than itself, and none is ever replaced while it is in use: Chromium loses requests when one is.
//
// A browser that refuses storage is treated as one whose stores are empty.
import { hasNamedHash } from './load.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const release = RELEASE;
const here = worker.registration.scope;
const ownStore = `${here} ${release.id}`;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(Promise.all([worker.clients.claim(), tidy()])));
worker.addEventListener('message', (event) => {
  // A page of another release may name a program that this one does not have, or no data set.
  const { keep: program, see, data = 'mnist' } = event.data ?? {};
  if (see) event.waitUntil(keepAll(release.seen[see] ?? []));
  if (program) event.waitUntil(keepAll([...release.data[data] ?? [], ...release.programs[program] ?? []]));
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(here)) return;
  const file = new URL(request.url).pathname.slice(new URL(here).pathname.length);
  if (request.mode === 'navigate' && ['', 'index.html'].includes(file)) {
    event.respondWith(page());
    event.waitUntil(tidy());
  } else if (release.shell.includes(file) || file.startsWith('assets/')) {
    event.respondWith(asset(event));
  }
});

/** Fetches this release, its page last: a store with a page is complete. */
async function install() {
  await Promise.all(release.shell.map(keep));
  // Files that an earlier release has kept, too, are copied.
  for (const file of [release.data, release.programs].flatMap((files) => Object.values(files).flat()).concat(release.lessons)) {
    if (await cached(here + file)) await keepAll([file]);
  }
  const index = await fetchWithPolicy(here, { cache: 'no-cache' });
  if (!(await index.clone().text()).includes(release.id)) throw new Error('the page is of another release already');
  await put(here, index);
}

/** Answers a visit: with the newest release's page, or from the network. */
const page = async () => await cached(here, await newestStore()) ?? fetch(here);

/**
 * Answers a request for a file of any release: from the stores, or from the network, and keeps it.
 * @param {FetchEvent} event
 */
async function asset(event) {
  const { request } = event;
  // A query is for the file itself to read (web/bench.js).
  const url = request.url.replace(/\?.*/, '');
  // A request that bypasses caches follows on a damaged copy.
  const copy = request.cache === 'reload' ? undefined : await cached(url);
  if (copy) return copy;
  const response = await fetchWithPolicy(request);
  // Not waited for: the reader sees the bytes as they come, and so does not take a slow network for a stalled one.
  if (response.ok) event.waitUntil(put(url, response.clone(), await newestStore()));
  return response;
}

/**
 * Keeps files in this release's store, as far as they can be fetched: others are fetched when they are needed.
 * @param {string[]} files
 */
async function keepAll(files) {
  for (const file of files) await keep(file).catch(() => {});
}

/**
 * Keeps a file in this release's store: another store's copy, or the server's if there is none that is sound.
 * @param {string} file
 * @throws {Error} If it cannot be fetched.
 */
async function keep(file) {
  const url = here + file;
  if (await cached(url, ownStore)) return;
  const copy = await cached(url);
  if (copy && await isSound(copy.clone(), file)) return void await put(url, copy);
  // What was damaged in a store may be damaged in the HTTP cache.
  const response = await fetchWithPolicy(url, { cache: copy ? 'reload' : 'default' });
  if (!response.ok) throw new Error(`the server answers ${response.status} for ${file}`);
  if (!await isSound(response.clone(), file)) throw new Error(`${file} is not the file that was built`);
  await put(url, response);
}

/**
 * The copy of a file in one store, or in any; undefined if there is none, or if the browser refuses storage.
 * @param {string} url
 * @param {string} [cacheName]
 */
const cached = (url, cacheName) => caches.match(url, cacheName ? { cacheName } : {}).catch(() => undefined);

/**
 * Puts a file into a store. A full disk or refused storage only mean that it will be fetched again.
 * @param {string} url
 * @param {Response} response
 * @param {string} [store]
 */
const put = (url, response, store = ownStore) => (
  caches.open(store).then((cache) => cache.put(url, response)).catch(console.warn));

/** What a host says of a file and of isolation; a worker may not be started by a page that is isolated more strictly. */
const HEADERS = ['content-type', ...['embedder-policy', 'opener-policy', 'resource-policy'].map((name) => `cross-origin-${name}`)];

/**
 * Fetches a file and adds the policy, which binds workers too: also on hosts that send no headers.
 * @param {Request | string} request
 * @param {RequestInit} [options]
 */
async function fetchWithPolicy(request, options) {
  const response = await fetch(request, options);
  const headers = new Headers({ 'content-security-policy': release.policy });
  for (const name of response.headers.has('content-encoding') ? HEADERS : [...HEADERS, 'content-length']) {
    const value = response.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}

/**
 * Whether a file is the one that was built, as far as its name tells. Whoever inflates a .gz file checks it.
 * @param {Response} response
 * @param {string} file
 */
const isSound = async (response, file) => (
  !/-[0-9a-f]{32}\./.test(file) || file.endsWith('.gz') || hasNamedHash(await response.arrayBuffer(), file));

/** The names of all releases' stores, the newest first. */
const stores = async () => (
  (await caches.keys().catch(() => [])).filter((name) => name.startsWith(`${here} `)).reverse());

/** The name of the newest store that is complete; undefined if none is. */
async function newestStore() {
  for (const name of await stores()) if (await cached(here, name)) return name;
  return undefined;
}

/**
 * Deletes the stores that are older than the newest complete one, unless a tab uses them: it holds a lock of the store's
 * name (web/release.js).
 */
async function tidy() {
  const { held = [] } = await navigator.locks.query();
  let isOlder = false;
  for (const name of await stores()) {
    if (isOlder && !held.some((lock) => lock.name === name)) await caches.delete(name);
    isOlder ||= Boolean(await cached(here, name));
  }
}
