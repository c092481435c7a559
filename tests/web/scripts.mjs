// Runs a script of web/ without a browser: in a context of its own, with the globals that a test makes up.
import { buildSync } from 'esbuild';
import { createContext, runInContext } from 'node:vm';

/**
 * Bundles a script with what it imports.
 * @param {string} name
 */
export function bundled(name) {
  const entryPoints = [new URL(`../../web/${name}`, import.meta.url).pathname];
  const [{ text }] = buildSync({ entryPoints, bundle: true, format: 'iife', target: 'es2022', write: false }).outputFiles;
  return text;
}

/**
 * Runs a script's text.
 * @param {string} text
 * @param {object} globals
 * @returns The context's global object.
 */
export function run(text, globals) {
  const scope = createContext({ ...globals });
  runInContext('globalThis.self = globalThis', scope);
  runInContext(text, scope);
  return scope;
}

/** Lets everything happen that waits for no timer; what is rejected and not handled by then fails the test. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

/** The error of a browser that refuses something. */
export const refused = () => new DOMException('The operation is insecure.', 'SecurityError');
