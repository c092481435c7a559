// WebKitGTK by WebKitWebDriver and the W3C protocol: Playwright does not drive it.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from './playwright.mjs';
import { finder } from './roles.mjs';
import { display, pause, webDriver } from './webdriver.mjs';

const PRESS_MS = 60_000;
/** Milliseconds that a browser has to start. */
const SESSION_MS = 30_000;
const KEYS = {
  Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Escape: '\uE00C', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014',
  ArrowDown: '\uE015', Home: '\uE011', End: '\uE010', PageUp: '\uE00E', PageDown: '\uE00F',
};

/**
 * A page has a driver and a browser of its own: pages share nothing, as private windows. @returns
 * {Promise<import('./index.mjs').Browser>}
 */
export async function webkit(program) {
  const screen = await display();
  const binary = miniBrowser();
  const browser = {
    name: 'WebKitGTK',
    version: 'not opened yet',
    cannot: ['touch', 'before'],
    async open(url, { width = 1280, height = 900 } = {}) {
      const { driver, sessionId, version } = await session(program, screen.name, binary);
      browser.version = version;
      const page = interfaceTo(driver, `/session/${sessionId}`, screen.name);
      await page.resize(width, height);
      await page.goto(url);
      return page;
    },
    async close() { screen.end(); },
  };
  return browser;
}

/**
 * Starts a driver with its browser. MiniBrowser sometimes ends while it starts, and the driver then never answers: up to three
 * attempts.
 */
async function session(program, screen, binary) {
  const args = ['--automation', '--enable-write-console-messages-to-stdout=true'];
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
  for (let attempt = 1; ; attempt += 1) {
    const driver = await webDriver(program, screen);
    try {
      const made = await driver.ask('POST', '/session', { capabilities }, SESSION_MS);
      await driver.ask('POST', `/session/${made.sessionId}/timeouts`, { script: 60_000, pageLoad: 120_000 });
      return { driver, sessionId: made.sessionId, version: made.capabilities.browserVersion };
    } catch (error) {
      await driver.end();
      if (attempt === 3) throw error;
    }
  }
}

/** @returns {import('./index.mjs').Page & { resize: (width: number, height: number) => Promise<void> }} */
function interfaceTo(driver, session, screen) {
  const ask = (method, path, body) => driver.ask(method, session + path, body);
  const run = async (act, ...given) => {
    const script = `const done = arguments[1];
      Promise.resolve().then(() => (${act})(...arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await ask('POST', '/execute/async', { script, args: [given] });
    if (error) throw new Error(error);
    return value;
  };
  const find = async (role, name) => Object.values(await run(finder(role), name) ?? {})[0];
  const expected = async (role, name) => {
    for (const end = Date.now() + PRESS_MS; Date.now() < end; await pause(50)) {
      const element = await find(role, name);
      if (element) return element;
    }
    throw new Error(`there is no ${role} named ${name}`);
  };
  const actions = (type, list, parameters) => ask('POST', '/actions', { actions: [{ type, id: type, parameters, actions: list }] });
  const pointer = (action) => actions('pointer', [action], { pointerType: 'mouse' });
  const point = (x, y) => ({ type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y), origin: 'viewport' });
  // xdotool types into the window, as a person does.
  const window = (...words) => execFileSync('xdotool', words, { env: { ...process.env, DISPLAY: screen }, encoding: 'utf8' });
  return {
    errors: () => driver.said().filter((line) => /^CONSOLE .*ERROR/.test(line)),
    goto: (url) => ask('POST', '/url', { url }),
    reload: () => ask('POST', '/refresh', {}),
    evaluate: run,
    has: async (role, name) => !!await find(role, name),
    async press(role, name) {
      const element = await expected(role, name);
      // The browser's own reckoning of the name, so that the finder cannot be wrong unnoticed.
      const label = await ask('GET', `/element/${element}/computedlabel`);
      if (label !== name) throw new Error(`the ${role} ${name} is named ${label}`);
      // The driver scrolls an element to the window's edge, where the page's bar may lie over it.
      await run((text) => [...document.querySelectorAll('button')]
        .find((button) => (button.getAttribute('aria-label') ?? button.textContent).trim() === text)
        ?.scrollIntoView({ block: 'center' }), name);
      // A tab that was chosen just before may not be laid out yet.
      for (let tries = 0; ; tries += 1) {
        try {
          return await ask('POST', `/element/${element}/click`, {});
        } catch (error) {
          if (tries === 20 || !/not interactable/.test(error.message)) throw error;
          await new Promise((done) => { setTimeout(done, 100); });
        }
      }
    },
    inFrame: () => ask('POST', '/frame', { id: 0 }),
    move: (x, y) => pointer(point(x, y)),
    down: () => pointer({ type: 'pointerDown', button: 0 }),
    up: () => pointer({ type: 'pointerUp', button: 0 }),
    async key(keys) {
      const values = (keys === '+' ? ['+'] : keys.split('+')).map((key) => KEYS[key] ?? key);
      await actions('key', [
        ...values.map((value) => ({ type: 'keyDown', value })), ...values.reverse().map((value) => ({ type: 'keyUp', value })),
      ]);
    },
    async chooseFile(name, path) { await ask('POST', `/element/${await expected('file', name)}/value`, { text: path }); },
    saved: async () => [...await filesOf(join(driver.home, 'Downloads')), ...await filesOf(driver.home)],
    async hide() {
      const [id] = window('search', '--name', 'Latent Playground').trim().split('\n').slice(-1);
      window('windowfocus', '--sync', id);
      window('key', '--clearmodifiers', 'ctrl+t');
      return async () => { window('key', '--clearmodifiers', 'ctrl+w'); };
    },
    async resize(width, height) {
      // The window has bars: what is asked for is the page's own size.
      await ask('POST', '/window/rect', { width, height });
      const [innerWidth, innerHeight] = await run('() => [innerWidth, innerHeight]');
      await ask('POST', '/window/rect', { width: 2 * width - innerWidth, height: 2 * height - innerHeight });
    },
    async screenshot(path) { await writeFile(path, Buffer.from(await ask('GET', '/screenshot'), 'base64')); },
    async close() {
      await ask('DELETE', '').catch(() => {});
      await driver.end();
    },
  };
}

/** Where the distribution has MiniBrowser: the folder's name has the architecture's and the ABI's. */
function miniBrowser() {
  for (const architecture of readdirSync('/usr/lib').filter((name) => name.includes('-linux-gnu'))) {
    for (const abi of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
      const path = `/usr/lib/${architecture}/${abi}/MiniBrowser`;
      if (existsSync(path)) return path;
    }
  }
  throw new Error('there is no MiniBrowser beside WebKitWebDriver');
}
