// nginx and Caddy with the configurations in hosting/, as people run them, but on a free port and in a folder of their own.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CONFIGURATIONS = new URL('../../hosting/', import.meta.url).pathname;
const run = promisify(execFile);

/** The commands of docs/hosting.md that turn dist/_headers into a line of each server's configuration. */
export const POLICY = {
  nginx: String.raw`s/^  Content-Security-Policy: \(.*\)/add_header Content-Security-Policy "\1";/p`,
  caddy: String.raw`s/^  Content-Security-Policy: \(.*\)/header Content-Security-Policy "\1"/p`,
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** The text with every one of these parts replaced, each of which it must have. */
function replaced(text, parts) {
  for (const [part, by] of Object.entries(parts)) {
    if (!text.includes(part)) throw new Error(`the configuration has no “${part}”`);
    text = text.replaceAll(part, by);
  }
  return text;
}

async function nginx(folder, dist, port) {
  const policy = join(folder, 'policy.conf');
  const site = replaced(await readFile(join(CONFIGURATIONS, 'nginx.conf'), 'utf8'), {
    '/srv/latent-playground/dist': dist,
    '/etc/nginx/latent-playground-policy.conf': policy,
    'listen 8080;': `listen ${port};`,
  });
  await writeFile(join(folder, 'site.conf'), site);
  await writeFile(policy, (await run('sed', ['-n', POLICY.nginx, join(dist, '_headers')])).stdout);
  // Debian's own nginx.conf, as far as it concerns files.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(join(folder, 'main.conf'), `
    ${process.getuid() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes auto; worker_rlimit_nofile 20000;
    events { worker_connections 8000; }
    http {
      include /etc/nginx/mime.types; default_type application/octet-stream; sendfile on; tcp_nopush on;
      log_format visits '$request_uri $status $bytes_sent'; access_log ${folder}/access.log visits;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      include ${folder}/site.conf;
    }`);
  return ['nginx', ['-p', folder, '-c', join(folder, 'main.conf'), '-e', join(folder, 'error.log')], {}];
}

async function caddy(folder, dist, port) {
  const policy = join(folder, 'policy');
  const site = replaced(await readFile(join(CONFIGURATIONS, 'Caddyfile'), 'utf8'), {
    '/srv/latent-playground/dist': dist, '/etc/caddy/latent-playground-policy': policy, ':8080 {': `http://localhost:${port} {`,
  });
  await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
  await writeFile(policy, (await run('sed', ['-n', POLICY.caddy, join(dist, '_headers')])).stdout);
  const home = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return ['caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], home];
}

export const SERVERS = { nginx, caddy };

/** Whether the program of a server is installed. */
export const isInstalled = (name) => run(name, [name === 'nginx' ? '-v' : 'version']).then(() => true, () => false);

/** Starts a server of this folder. Gives its address, the file of its log (nginx), and a function that stops it. */
export async function startServer(name, dist) {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const port = await freePort();
  const [program, options, environment] = await SERVERS[name](folder, dist, port);
  const server = spawn(program, options, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (text) => { said = (said + text).slice(-4000); });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  const url = `http://localhost:${port}/`;
  const close = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  };
  for (let tries = 0; ; tries += 1) {
    if (await fetch(url, { method: 'HEAD' }).then(({ ok }) => ok, () => false)) return { url, close, log: join(folder, 'access.log'), pid: server.pid };
    if (tries === 100 || server.exitCode !== null) {
      await close().catch(() => {});
      throw new Error(`${name} does not start: ${said}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
