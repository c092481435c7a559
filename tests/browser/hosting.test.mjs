// The release on other people's servers: under a path, with no header of ours, without a network, replaced while open.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decoded, eventually, open, otherDigit, press, start, until } from './harness.mjs';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const CPU = '#engine=cpu';
let host;
before(async () => { host = await start(); });
after(() => host.close());

/** A server that knows nothing but files, under /some/where/. `requests` fills with what was asked for. */
async function plainServer(folder, headers = {}) {
  const requests = [];
  const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url, 'http://host').pathname;
    requests.push(path);
    const file = path.startsWith('/some/where/') ? path.slice(12) || 'index.html' : 'none';
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    const type = types[file.split('.').at(-1)] ?? 'application/octet-stream';
    response.writeHead(bytes ? 200 : 404, { ...headers, 'content-type': bytes ? type : 'text/plain' }).end(bytes ?? 'not found');
  });
  await new Promise((resolve) => server.listen(0, resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://localhost:${server.address().port}/some/where/`, requests, close };
}

/** A page that service workers may serve. `foreign` fills with what it asks of others; what its policy forbids is an error. */
async function visit(t, url, fragment = CPU, button = 'Reset') {
  const foreign = [];
  const visited = await open({ browser: host.browser, url }, fragment, { serviceWorkers: 'allow' }, async (page) => {
    await page.addInitScript(() => addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`the policy forbids ${violatedDirective} ${blockedURI}`);
    }));
    page.context().on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'blob:' && origin !== new URL(url).origin) foreign.push(request.url());
    });
  }, button);
  t.after(visited.close);
  return { ...visited, foreign };
}

/** Trains some steps, and sees the digit change with the point. */
async function doTheMainJob(page, steps = 8) {
  await press(page, 'Train');
  await until(page, 'training', ({ step }) => step >= steps);
  const before = await decoded(page);
  const plane = await page.locator('#latent-plane').boundingBox();
  await page.mouse.move(plane.x + plane.width * 0.2, plane.y + plane.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(plane.x + plane.width * 0.8, plane.y + plane.height * 0.7, { steps: 5 });
  await page.mouse.up();
  await otherDigit(page, before);
}

/** Until `holds`, a question to the page, is answered with yes. */
const answered = (page, holds, argument) => eventually(`${holds}`, () => page.evaluate(holds, argument), Boolean, 30_000);

/** Until the service worker serves the page and has this many files. */
const untilKept = (page, files) => answered(page, async (files) => {
  const counts = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length);
  return navigator.serviceWorker.controller && Math.max(0, ...await Promise.all(counts)) > files;
}, files);

/** Until the service worker serves the page and has the page and each of these files of it: others may come before them. */
const untilEachIsKept = (page, assets) => answered(page, async (assets) => {
  const kept = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url));
  const urls = new Set((await Promise.all(kept)).flat());
  const here = new URL('./', location.href).href;
  return navigator.serviceWorker.controller && urls.has(here) && assets.every((name) => urls.has(`${here}assets/${name}`));
}, assets);

/** Until the page there is of this release. */
const untilRelease = async (page, release) => {
  await page.locator(`meta[name=release][content="${release}"]`).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Reset' }).waitFor();
};

test('a plain server, a path, no header: the main job is done, nothing is asked of anybody else', async (t) => {
  const server = await plainServer(DIST);
  t.after(server.close);
  const { page, errors, foreign } = await visit(t, server.url);
  await doTheMainJob(page);
  assert.deepEqual(errors, []);
  assert.deepEqual(foreign, []);
  assert.deepEqual(server.requests.filter((path) => !path.startsWith('/some/where/')), []);
});

const ISOLATED = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

test('on a host that isolates its pages workers find helpers, whoever serves their script', { timeout: 240_000 }, async (t) => {
  const server = await plainServer(DIST, ISOLATED);
  t.after(server.close);
  const { page, errors } = await visit(t, server.url, '?workers=2#engine=cpu&epochs=1000');
  assert.ok(await page.evaluate(() => crossOriginIsolated));
  const together = () => until(page, 'two workers', ({ phase, workers }) => phase === 'training' && workers === 2);
  await press(page, 'Train');
  await together();
  // The trainer came from the server, its next helper comes from the service worker.
  await untilKept(page, 10);
  await press(page, 'Reset');
  await until(page, 'a new run', ({ phase }) => phase === 'idle');
  await press(page, 'Train');
  await until(page, 'one worker', ({ phase, step, workers }) => phase === 'training' && step > 0 && workers >= 1);
  await page.waitForTimeout(300);
  await together();
  await page.reload();
  assert.ok(await page.evaluate(() => crossOriginIsolated));
  assert.deepEqual(errors, []);
});

const [, POLICY] = /Content-Security-Policy: (.*)/.exec(await readFile(join(DIST, '_headers'), 'utf8'));
const HOSTS = {
  'a plain host': {},
  'a host that is strict': { ...ISOLATED, 'content-security-policy': POLICY, 'x-frame-options': 'SAMEORIGIN' },
};
for (const [name, headers] of Object.entries(HOSTS)) {
  test(`the device can be measured on ${name}, under a path, and nothing is kept`, { timeout: 240_000 }, async (t) => {
    const server = await plainServer(DIST, headers);
    t.after(server.close);
    const { page, errors, foreign } = await visit(t, server.url, 'measure.html?windows=1&seconds=0.2', 'Measure');
    await press(page, 'Measure');
    await page.getByText('First step after opening').first().waitFor({ timeout: 60_000 });
    await press(page, 'Stop');
    assert.deepEqual(await page.evaluate(async () => [
      await navigator.serviceWorker.getRegistrations(), await caches.keys(), await indexedDB.databases(), { ...localStorage },
    ]), [[], [], [], {}]);
    assert.deepEqual(errors, []);
    assert.deepEqual(foreign, []);
    assert.deepEqual(server.requests.filter((path) => !path.startsWith('/some/where/')), []);
  });
}

// The program of every model is kept only where it was used, and so is every data set, but for the digits that are seen first.
const OFFLINE = {
  'the tutorial’s network': [CPU, /layered|webgpu|burn|import|export|analysis|encoder|^fashion/],
  'a convolutional model': [`${CPU}&encoder=conv4k3s2`, /webgpu|burn|import|export|analysis|encoder|^fashion/],
  'another data set': [`${CPU}&data=fashion-mnist`, /layered|webgpu|burn|import|export|analysis|encoder|^train|^test-images-00[2-9]/],
};
for (const [name, [link, unused]] of Object.entries(OFFLINE)) {
  test(`after a first visit with some training, the second one trains ${name} without a network`, { timeout: 240_000 }, async (t) => {
    const server = await plainServer(DIST);
    t.after(server.close);
    const { page, errors } = await visit(t, `${server.url}?workers=2`, link);
    await doTheMainJob(page);
    // All of it: what is still missing when the server goes stays so.
    const isKept = (name) => !unused.test(name) && !/\.png$|^lesson-|^(bench|measure|spread)\b/.test(name);
    const assets = (await readdir(join(DIST, 'assets'))).filter(isKept);
    await untilEachIsKept(page, assets);
    await server.close();
    await page.reload();
    await page.getByRole('button', { name: 'Reset' }).waitFor();
    await doTheMainJob(page, 20);
    await until(page, 'a helper', ({ workers }) => workers === 2);
    const policies = await page.evaluate(async () => (
      (await fetch(document.querySelector('meta[name=release]').dataset.cpu)).headers.get('content-security-policy')));
    assert.match(policies, /connect-src 'self'/, 'the policy goes out with the workers');
    assert.deepEqual(errors, []);
  });
}

test('after a first visit without training, the second one shows another data set without a network', { timeout: 240_000 }, async (t) => {
  const server = await plainServer(DIST);
  t.after(server.close);
  const { page, errors } = await visit(t, server.url, `${CPU}&data=fashion-mnist`);
  const plotted = () => page.locator('#latent-plane[data-digits="2000"]').waitFor();
  await plotted();
  await answered(page, async () => {
    const names = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url));
    const kept = (await Promise.all(names)).flat().filter((url) => /\/fashion-mnist-(test|[0-9a-f]{32}\.txt)/.test(url));
    return navigator.serviceWorker.controller && kept.length === 4;
  });
  await server.close();
  await page.reload();
  await plotted();
  await page.getByRole('button', { name: 'Only Ankle boot' }).waitFor();
  assert.deepEqual(errors, []);
});

test('a release that takes the place of another leaves open tabs alone, and is offered', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(DIST, folder, { recursive: true });
  const server = await plainServer(folder);
  t.after(server.close);
  const { page, errors } = await visit(t, server.url);
  await untilKept(page, 12);
  const release = () => page.locator('meta[name=release]').getAttribute('content');
  const first = await release();

  await replace(folder, first, 'feedfeedfeedfeed');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const reload = page.getByRole('button', { name: 'Reload', exact: true });
  await reload.waitFor();
  // The old files are gone from the server; the tab's trainer hasn't been loaded yet.
  await doTheMainJob(page);
  assert.equal(await release(), first);
  assert.deepEqual(errors, []);

  await reload.click();
  await untilRelease(page, 'feedfeedfeedfeed');
  await doTheMainJob(page);
  // No tab uses the first one any more.
  await page.reload();
  await answered(page, async () => String((await caches.keys()).map((name) => name.split(' ')[1])) === 'feedfeedfeedfeed');
  assert.deepEqual(errors, []);
});

/** Another release in the same place: its scripts have other names. */
async function replace(folder, first, second) {
  const assets = join(folder, 'assets');
  const others = new Map();
  for (const name of await readdir(assets)) {
    if (!/worker\.js$/.test(name)) continue;
    const script = (await readFile(join(assets, name), 'utf8')).replace(first, second);
    const hash = createHash('sha256').update(script).digest('hex').slice(0, 32);
    const other = name.replace(/-[0-9a-f]{32}/, `-${hash}`);
    await writeFile(join(assets, name), script);
    await rename(join(assets, name), join(assets, other));
    others.set(name, other);
  }
  for (const name of ['index.html', 'service-worker.js']) {
    let text = (await readFile(join(folder, name), 'utf8')).replaceAll(first, second);
    for (const [before, after] of others) text = text.replaceAll(before, after);
    await writeFile(join(folder, name), text);
  }
}

test('a worker of another release makes the page reload once, and say so if that did not help', async (t) => {
  let loads = 0;
  const visited = await open(host, CPU, {}, async (page) => {
    page.on('load', () => { loads += 1; });
    await page.route('**/cpu_engine-*.worker.js', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/id: ?['"]\w+['"]/, "id: 'another'");
      await route.fulfill({ response, body });
    });
  });
  t.after(visited.close);
  await visited.page.getByRole('alert').filter({ hasText: 'even after a reload' }).waitFor();
  assert.equal(loads, 2);
});

test('a worker script that the server has replaced makes the page look for the newer release', async (t) => {
  let isOld = true;
  const visited = await open(host, CPU, {}, async (page) => {
    await page.route('**/cpu_engine-*.worker.js', (route) => (
      isOld ? route.fulfill({ status: 404, body: 'not found' }) : route.continue()));
    // The page is asked for three times: by the visit, by the page in search of a newer one, and by the reload.
    let asked = 0;
    await page.route(host.url, async (route) => {
      asked += 1;
      if (asked !== 2) return route.continue();
      isOld = false;
      const response = await route.fetch();
      return route.fulfill({ response, body: (await response.text()).replace(/content="[0-9a-f]{16}"/, 'content="newer"') });
    });
  });
  t.after(visited.close);
  await visited.page.waitForFunction(() => performance.getEntriesByType('navigation')[0].type === 'reload');
  await visited.page.getByRole('button', { name: 'Reset' }).waitFor();
  await doTheMainJob(visited.page);
});

test('a page that cannot start says why', { timeout: 240_000 }, async (t) => {
  const context = await host.browser.newContext({ serviceWorkers: 'block' });
  t.after(() => context.close());
  const asText = async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
  };
  for (const [file, answer, sentence] of [
    [/app_bg/, (route) => route.fulfill({ status: 403 }), /^The program could not start: app_bg-\w+\.wasm\.gz could not be loaded: the server answers 403\.$/],
    [/boot-/, asText, /^The file boot-\w+\.js could not be loaded: the server sends it as text\/plain\.$/],
    [/boot-/, (route) => route.fulfill({ status: 404 }), /^The file boot-\w+\.js could not be loaded: the server answers 404\.$/],
  ]) {
    const page = await context.newPage();
    await page.route(file, answer);
    await page.goto(host.url);
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
    assert.equal(await page.getByText('Loading', { exact: true }).isVisible(), false);
    await page.close();
  }
  const file = await context.newPage();
  await file.goto(`file://${DIST}/index.html`);
  await file.getByText('It has to come from a web server').waitFor();
});
