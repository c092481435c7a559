// The script that wasm-bindgen writes for the page's program, app.js: as far as web/boot.js uses it.
export default function init(options: { module_or_path: BufferSource | Promise<BufferSource> }): Promise<WebAssembly.Exports>;
