// Servers, proxies and caches that do what they should not: what docs/hosting.md says of each.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { open, press, start, until } from './harness.mjs';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', gz: 'application/gzip', webmanifest: 'application/manifest+json' };
let host;
before(async () => { host = await start(); });
after(() => host.close());

/**
 * A server of a folder whose every answer goes through `misbehave`, which changes `{ status, headers, bytes }` of a file. Gives
 * the requests' headers, by file.
 */
async function server(t, misbehave, folder = () => DIST) {
  const requests = [];
  const server = createServer(async ({ url, headers }, response) => {
    const file = new URL(url, 'http://host').pathname.slice(1) || 'index.html';
    const bytes = await readFile(join(folder(url), file)).catch(() => undefined);
    requests.push({ file, url, headers });
    const answer = bytes
      ? { status: 200, headers: { 'content-type': TYPES[file.split('.').at(-1)] ?? 'text/plain' }, bytes }
      : { status: 404, headers: { 'content-type': 'text/plain' }, bytes: Buffer.from('not found') };
    misbehave(answer, file, headers);
    response.writeHead(answer.status, answer.headers).end(answer.bytes);
  });
  await new Promise((resolve) => { server.listen(0, resolve); });
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => { server.close(resolve); });
  });
  return { url: `http://localhost:${server.address().port}/`, requests };
}

/** Trains some steps there, with nothing in red on the console but what `isExpected`. */
async function trains(t, url, isExpected = () => false, button = 'Reset') {
  const visit = await open({ browser: host.browser, url }, '#engine=cpu', {}, undefined, button);
  t.after(visit.close);
  await press(visit.page, 'Train');
  await until(visit.page, 'training', ({ step }) => step > 8, 60_000);
  assert.deepEqual(visit.errors.filter((error) => !isExpected(error)), []);
  return visit.page;
}

test('.gz files sent with Content-Encoding: gzip, which the browser inflates, are understood', async (t) => {
  const { url } = await server(t, (answer, file) => {
    if (file.endsWith('.gz')) Object.assign(answer.headers, { 'content-encoding': 'gzip', 'content-length': answer.bytes.length });
  });
  await trains(t, url);
});

const packed = (bytes, layers) => Array.from({ length: layers }).reduce((inner) => gzipSync(inner), bytes);
for (const [what, encoding, layers] of [
  ['compresses .gz files once more, and says so', 'gzip', 1],
  ['compresses everything twice, and says so', 'gzip, gzip', 2],
]) {
  test(`a proxy that ${what} is understood`, async (t) => {
    const { url } = await server(t, (answer) => {
      answer.bytes = packed(answer.bytes, layers);
      answer.headers['content-encoding'] = encoding;
    });
    await trains(t, url);
  });
}

test('a proxy that compresses .gz files twice more, and says so once, is understood', async (t) => {
  const { url } = await server(t, (answer, file) => {
    answer.bytes = packed(answer.bytes, file.endsWith('.gz') ? 2 : 1);
    answer.headers['content-encoding'] = 'gzip';
  });
  await trains(t, url);
});

test('a proxy that inflates .gz files and says nothing is understood', async (t) => {
  const { url } = await server(t, (answer, file) => {
    if (file.endsWith('.gz') && answer.status === 200) answer.bytes = gunzipSync(answer.bytes);
  });
  await trains(t, url);
});

test('a proxy that strips ranges, lengths and tags changes nothing: no request has a range', async (t) => {
  const { url, requests } = await server(t, (answer) => {
    Object.assign(answer.headers, { 'accept-ranges': 'none', 'transfer-encoding': 'chunked', via: '1.1 proxy' });
  });
  await trains(t, url);
  assert.ok(requests.length > 20);
  assert.deepEqual(requests.filter(({ headers }) => headers.range), []);
});

test('a server that knows the type of no data and no program is understood', async (t) => {
  const { url } = await server(t, (answer, file) => {
    if (!/\.(html|js|css)$/.test(file)) answer.headers['content-type'] = 'text/html; charset=iso-8859-1';
  });
  await trains(t, url);
});

test('style sheets of a wrong type are used all the same', async (t) => {
  const { url } = await server(t, (answer, file) => {
    if (file.endsWith('.css')) Object.assign(answer.headers, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' });
  });
  const page = await trains(t, url, (error) => /MIME type|Failed to load resource/.test(error));
  const styled = (page) => page.evaluate(() => ['body', 'main', 'h1'].map((name) => {
    const { display, fontFamily, fontSize, margin, color } = getComputedStyle(document.querySelector(name));
    return [display, fontFamily, fontSize, margin, color];
  }));
  const visit = await open(host, '#engine=cpu');
  t.after(visit.close);
  const found = await styled(page);
  assert.deepEqual(found, await styled(visit.page));
  assert.doesNotMatch(String(found), /Times/);
});

test('scripts of a wrong type, which browsers run nowhere, are named', async (t) => {
  const { url } = await server(t, (answer, file) => {
    if (file.endsWith('.js')) answer.headers['content-type'] = 'application/octet-stream';
  });
  const context = await host.browser.newContext({ serviceWorkers: 'block' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('alert').filter({ hasText: /could not be loaded: the server sends it as application\/octet-stream\.$/ }).waitFor();
});

/** A folder with a later release than DIST: its page has another name, and so has its first script. */
async function laterRelease(t) {
  const folder = await mkdtemp(join(tmpdir(), 'later-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(DIST, folder, { recursive: true });
  const boot = (await readdir(join(folder, 'assets'))).find((name) => name.startsWith('boot-'));
  const later = boot.replace(/-[0-9a-f]{32}/, `-${'5'.repeat(32)}`);
  await rename(join(folder, 'assets', boot), join(folder, 'assets', later));
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const [, older] = /name="release" content="(\w+)"/.exec(page);
  await writeFile(join(folder, 'index.html'), page.replaceAll(boot, later).replaceAll(older, 'feedfeedfeedfeed'));
  for (const script of (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'))) {
    const text = await readFile(join(folder, 'assets', script), 'utf8');
    await writeFile(join(folder, 'assets', script), text.replaceAll(older, 'feedfeedfeedfeed'));
  }
  return folder;
}

/** A page that anybody on the way may keep for a day. */
const forADay = (answer, file) => {
  if (file === 'index.html') answer.headers['cache-control'] = 'public, max-age=86400';
};

test('a browser that keeps the page for a day gets the newer one once the older files are gone', async (t) => {
  let folder = DIST;
  const { url, requests } = await server(t, forADay, () => folder);
  const { page, close } = await open({ browser: host.browser, url }, '#engine=cpu');
  t.after(close);
  folder = await laterRelease(t);
  await page.goto('about:blank');
  requests.length = 0;
  await page.goto(`${url}#engine=cpu`);
  await page.locator('meta[name=release][content=feedfeedfeedfeed]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Reset' }).waitFor();
  // The older page, which nobody was asked for, missed its script.
  const first = (name) => requests.findIndex(({ file }) => file.includes(name));
  assert.ok(first('boot-') >= 0 && first('boot-') < first('index.html'));
});

test('behind a CDN that keeps the page for a day the newer one is found past it', async (t) => {
  const later = await laterRelease(t);
  // The CDN has kept the page, under the address without a query; the origin has the later release alone.
  const { url } = await server(t, forADay, (address) => (address === '/' ? DIST : later));
  const visit = await open({ browser: host.browser, url }, '#engine=cpu&epochs=7');
  t.after(visit.close);
  await visit.page.locator('meta[name=release][content=feedfeedfeedfeed]').waitFor({ state: 'attached' });
  assert.match(visit.page.url(), /\/\?newest=\d+#engine=cpu&epochs=7$/);
  await press(visit.page, 'Train');
  await until(visit.page, 'training', ({ step }) => step > 2, 60_000);
});

test('where no newer page is found, the missing file is named, after no more than one reload', async (t) => {
  const { url, requests } = await server(t, (answer, file) => {
    if (!/boot-/.test(file)) return;
    Object.assign(answer, { status: 404, bytes: Buffer.from('gone') });
    answer.headers['content-type'] = 'text/plain';
  });
  const context = await host.browser.newContext({ serviceWorkers: 'block' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('alert').filter({ hasText: /^The file boot-\w+\.js could not be loaded: the server answers 404\.$/ }).waitFor();
  assert.ok(requests.filter(({ file }) => file === 'index.html').length <= 3);
});
