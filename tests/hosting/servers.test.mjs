// The configurations in hosting/, on the servers that they are for: headers, compression, caching, and a whole visit.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { open, press, start, until } from '../browser/harness.mjs';
import { POLICY as COMMANDS, SERVERS, startServer } from './servers.mjs';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const [, POLICY] = /Content-Security-Policy: (.*)/.exec(await readFile(join(DIST, '_headers'), 'utf8'));
const TYPES = { js: /^(text|application)\/javascript/, css: /^text\/css/, svg: /^image\/svg\+xml/, png: /^image\/png/, gz: /^application\/gzip/, txt: /^text\/plain/ };
let host;
before(async () => { host = await start(); });
after(() => host.close());

/** The answer as it is sent: `fetch` would inflate it. */
const get = (url, headers = { 'accept-encoding': 'gzip' }) => new Promise((resolve, reject) => {
  request(url, { headers }, async (response) => {
    const bytes = Buffer.concat(await response.toArray());
    resolve({ status: response.statusCode, headers: response.headers, bytes });
  }).on('error', reject).end();
});

const inflated = ({ headers, bytes }) => (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);

test('the documentation has the commands that these tests run', async () => {
  const text = await readFile(new URL('../../docs/hosting.md', import.meta.url), 'utf8');
  for (const command of [...Object.values(COMMANDS), '-exec gzip --keep --best {} +', '../hosting/nginx.conf', '../hosting/Caddyfile']) {
    assert.ok(text.includes(command), command);
  }
});

for (const name of Object.keys(SERVERS)) {
  test(`${name} sends every file of a release whole, with its type, the policy, and for how long it holds`, async (t) => {
    const server = await startServer(name, DIST);
    t.after(server.close);
    for (const file of (await readdir(join(DIST, 'assets')))) {
      const answer = await get(`${server.url}assets/${file}`);
      assert.equal(answer.status, 200, file);
      assert.match(answer.headers['content-type'], TYPES[file.split('.').at(-1)], file);
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable', file);
      assert.equal(answer.headers['content-security-policy'], POLICY, file);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.deepEqual(inflated(answer), await readFile(join(DIST, 'assets', file)), file);
      // What is compressed goes out as it is; what is text and of some size is compressed.
      const size = (await stat(join(DIST, 'assets', file))).size;
      const isText = /\.(js|css)$/.test(file) && size > 2000;
      if (/\.(gz|png)$/.test(file)) {
        assert.equal(answer.headers['content-encoding'], undefined, file);
        assert.equal(Number(answer.headers['content-length']), size);
      } else if (isText) assert.equal(answer.headers['content-encoding'], 'gzip', file);
    }
  });

  test(`${name} has pages and the service worker asked for each time, answers 304, and keeps no 404`, async (t) => {
    const server = await startServer(name, DIST);
    t.after(server.close);
    for (const [file, type] of Object.entries({
      '': /^text\/html/, 'index.html': /^text\/html/, 'measure.html': /^text\/html/, 'service-worker.js': TYPES.js,
      'manifest.webmanifest': /^application\/manifest\+json/,
    })) {
      let answer = await get(server.url + file);
      // Caddy sends whoever asks for index.html to its folder.
      if (answer.status === 308) answer = await get(new URL(answer.headers.location, server.url + file));
      assert.equal(answer.status, 200, file);
      assert.match(answer.headers['content-type'], type, file);
      assert.equal(answer.headers['cache-control'], 'no-cache', file);
      assert.equal(answer.headers['content-security-policy'], POLICY, file);
      const { etag } = answer.headers;
      const again = await get(server.url + (file === 'index.html' ? '' : file), { 'accept-encoding': 'gzip', 'if-none-match': etag });
      assert.deepEqual([again.status, again.bytes.length], [304, 0], file);
    }
    const missing = await get(`${server.url}assets/app-00000000000000000000000000000000.js`);
    assert.equal(missing.status, 404);
    assert.ok(!String(missing.headers['cache-control']).includes('immutable'));
  });

  test(`${name} takes files that were compressed beforehand, with the command of the documentation`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'precompressed-'));
    t.after(() => rm(folder, { recursive: true }));
    await cp(DIST, folder, { recursive: true });
    const names = ['*.js', '*.css', '*.html', '*.svg'].flatMap((pattern) => ['-o', '-name', pattern]).slice(1);
    await promisify(execFile)('find', [folder, '-type', 'f', '(', ...names, ')', '-exec', 'gzip', '--keep', '--best', '{}', '+']);
    const server = await startServer(name, folder);
    t.after(server.close);
    const scripts = (await readdir(join(folder, 'assets'))).filter((file) => file.endsWith('.js'));
    for (const file of ['index.html', ...scripts.map((script) => `assets/${script}`)]) {
      const answer = await get(server.url + file.replace('index.html', ''));
      assert.equal(answer.headers['content-encoding'], 'gzip', file);
      assert.equal(answer.bytes.length, (await stat(join(folder, `${file}.gz`))).size, file);
      assert.deepEqual(inflated(answer), await readFile(join(folder, file)), file);
      const plain = await get(server.url + file.replace('index.html', ''), {});
      assert.deepEqual([plain.headers['content-encoding'], plain.bytes.length], [undefined, (await stat(join(folder, file))).size]);
    }
  });

  test(`a visit to ${name} trains under the policy, and nothing is an error`, { timeout: 90_000 }, async (t) => {
    const server = await startServer(name, DIST);
    t.after(server.close);
    const visit = await open({ browser: host.browser, url: server.url }, '#engine=cpu', { serviceWorkers: 'allow' });
    t.after(visit.close);
    await press(visit.page, 'Train');
    await until(visit.page, 'training', ({ step }) => step > 8, 60_000);
    assert.deepEqual(visit.errors, []);
  });
}
