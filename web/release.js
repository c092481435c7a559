// The release that this page belongs to, and the way to the next one: what the program asks of the browser for that
// (src/app/release.rs).

// scripts/dist.mjs puts the element into every page.
const { content: id, dataset } = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name=release]'));
/** Milliseconds that the server has to say which release it has. */
const PATIENCE_MS = 15_000;
const here = new URL('./', location.href);
// The name of this release's store. web/service-worker.js keeps the files of a release as long as a tab holds the lock of
// that name: for the tab's whole life.
const store = `${here} ${id}`;
navigator.locks?.request(store, { mode: 'shared' }, () => new Promise(() => {})).catch(() => {
  // Where locks are refused, so are service workers.
});

// Where the page of another release was found.
let newest = './';

/** @type {Promise<ServiceWorkerRegistration | undefined> | undefined} Undefined before `stay`; of undefined without one. */
let registration;

globalThis.release = {
  id,
  // Without a script, the worker fails like one that cannot be loaded.
  worker(program, data) {
    const script = dataset[program] ?? '';
    return script && data !== 'mnist' ? `${script}?data=${data}` : script;
  },

  async serverHasAnother() {
    // A cache on the way that keeps the page takes an address with a query for another page.
    const query = new URLSearchParams(location.search);
    query.set('newest', String(Date.now()));
    try {
      for (const address of ['./', `./?${query}`]) {
        const answer = await fetch(address, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
        const page = await answer.text();
        if (page.includes('name="release"') && !page.includes(id)) {
          newest = address;
          return true;
        }
      }
    } catch {
      // Without a network there is nothing to be found.
    }
    return false;
  },

  reloadOnce() {
    try {
      if (sessionStorage.getItem('reloaded-from') === id) return false;
      sessionStorage.setItem('reloaded-from', id);
    } catch {
      return false; // Without a note of it, every reload would be followed by another.
    }
    if (newest === './') location.reload();
    else location.replace(newest + location.hash);
    return true;
  },

  whenOneWaits: (notify) => addEventListener('release-waits', notify),
  take: () => location.reload(),
  async stay(data) {
    registration ??= register();
    // What is seen first of MNIST is part of every release's shell.
    if (data !== 'mnist') await post({ see: data });
  },

  async keep(program, data) {
    registration ??= register();
    await post({ keep: program, data });
  },
};

/**
 * Sends a message to the service worker that waits, or else to the one in use.
 * @param {object} message
 */
async function post(message) {
  const registered = await registration;
  if (!registered) return;
  const { active } = await navigator.serviceWorker.ready;
  (registered.waiting ?? active)?.postMessage(message);
}

/** Registers the service worker. Gives undefined where there are none: on plain http, or where they are refused. */
async function register() {
  let registered;
  try {
    // The HTTP cache is bypassed: an old copy would hide newer releases.
    registered = await navigator.serviceWorker?.register('./service-worker.js', { updateViaCache: 'none' });
  } catch (error) {
    console.warn('The page is not kept for visits without a network:', error);
  }
  // Some browsers and extensions that forbid service workers resolve to undefined.
  if (!registered) return undefined;
  const offer = async () => {
    // The service worker that waits may be of this page's own release: the one in use serves newer pages than itself.
    const newest = (await caches.keys().catch(() => [])).filter((name) => name.startsWith(`${here} `)).at(-1);
    if (registered.waiting && newest && newest !== store) dispatchEvent(new Event('release-waits'));
  };
  offer();
  registered.addEventListener('updatefound', () => registered.installing?.addEventListener('statechange', offer));
  document.addEventListener('visibilitychange', () => {
    // Fails without a network, when there is nothing to be found.
    if (document.visibilityState === 'visible') registered.update().catch(() => {});
  });
  return registered;
}
