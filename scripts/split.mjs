// Divides the page's program in two: what the page begins with, and the views of src/app/views/lazy.rs, which are loaded later.
//
// wasm-split-cli (of Leptos and Yew) finds by the relocations that build.rs keeps what only those views lead to: functions, and
// the data that they read. It has to do so before wasm-bindgen, so it takes what cargo has built, and wasm-bindgen runs again.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder in which cargo builds. */
export function targetFolder() {
  const answer = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps', '--offline'], { maxBuffer: 1e8 });
  return JSON.parse(String(answer)).target_directory;
}

/**
 * The page's program in two parts.
 * @returns {{ program: Buffer, script: string, lazyViews: Buffer }} The first part with wasm-bindgen's script, and the second.
 */
export function split() {
  const built = join(targetFolder(), 'wasm32-unknown-unknown/release-page/app.wasm');
  const folder = mkdtempSync(join(tmpdir(), 'split-'));
  const at = (name) => join(folder, name);
  try {
    execFileSync('wasm-split-cli', [built, folder, '--out-name', 'app']);
    // The second part needs the table of functions, which is one of the linker's exports.
    const options = ['--target', 'web', '--no-typescript', '--keep-lld-exports', '--out-name', 'app'];
    execFileSync('wasm-bindgen', [...options, '--out-dir', at('bound'), at('app.wasm')], {
      // Its only warning is that LLVM's list of features is missing, as it is in every program that Trunk gives it here.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const script = readFileSync(at('bound/app.js'), 'utf8');
    // wasm-split-cli's own script loads the second part otherwise than this page does.
    if (!script.includes('"./__wasm_split.js"\n')) throw new Error('wasm-bindgen has written another import than expected');
    return {
      program: readFileSync(at('bound/app_bg.wasm')),
      script: script.replace('from "./__wasm_split.js"\n', "from './lazy-views.js';\n"),
      lazyViews: readFileSync(at('split_lazy_views.wasm')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
