// The release that this page belongs to, and the way to the next one: what the program asks of the browser for that.

const { content: id, dataset } = document.querySelector('meta[name=release]');
// Names as in service-worker.js, which keeps a release's files as long as some tab holds the lock: the tab's whole life.
const here = new URL('./', location);
const store = `${here} ${id}`;
navigator.locks?.request(store, { mode: 'shared' }, () => new Promise(() => {}));

globalThis.release = {
  id,
  /** The first script of an engine's worker. */
  worker: (engine) => dataset[engine],

  /** Whether the server has another release by now. What can't be found out is no. */
  async serverHasAnother() {
    try {
      const page = await (await fetch('./', { cache: 'no-cache' })).text();
      return page.includes('name="release"') && !page.includes(id);
    } catch {
      return false;
    }
  },

  /** Reloads the page in the hope of another release: once for this one, in this tab. Tells whether it does. */
  reloadOnce() {
    try {
      if (sessionStorage.getItem('reloaded-from') === id) return false;
      sessionStorage.setItem('reloaded-from', id);
    } catch {
      return false; // Without a note that it was done, it would be done again and again.
    }
    location.reload();
    return true;
  },

  /** Calls `tell` when a newer release has been fetched: the next visit gets it, and so does a reload. */
  whenOneWaits: (tell) => addEventListener('release-waits', tell),

  /** Takes the newest release that is here. */
  take: () => location.reload(),

  /** Keeps the page for days without a network, and looks out for newer releases: from the first call on. */
  stay: () => { registration ??= register(); },

  /** Has everything kept that training on this engine takes. */
  async keep(engine) {
    release.stay();
    const registered = await registration;
    if (!registered) return;
    const { active } = await navigator.serviceWorker.ready;
    (registered.waiting ?? active).postMessage({ keep: engine });
  },
};

// The service worker's registration: a promise; of nothing where there are none, on plain http.
let registration;

async function register() {
  if (!navigator.serviceWorker) return undefined;
  let registered;
  try {
    // Not from the browser's cache: a stale one would hide newer releases.
    registered = await navigator.serviceWorker.register('./service-worker.js', { updateViaCache: 'none' });
  } catch (error) {
    console.warn('The page will need a network at the next visit too:', error);
  }
  // Browsers and extensions that forbid service workers may answer with nothing.
  if (!registered) return undefined;
  const offer = async () => {
    // A worker that waits may be of this page's own release: the one in use serves newer pages than itself.
    const stores = (await caches.keys()).filter((name) => name.startsWith(`${here} `));
    if (registered.waiting && stores.at(-1) !== store) dispatchEvent(new Event('release-waits'));
  };
  offer();
  registered.addEventListener('updatefound', () => registered.installing?.addEventListener('statechange', offer));
  document.addEventListener('visibilitychange', () => {
    // Without a network there is nothing to be found.
    if (document.visibilityState === 'visible') registered.update().catch(() => {});
  });
  return registered;
}
