// The page's first script: starts the program.
import init from './app.js';
import { share } from './lazy-views.js';
import { load } from './load.js';
import './patience.js';
import './release.js';
import './store.js';
import './own-images.js';
import './dropped-files.js';
import './translation.js';

if (new URLSearchParams(location.search).has('bench')) await import('./bench.js');
share(await init({ module_or_path: load(new URL('./app_bg.wasm.gz', import.meta.url)) }));
