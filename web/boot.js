// The page's first script: starts the program, then has the browser keep it for days without a network.
import init from './app.js';
import { load } from './load.js';
import { stay } from './release.js';

// Who measures the page says so in the address.
if (new URLSearchParams(location.search).has('bench')) await import('./bench.js');
await init({ module_or_path: load(new URL('./app_bg.wasm.gz', import.meta.url)) });
await stay();
