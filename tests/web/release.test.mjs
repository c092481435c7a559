// The page's release in browsers that refuse locks, storage or service workers, or have them in an unusual state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundled, refused, run, settle } from './scripts.mjs';

const SCRIPT = bundled('release.js');
const HERE = 'https://host/some/where/';
const OWN = `${HERE} two`;
const refuse = async () => { throw refused(); };

/** Runs the script; gives its object, the events that the page got, and what was logged. */
function started({ serviceWorker, locks, caches, sessionStorage, ...globals } = {}) {
  const events = [];
  const warnings = [];
  const reloads = [];
  const listeners = new Map();
  const scope = run(SCRIPT, {
    URL, URLSearchParams, Event, AbortSignal,
    console: { warn: (...words) => warnings.push(words.join(' ')) },
    document: {
      querySelector: () => ({ content: 'two', dataset: { cpu: './assets/cpu.js' } }),
      addEventListener: (type, listener) => listeners.set(type, listener),
      visibilityState: 'visible',
    },
    location: Object.assign(new URL(`${HERE}?a#b`), {
      reload: () => reloads.push('reload'), replace: (address) => reloads.push(address),
    }),
    navigator: { locks, get serviceWorker() { return serviceWorker?.(); } },
    caches,
    sessionStorage,
    addEventListener() {},
    dispatchEvent: ({ type }) => events.push(type),
    ...globals,
  });
  return { release: scope.release, events, warnings, reloads, turn: () => listeners.get('visibilitychange')?.() };
}

/** A registration whose workers note what they are sent. */
function registration(waiting, { active = true, update = async () => {} } = {}) {
  const posted = [];
  const worker = (name) => ({ postMessage: (message) => posted.push([name, { ...message }]) });
  const registered = {
    waiting: waiting ? worker('waiting') : null,
    active: active ? worker('active') : null,
    installing: null,
    update,
    addEventListener() {},
  };
  const serviceWorker = () => ({ register: async () => registered, ready: Promise.resolve(registered) });
  return { posted, serviceWorker };
}

test('where locks are refused or missing the page works, and nothing is left unhandled', async () => {
  for (const locks of [undefined, { request: refuse }]) {
    const { release } = started({ locks });
    assert.equal(release.id, 'two');
    await settle();
  }
});

test('the release’s store stays locked for as long as the tab lives', async () => {
  const held = [];
  started({ locks: { request: async (name, { mode }, use) => held.push([name, mode, use()]) } });
  assert.deepEqual(held[0].slice(0, 2), [OWN, 'shared']);
  assert.equal(await Promise.race([held[0][2], settle().then(() => 'held')]), 'held');
});

test('an engine that this release does not have gets an empty address', () => {
  const { release } = started();
  const workers = [release.worker('cpu', 'mnist'), release.worker('cpu', 'fashion-mnist'), release.worker('quantum', 'fashion-mnist')];
  assert.deepEqual(workers, ['./assets/cpu.js', './assets/cpu.js?data=fashion-mnist', '']);
});

test('where service workers are missing, refused or forbidden nothing is kept, and nothing is left unhandled', async () => {
  const kinds = [
    () => undefined,
    () => { throw refused(); }, // As in a sandbox.
    () => ({ register: refuse }),
    () => ({ register: async () => undefined }),
  ];
  for (const serviceWorker of kinds) {
    const { release } = started({ serviceWorker });
    await release.stay('mnist');
    await release.keep('cpu', 'mnist');
    await settle();
  }
});

test('the service worker that waits is asked to keep an engine, or else the one in use', async () => {
  for (const [waiting, active, expected] of [[true, true, 'waiting'], [false, true, 'active'], [false, false, undefined]]) {
    const { posted, serviceWorker } = registration(waiting, { active });
    const { release } = started({ serviceWorker, caches: { keys: async () => [OWN] } });
    await release.keep('webgpu', 'mnist');
    assert.deepEqual(posted, expected ? [[expected, { keep: 'webgpu', data: 'mnist' }]] : []);
  }
});

test('the service worker is asked to keep what is seen first of a data set that no release brings', async () => {
  const { posted, serviceWorker } = registration(false);
  const { release } = started({ serviceWorker, caches: { keys: async () => [OWN] } });
  for (const data of ['mnist', 'fashion-mnist']) await release.stay(data);
  assert.deepEqual(posted, [['active', { see: 'fashion-mnist' }]]);
});

test('a newer release is offered only if its store is there', async () => {
  const cases = [
    [true, async () => [OWN, `${HERE} three`], ['release-waits']],
    [true, async () => [OWN, 'https://host/ three'], []],
    [false, async () => [OWN, `${HERE} three`], []],
    [true, async () => [], []],
    [true, refuse, []],
  ];
  for (const [waiting, keys, expected] of cases) {
    const { serviceWorker } = registration(waiting);
    const { release, events } = started({ serviceWorker, caches: { keys } });
    await release.stay('mnist');
    await settle();
    assert.deepEqual(events, expected);
  }
});

test('looking for a newer release without a network leaves nothing unhandled', async () => {
  const { serviceWorker } = registration(false, { update: refuse });
  const { release, turn } = started({ serviceWorker, caches: { keys: refuse } });
  await release.stay('mnist');
  await settle();
  turn();
  await settle();
});

test('a reload in the hope of another release happens once, and never where that cannot be noted', () => {
  const notes = new Map();
  const noted = { getItem: (key) => notes.get(key) ?? null, setItem: (key, value) => notes.set(key, value) };
  const { release, reloads } = started({ sessionStorage: noted });
  assert.deepEqual([release.reloadOnce(), release.reloadOnce()], [true, false]);
  assert.equal(reloads.length, 1);
  const refusing = started({ sessionStorage: { getItem() { throw refused(); } } });
  assert.equal(refusing.release.reloadOnce(), false);
  assert.equal(refusing.reloads.length, 0);
});

test('the server has another release if its page says so', async () => {
  const answers = [
    [true, async () => new Response('<meta name="release" content="three">')],
    [false, async () => new Response('<meta name="release" content="two">')],
    [false, async () => new Response('out of order', { status: 503 })],
    [false, refuse],
  ];
  for (const [expected, fetch] of answers) {
    const { release } = started({ fetch });
    assert.equal(await release.serverHasAnother(), expected);
  }
});

test('where a cache on the way keeps the page, another release is found and loaded past it', async () => {
  const own = '<meta name="release" content="two">';
  const fetch = async (address) => new Response(address === './' ? own : own.replace('two', 'three'));
  const sessionStorage = { getItem: () => null, setItem() {} };
  const { release, reloads } = started({ fetch, sessionStorage });
  assert.equal(await release.serverHasAnother(), true);
  assert.equal(release.reloadOnce(), true);
  assert.match(reloads.join(), /^\.\/\?a=&newest=\d+#b$/);
});
