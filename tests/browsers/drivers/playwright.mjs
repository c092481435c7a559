// Chromium and Firefox by Playwright. Firefox is the distribution's own, through WebDriver BiDi.
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as playwright from 'playwright-core';
import { CHROMIUM_FLAGS } from '../../browser/harness.mjs';

const PRESS_MS = 60_000;

export async function chromium(executablePath) {
  const browser = await playwright.chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  // Headless, it tells no page that it is hidden.
  return driven('Chromium', browser, ['hide'], (page, saved) => {
    page.on('download', async (download) => {
      saved.push({ name: download.suggestedFilename(), bytes: await readFile(await download.path()) });
    });
    return async () => saved;
  });
}

export async function firefox(executablePath, preferences) {
  const downloadsPath = await mkdtemp(join(tmpdir(), 'firefox-downloads-'));
  const browser = await playwright.firefox.launch({
    channel: 'moz-firefox', // the distribution's, instead of Playwright's build
    executablePath,
    downloadsPath,
    firefoxUserPrefs: {
      'browser.download.alwaysOpenPanel': false, // it would take the focus from the page
      ...preferences,
    },
  });
  browser.on('disconnected', () => rm(downloadsPath, { recursive: true, force: true }).catch(() => {}));
  // Playwright does not report Firefox' downloads of blobs: they are in the folder all the same.
  return driven('Firefox', browser, ['touch'], () => () => filesOf(downloadsPath));
}

/** The files of a folder that are written to their end. */
export async function filesOf(folder) {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !/\.part$|\.crdownload$/.test(name));
  const files = names.map(async (name) => {
    const path = join(folder, name);
    const about = await stat(path);
    return about.isFile() && about.size && Date.now() - about.mtimeMs > 500 ? [{ name, bytes: await readFile(path) }] : [];
  });
  return (await Promise.all(files)).flat();
}

function driven(name, browser, cannot, downloads) {
  return {
    name,
    version: browser.version(),
    cannot,
    async open(url, { width = 1280, height = 900, before } = {}) {
      const touch = cannot.includes('touch') ? {} : { hasTouch: true };
      const context = await browser.newContext({ viewport: { width, height }, ...touch });
      const page = await context.newPage();
      if (before) await page.addInitScript(before);
      const told = interfaceTo(page, context, downloads(page, []));
      await page.goto(url);
      return told;
    },
    close: () => browser.close(),
  };
}

/** @returns {import('./index.mjs').Page} */
function interfaceTo(page, context, saved) {
  const errors = [];
  // The policy refuses the style that Playwright adds for a picture: no fault of the page.
  page.on('pageerror', (error) => /inline style \(style-src-elem/.test(error) || errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  // What the page is asked, and where its controls are: a frame of the page, once a job has entered it.
  let document = page;
  const control = (role, name) => document.getByRole(role, { name, exact: true });
  return {
    errors: () => errors,
    goto: async (address) => { await page.goto(address); },
    reload: async () => { await page.reload(); },
    evaluate: (act, ...given) => document.evaluate(`(${act})(...${JSON.stringify(given)})`),
    has: (role, name) => control(role, name).first().isVisible(),
    press: (role, name) => control(role, name).click({ timeout: PRESS_MS }),
    async inFrame() { [, document] = page.frames(); },
    move: (x, y) => page.mouse.move(x, y),
    down: () => page.mouse.down(),
    up: () => page.mouse.up(),
    key: (keys) => page.keyboard.press(keys.replace(/(^|\+) $/, '$1Space')),
    chooseFile: (label, path) => page.getByLabel(label, { exact: true }).setInputFiles(path),
    tap: (x, y) => page.touchscreen.tap(x, y),
    saved,
    async hide() {
      // Browsers open tabs only for a person who has just pressed something.
      await page.mouse.click(1, 1);
      const [tab] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => { open('about:blank'); })]);
      await tab.bringToFront();
      return async () => {
        await tab.close();
        await page.bringToFront();
      };
    },
    screenshot: async (path) => { await page.screenshot({ path, caret: 'initial' }); },
    close: () => context.close(),
  };
}
