// The script that wasm-bindgen writes for an engine: scripts/dist.mjs puts the engine's name in.
export { default } from './app.js';
