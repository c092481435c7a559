// Builds the service worker of a release: one classic script, since not every browser takes a module there.
import { buildSync } from 'esbuild';

/**
 * Bundles and minifies web/service-worker.js.
 * @param {object} release What web/service-worker.js calls RELEASE: the release's id, policy and files.
 * @returns {string} The script's text.
 */
export function serviceWorker(release) {
  const [{ text }] = buildSync({
    entryPoints: [new URL('../web/service-worker.js', import.meta.url).pathname],
    bundle: true,
    define: { RELEASE: JSON.stringify(release) },
    format: 'iife',
    minify: true,
    target: 'es2022',
    write: false,
  }).outputFiles;
  return text;
}
