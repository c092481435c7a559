// The page's first script: starts the program, then has the browser keep it for days without a network.
import init from './app.js';
import { load } from './load.js';
import { stay } from './release.js';
import './store.js';

await init({ module_or_path: load(new URL('./app_bg.wasm.gz', import.meta.url)) });
await stay();
