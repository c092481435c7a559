// The three browser engines, behind one interface. A job (../jobs) is written once and runs in each of them.
import { execFileSync } from 'node:child_process';
import { webkit } from './webkit.mjs';
import { chromium, firefox } from './playwright.mjs';

/**
 * @typedef {object} Browser
 * @property {string} name `Chromium`, `Firefox` or `WebKitGTK`.
 * @property {string} version
 * @property {string[]} cannot What this driver cannot do: names that jobs list under `needs`.
 * @property {(url: string, options?: { width?: number, height?: number, before?: string }) => Promise<Page>} open Opens a page in
 *   a profile of its own. `before` is a script that runs before those of the page.
 * @property {() => Promise<void>} close
 */
/**
 * @typedef {object} Page
 * @property {() => string[]} errors What the console has shown in red so far.
 * @property {(address: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {(act: Function | string, ...given: unknown[]) => Promise<any>} evaluate Runs a function in the page.
 * @property {(role: string, name: string) => Promise<boolean>} has Whether a control with this role and accessible name is shown.
 * @property {(role: string, name: string) => Promise<void>} press Presses it by pointer, as soon as it is there.
 * @property {() => Promise<void>} inFrame Acts in the first frame of the page from now on.
 * @property {(x: number, y: number) => Promise<void>} move
 * @property {() => Promise<void>} down
 * @property {() => Promise<void>} up
 * @property {(keys: string) => Promise<void>} key Presses keys, such as `Shift+ArrowUp`.
 * @property {(name: string, path: string) => Promise<void>} chooseFile Gives a file to the input with this accessible name.
 * @property {(x: number, y: number) => Promise<void>} [tap]
 * @property {() => Promise<{ name: string, bytes: Buffer }[]>} saved The files that the page has saved.
 * @property {() => Promise<() => Promise<void>>} hide Puts another tab in front. The result brings the page back.
 * @property {(path: string) => Promise<void>} screenshot
 * @property {() => Promise<void>} close
 */

/** Where a program is, or undefined. @param {string} name */
const found = (name) => {
  try {
    return execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};

/** What each browser is started by. The first program that exists is taken. */
const BROWSERS = {
  Chromium: { launch: chromium, programs: [process.env.CHROMIUM, 'chromium', 'google-chrome'], from: 'chromium' },
  Firefox: { launch: firefox, programs: [process.env.FIREFOX, 'firefox-esr', 'firefox'], from: 'firefox-esr' },
  WebKitGTK: { launch: webkit, programs: ['WebKitWebDriver'], also: ['Xvfb', 'xdotool'], from: 'webkit2gtk-driver, xvfb and xdotool' },
};

/** The names of the browsers to test: all, or those in BROWSERS= (comma-separated). */
export const NAMES = Object.keys(BROWSERS).filter((name) => (
  !process.env.BROWSERS || process.env.BROWSERS.toLowerCase().split(',').includes(name.toLowerCase())));

/** Why a browser cannot be tested on this machine; undefined where it can. @param {string} name */
export function missing(name) {
  const { programs, also = [], from } = BROWSERS[name];
  const has = programs.some((program) => program && found(program)) && also.every(found);
  return has ? undefined : `${name} is not on this machine: install ${from}`;
}

/** Starts a browser. `preferences` are Firefox' own. @returns {Promise<Browser>} */
export function launch(name, { preferences = {} } = {}) {
  const { launch: start, programs } = BROWSERS[name];
  return start(programs.filter(Boolean).map(found).find(Boolean), preferences);
}
