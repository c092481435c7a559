// Keeps a release for days without a network. A file in assets/ never changes under its name, so it is fetched once.
// Every visit gets the newest release that is here in full, and tabs that are open keep theirs: so a worker that serves
// pages newer than itself does no harm, and none is ever replaced at work. Chromium loses requests when one is.

// { id, policy, shell, data, engines }: what scripts/dist.mjs knows of this release.
const release = RELEASE;
const here = registration.scope;
const store = `${here} ${release.id}`;

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(Promise.all([clients.claim(), tidy()])));
addEventListener('message', (event) => {
  if (event.data.keep) event.waitUntil(keepAll([...release.data, ...release.engines[event.data.keep]]));
});
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(here)) return;
  const file = new URL(request.url).pathname.slice(new URL(here).pathname.length);
  if (request.mode === 'navigate' && ['', 'index.html'].includes(file)) {
    event.respondWith(page());
    event.waitUntil(tidy());
  } else if (release.shell.includes(file) || file.startsWith('assets/')) {
    event.respondWith(asset(request));
  }
});

async function install() {
  await Promise.all(release.shell.map(keep));
  // What an earlier release kept and this one uses too need not come again.
  for (const file of [...release.data, ...Object.values(release.engines).flat()]) {
    if (await caches.match(here + file)) await keep(file);
  }
  const index = await fetched(here, { cache: 'no-cache' });
  if (!(await index.clone().text()).includes(release.id)) throw new Error('the page is of another release already');
  await put(here, index);
}

const page = async () => await (await caches.open(await newest())).match(here) ?? fetch(here);

async function asset(request) {
  // What stands behind the name is for the file itself to read (web/bench.js).
  const [url] = request.url.split('?');
  // Whoever asks past the cache has found the kept file spoiled.
  const kept = request.cache === 'reload' ? undefined : await caches.match(url);
  if (kept) return kept;
  const response = await fetched(request);
  if (response.ok) await put(url, response.clone(), await newest());
  return response;
}

// What can't be had now will be asked for when it is needed.
async function keepAll(files) {
  for (const file of files) await keep(file).catch(() => {});
}

async function keep(file) {
  const url = here + file;
  if (await (await caches.open(store)).match(url)) return;
  const response = await caches.match(url) ?? await fetched(url);
  if (!response.ok) throw new Error(`the server answers ${response.status} for ${file}`);
  if (!await isNamed(response.clone(), file)) throw new Error(`${file} is not the file that was built`);
  await put(url, response);
}

// A full disk only means that the file will be fetched again.
const put = async (url, response, into = store) => (await caches.open(into)).put(url, response).catch(console.warn);

// What a host says of isolation belongs to a file like its type: a worker may not be started by a stricter one.
const ISOLATION = ['embedder-policy', 'opener-policy', 'resource-policy'].map((name) => `cross-origin-${name}`);

/** A file from the network, under the policy, which so binds the workers too on hosts that send no headers. */
async function fetched(...request) {
  const response = await fetch(...request);
  const headers = new Headers({ 'content-security-policy': release.policy });
  const told = ['content-type', ...ISOLATION, ...(response.headers.has('content-encoding') ? [] : ['content-length'])];
  for (const name of told) if (response.headers.has(name)) headers.set(name, response.headers.get(name));
  return new Response(response.body, { status: response.status, headers });
}

/** Whether the hash in the name, half a SHA-256, is that of the bytes. Who inflates a .gz checks that itself. */
async function isNamed(response, file) {
  const hash = /-([0-9a-f]{32})\./.exec(file)?.[1];
  if (!hash || file.endsWith('.gz')) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('').startsWith(hash);
}

/** The stores of this place, the oldest first. */
const stores = async () => (await caches.keys()).filter((name) => name.startsWith(`${here} `));

/** The store of the newest release that is here in full: its page was put last. */
async function newest() {
  for (const name of (await stores()).reverse()) {
    if (await (await caches.open(name)).match(here)) return name;
  }
  return store;
}

// A tab holds a lock named like its release's store: what is older than the newest, and no tab uses, goes.
async function tidy() {
  const { held } = await navigator.locks.query();
  const used = held.map((lock) => lock.name);
  const all = await stores();
  for (const name of all.slice(0, all.indexOf(await newest()))) {
    if (!used.includes(name)) await caches.delete(name);
  }
}
