// A real Chromium on the built page: what every browser test needs.
import { mkdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { serve } from '../../scripts/serve.mjs';

export const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
/** SwiftShader, where there is no GPU. */
export const WEBGPU_FLAGS = ['--enable-unsafe-webgpu'];

/** A test that takes half a minute and rarely breaks. `make test-slow` runs these alone. */
export const slow = (name, options, body) => test(name, {
  ...options, ...(process.env.SLOW ? { only: true } : { skip: 'slow: make test-slow runs it' }),
}, body);

/** The browser and the server of a test file; `close` ends both. */
export async function start({ webgpu = false } = {}) {
  const server = await serve(new URL('../../dist', import.meta.url).pathname);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [...CHROMIUM_FLAGS, ...(webgpu ? WEBGPU_FLAGS : [])],
  }).catch(async (error) => {
    // A server left open would keep the test's process alive for ever.
    await server.close();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, url: server.url, close };
}

/**
 * The page in a fresh profile, once it has this button. `errors` fills with whatever a developer's console would show in
 * red.
 */
export async function open({ browser, url }, fragment = '', options = {}, prepare = async () => {}, button = 'Reset') {
  // Playwright intercepts no request that a service worker answers: only the tests of offline use let it in. Where less motion is
  // asked for, nothing moves by itself: each profile is a first visit, whose tour would move the point.
  const defaults = { viewport: { width: 1280, height: 900 }, serviceWorkers: 'block', reducedMotion: 'reduce' };
  const context = await browser.newContext({ ...defaults, ...options });
  // On a loaded machine it takes half a minute until a page is there.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await prepare(page);
  await page.goto(`${url}${fragment}`);
  await page.getByRole('button', { name: button }).waitFor();
  return { page, errors, close: () => context.close() };
}

/**
 * Has the workers of these scripts run a text before their engine starts; a function gives it anew for each worker.
 * (A module's imports come first wherever they stand, and none of ours starts anything.)
 */
export const inWorkers = (page, scripts, text) => page.route(scripts, async (route) => {
  const response = await route.fetch();
  const before = typeof text === 'function' ? text() : text;
  await route.fulfill({ response, body: `${before}\n${await response.text()}` });
});

/** The machine-readable state of the page (ARCHITECTURE.md describes it). */
export async function state(page) {
  const data = await page.locator('#run-state').evaluate((element) => ({ ...element.dataset }));
  const number = (text) => (text === '' || text === undefined ? undefined : Number(text));
  return {
    phase: data.phase,
    engine: data.engine,
    workers: number(data.workers),
    epoch: number(data.epoch),
    step: number(data.step),
    kept: number(data.kept),
    saved: number(data.saved),
    loss: number(data.loss),
    validationLoss: number(data.valLoss),
    stepsPerSecond: number(data.stepsPerSecond),
  };
}

/**
 * Waits until `holds` is true of what `look` gives, and gives that. Workers and frames bring what the page shows: on a loaded
 * machine that takes seconds.
 */
export async function eventually(what, look, holds = Boolean, timeout_ms = 30_000) {
  let last;
  for (const end = Date.now() + timeout_ms; Date.now() < end; await sleep(20)) {
    last = await look();
    if (holds(last)) return last;
  }
  throw new Error(`not within ${timeout_ms} ms: ${what}; last: ${JSON.stringify(last)?.slice(0, 400)}`);
}

/** Waits until the state fulfils `holds`, and gives it. */
export const until = (page, what, holds, timeout_ms = 60_000) => eventually(what, () => state(page), holds, timeout_ms);

/** Opens a tab of the page. */
export const openTab = (page, name) => page.getByRole('tab', { name, exact: true }).click();

/** Opens a group of settings that is closed at first. */
export const openGroup = (page, name) => page.locator('summary', { hasText: name }).click();

/** The tabs that have buttons of their own. */
const TAB_OF = {
  'Save model': 'Files', 'Open model': 'Files', 'Losses as CSV': 'Files', 'Codes as CSV': 'Files',
  'Save as PNG': 'Morph', 'Save as GIF': 'Morph', 'Play the morph': 'Morph',
  'Five others': 'Reconstructions', 'Measure both sets': 'Reconstructions', 'Clear earlier runs': 'Runs', 'Pin this run': 'Runs',
};

/** Presses a button, and opens the tab that has it before. */
export async function press(page, name) {
  if (TAB_OF[name]) await openTab(page, TAB_OF[name]);
  await page.getByRole('button', { name, exact: true }).click();
}

/** Chooses the theme that the button names: `as your system`, `light` or `dark`. */
export async function chooseTheme(page, name) {
  const button = page.getByRole('button', { name: /^Theme: / });
  for (let tries = 0; await button.getAttribute('aria-label') !== `Theme: ${name}`; tries += 1) {
    if (tries > 3) throw new Error(`there is no theme ${name}`);
    await button.click();
  }
}

/** Chooses the images that lie on the plane. */
export const plot = (page, label) => page.getByLabel('On the plane').selectOption({ label });

/** The button that opens the models to choose from. Its name ends with that of the chosen one. */
export const modelButton = (page) => page.getByRole('button', { name: /^Model: / });

/** The name of the chosen model. */
export const chosenModel = async (page) => (await modelButton(page).getAttribute('aria-label')).replace('Model: ', '');

/** Chooses a model by its card. */
export async function chooseModel(page, name) {
  await modelButton(page).click();
  await page.getByRole('dialog', { name: 'Models' }).getByRole('radio', { name, exact: true }).click();
}

/** The names of all models to choose from, of a page of its own. */
export async function modelNames(host) {
  const { page, close } = await open(host);
  await modelButton(page).click();
  const names = await page.getByRole('dialog', { name: 'Models' }).locator('strong').allTextContents();
  await close();
  return names;
}

/** A file of the Keras fixture. */
export const fixture = (name) => new URL(`../fixtures/keras/${name}`, import.meta.url).pathname;

/** Chooses a file as the model to open. */
export async function openModel(page, file) {
  await openTab(page, 'Files');
  await page.getByLabel('Model file').setInputFiles(file);
}

/** What the browser saves when `act` is done: the file's name and its bytes. */
export async function download(page, act) {
  const [saved] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

/** The rows of a table that the button `name` saves, numbers by column; undefined where there is none. */
export async function table(page, name) {
  const { bytes } = await download(page, () => press(page, name));
  const [header, ...rows] = bytes.toString().trim().split('\n').map((row) => row.split(','));
  const number = (text) => (text === '' ? undefined : Number(text));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at], number(cell)])));
}

/** An image of a class of digits, as the page calls it. */
export const sampleOf = (label) => (Number(label) === 8 ? 'an 8' : `a ${label}`);

/** The decoded digit's 784 shades. */
export const decoded = (page) => page.locator('#decoded-digit').evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]);
});

/** How far two images are from each other. */
export const distance = (a, b) => Math.hypot(...a.map((shade, at) => shade - b[at]));

/** Waits until the decoded digit is another one than `before`, by more than `least`, and gives it. */
export const otherDigit = (page, before, least = 0) => eventually(
  'another digit', () => decoded(page), (now) => distance(now, before) > least);

/**
 * Waits until everything that the page knows is drawn. What training changes waits up to 400 ms for a frame
 * (src/app/views/frames.rs); here the page's own clock counts, which a loaded machine delays as much.
 */
export const allDrawn = (page) => page.evaluate(async () => {
  await new Promise((resume) => { setTimeout(resume, 600); });
  for (let frames = 0; frames < 5; frames += 1) await new Promise(requestAnimationFrame);
});

/** Waits until dots, images and strips are those of the network at this step. The explorer reports the codes last. */
export async function planeIsOf(page, step) {
  const chosen = await page.getByRole('tab', { selected: true }).first().innerText();
  const top = await page.evaluate(() => scrollY);
  await openTab(page, 'Mistakes');
  await page.getByRole('tabpanel', { name: 'Mistakes' }).getByText(`by the network at step ${step.toLocaleString('en')}.`).waitFor();
  await openTab(page, chosen);
  await allDrawn(page);
  // A tab that is chosen scrolls its panel into sight, and the plane may lie behind the bar then.
  await page.evaluate((top) => scrollTo({ top, behavior: 'instant' }), top);
}

/** Keeps a picture of the page for people to look at. */
export async function picture(page, name) {
  const folder = new URL('screenshots/', import.meta.url).pathname;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
}
