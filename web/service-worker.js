// Keeps a release for days without a network. A file in assets/ never changes under its name, so it is fetched once.
// The page comes from the release in use; a newer one waits until no tab is left, or until somebody asks for it.

// { id, policy, shell, data, engines }: what scripts/dist.mjs knows of this release.
const release = RELEASE;
const here = registration.scope;
const store = `${here} ${release.id}`;

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(Promise.all([clients.claim(), tidy()])));
// A worker that still fetches would keep the next one waiting.
let isLeaving = false;
addEventListener('message', (event) => {
  if (event.data === 'make room') isLeaving = true;
  if (event.data === 'take over') event.waitUntil(skipWaiting());
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

const page = async () => await (await caches.open(store)).match(here) ?? fetch(here);

async function asset(request) {
  // Whoever asks past the cache has found the kept file spoiled.
  const kept = request.cache === 'reload' ? undefined : await caches.match(request.url);
  if (kept) return kept;
  const response = await fetched(request);
  if (response.ok) await put(request.url, response.clone());
  return response;
}

// What can't be had now will be asked for when it is needed.
async function keepAll(files) {
  for (const file of files) {
    if (isLeaving) return;
    await keep(file).catch(() => {});
  }
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
const put = async (url, response) => (await caches.open(store)).put(url, response).catch(console.warn);

/** A file from the network, under the policy, which so binds the workers too on hosts that send no headers. */
async function fetched(...request) {
  const response = await fetch(...request);
  const headers = new Headers({ 'content-security-policy': release.policy });
  const told = ['content-type', ...(response.headers.has('content-encoding') ? [] : ['content-length'])];
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

// A tab holds a lock named like its release's store: what no tab uses, and isn't this one's, goes.
async function tidy() {
  const { held } = await navigator.locks.query();
  const used = [store, ...held.map((lock) => lock.name)];
  for (const name of await caches.keys()) {
    if (name.startsWith(`${here} `) && !used.includes(name)) await caches.delete(name);
  }
}
