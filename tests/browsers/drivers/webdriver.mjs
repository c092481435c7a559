// A WebKitWebDriver process on a display of its own, and the W3C protocol to it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 30_000;
/** Milliseconds that the driver has for an answer: longer than a page may take to load or a script to run. */
const ANSWER_MS = 150_000;
export const pause = (ms) => new Promise((resume) => { setTimeout(resume, ms); });

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

// What ends on `exit` has to end when the test runner gives up, too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** A screen that nobody sees. Xvfb chooses its number and writes it to descriptor 3. */
export async function display() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1500x1100x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const end = () => server.kill();
  process.on('exit', end);
  const number = await new Promise((resolve, reject) => {
    server.stdio[3].once('data', (text) => resolve(String(text).trim()));
    server.once('error', reject);
    server.once('exit', () => reject(new Error('Xvfb did not start')));
  });
  return { name: `:${number}`, end: () => { process.off('exit', end); end(); } };
}

/**
 * Starts a driver. It takes one session, and its browser has a home folder of its own.
 * @param {string} program @param {string} screen The display's name.
 */
export async function webDriver(program, screen) {
  const port = await freePort();
  const home = await mkdtemp(join(tmpdir(), 'webkit-'));
  const driver = spawn(program, [`--port=${port}`], {
    env: {
      ...process.env, DISPLAY: screen, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache'),
      XDG_DATA_HOME: join(home, '.local'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group, so that its browser ends with it
  });
  const kill = () => { try { process.kill(-driver.pid); } catch { /* It has ended. */ } };
  process.on('exit', kill);
  let said = '';
  for (const stream of [driver.stdout, driver.stderr]) stream.on('data', (data) => { said += data; });
  const ask = async (method, path, body, limit_ms = ANSWER_MS) => {
    const signal = AbortSignal.timeout(limit_ms);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body), signal });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${method} ${path.split('/').at(-1)}: ${value.error}: ${value.message}`);
    return value;
  };
  for (const end = Date.now() + START_MS; !(await ask('GET', '/status').catch(() => undefined)); await pause(50)) {
    if (Date.now() > end) throw new Error(`WebKitWebDriver did not start: ${said}`);
  }
  const end = async () => {
    process.off('exit', kill);
    kill();
    await rm(home, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  };
  return { ask, home, end, said: () => said.split('\n') };
}
