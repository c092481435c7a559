// Makes a release of what Trunk has built. Trunk runs it after each build (Trunk.toml).
//
// Files that can change from one release to the next go to assets/, under a name that holds the first half of their
// SHA-256; a program's is that of the inflated bytes. Sources refer to them as './name', which is replaced here. Only the
// two pages, the service worker, the web app manifest and the files for hosts keep their names.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import zopfli from '@gfx/zopfli';
import { buildSync, transformSync } from 'esbuild';
import { ordered } from './function-order.mjs';
import { serviceWorker } from './service-worker.mjs';
import { split } from './split.mjs';
import { shrink } from './wasm.mjs';

const root = new URL('..', import.meta.url).pathname;
const out = process.env.TRUNK_STAGING_DIR;
// The programs of workers by the names that pages know (crates/core/src/engine.rs).
const PROGRAMS = {
  cpu: 'cpu_engine', layered: 'layered_engine', webgpu: 'webgpu_engine', burn: 'burn_engine', analysis: 'analysis_program',
  import: 'import_program', export: 'export_program',
};
// The data sets by their names (crates/core/src/data/dataset_id.rs), the default first.
const DATASETS = ['mnist', 'fashion-mnist'];
// What is on the plane when the page opens: kept for visits without a network from the start, of the default data set as part of
// every release.
const FIRST_SEEN = /^(fashion-mnist-)?(pretrained-(?!encoder)|test-labels|test-images-00[01])|^fashion-mnist-[0-9a-f]*\.txt/;
// The page's own inline script. (Trunk and the names of files leave it as it is.)
const [, inline] = /<script>([^]*?)<\/script>/.exec(readFileSync(join(out, 'index.html'), 'utf8'));
const inlineHash = createHash('sha256').update(inline).digest('base64');
// The plotters crate measures its labels with `style` attributes; all other styles are files.
// A page in a sandboxed frame has to make its workers of blobs (crates/browser/src/new_worker.rs).
const POLICY = [
  "default-src 'none'", `script-src 'self' 'wasm-unsafe-eval' 'sha256-${inlineHash}'`, "style-src 'self'", "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:", "connect-src 'self'", "worker-src 'self' blob:", "manifest-src 'self'",
  // measure.html opens the playground in a frame.
  "frame-src 'self'", "base-uri 'none'", "form-action 'none'",
].join('; ');

// Loaded only where the page is measured: not kept for visits without a network.
const MEASURING = /^(bench|measure|spread)\b/;

// The scripts that every page loads, each after those that it imports.
const PAGE_SCRIPTS = ['load.js', 'lazy-views.js', 'patience.js', 'database.js', 'release.js', 'store.js', 'own-images.js', 'dropped-files.js', 'translation.js'];

/**
 * Whether a file is of a large program that few load. It is neither ordered nor compressed by zopfli, which would take most of a
 * minute of every build.
 */
const isLarge = (name) => [PROGRAMS.burn, PROGRAMS.import].some((program) => name.startsWith(program));
const read = (folder) => Object.fromEntries(readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => [name, readFileSync(join(folder, name))]));
const built = read(out);
const web = read(join(root, 'web'));
// The page's program is divided.
const { program: first, script, lazyViews } = split();
Object.assign(built, { 'app_bg.wasm': first, 'app.js': script, 'lazy_views.wasm': ordered(shrink(lazyViews, '').program) });
for (const name of Object.values(PROGRAMS).concat('app')) {
  const { program, script } = shrink(built[`${name}_bg.wasm`], String(built[`${name}.js`]));
  Object.assign(built, { [`${name}_bg.wasm`]: isLarge(name) ? program : ordered(program), [`${name}.js`]: Buffer.from(script) });
}
// Minifies wasm-bindgen's scripts and those that every page loads.
for (const [files, names] of [[built, Object.keys(built)], [web, PAGE_SCRIPTS.concat('boot.js', 'engine.js')]]) {
  for (const name of names.filter((name) => name.endsWith('.js'))) {
    files[name] = Buffer.from(transformSync(String(files[name]), { minify: true, target: 'es2022' }).code);
  }
}
// Joins the style sheet's parts. Trunk has given the page the hash of the sheet that lists them.
const [{ contents }] = buildSync({ entryPoints: [join(root, 'style/main.css')], bundle: true, minify: true, write: false }).outputFiles;
built['main.css'] = Buffer.from(contents);
built['index.html'] = Buffer.from(String(built['index.html']).replace(
  /(<link [^>]*href="\.\/main\.css"[^>]* integrity=")[^"]*/, (tag, before) => `${before}sha384-${createHash('sha384').update(contents).digest('base64')}`,
));
const pages = { 'index.html': built['index.html'], 'measure.html': readFileSync(join(root, 'measure.html')) };
const styles = { 'measure.css': readFileSync(join(root, 'style/measure.css')) };
const open = read(join(root, 'public'));
const icons = read(join(root, 'public/icons'));
// Lessons in the order of their files' names, and the models of their scenes.
const lessons = read(join(root, 'public/lessons'));
const datasets = DATASETS.map((name) => ({ name, files: read(join(root, 'public', name)) }));

const sha256 = (bytes, encoding = 'hex') => createHash('sha256').update(bytes).digest(encoding);
// The release's name: it differs if any file differs.
const manifests = Object.fromEntries(datasets.map(({ name, files }) => [`${name}.txt`, files['manifest.txt']]));
const id = Object.entries({ ...built, ...web, ...pages, ...styles, ...open, ...icons, ...lessons, ...manifests })
  .reduce((hash, [name, bytes]) => hash.update(`${name} ${sha256(bytes)}\n`), createHash('sha256'))
  .digest('hex').slice(0, 16);

const named = new Map();
const integrity = new Map();

/** Writes an asset under its hashed name. */
function asset(name, bytes, content = bytes) {
  const [stem, ...endings] = name.split('.');
  const hashed = [`${stem}-${sha256(content).slice(0, 32)}`, ...endings].join('.');
  named.set(name, hashed);
  integrity.set(name, `sha256-${sha256(bytes, 'base64')}`);
  writeFileSync(join(out, 'assets', hashed), bytes);
  return hashed;
}

/** A text with its references replaced by the hashed names. */
const refer = (text, folder) => String(text).replace(/(['"])\.\/([\w.-]+)\1/g, (reference, quote, name) => (
  named.has(name) ? `${quote}${folder}${named.get(name)}${quote}` : reference));

/**
 * A page with the hashes of its scripts and modules, which the browser checks. Styles have them from Trunk; in a sandboxed frame
 * the browser checks only what it may read (`crossorigin`).
 */
const check = (page) => page.replaceAll('<link rel="stylesheet"', '<link rel="stylesheet" crossorigin').replace(/<(script|link)\b[^>]*?(?:src|href)="\.\/([\w.-]+)"/g, (tag, kind, name) => (
  kind === 'script' || tag.includes('modulepreload') ? `${tag} integrity="${integrity.get(name)}"` : tag));

for (const name of Object.keys(built)) rmSync(join(out, name), { force: true });
mkdirSync(join(out, 'assets'));

// The data sets, and their manifests with the new names. A line about a file has its kind, name, count, bytes and hash; the
// lines before them describe the data set.
const isFile = (line) => /^((train|test)-(images|labels)|pretrained(-encoder)?) /.test(line);

/** Writes a data set. Gives the names of its files that are not part of the shell. Those of the default have no prefix. */
function writeDataset({ name, files }) {
  const prefix = name === DATASETS[0] ? '' : `${name}-`;
  const written = [];
  const manifest = String(files['manifest.txt']).trim().split('\n').map((line) => {
    if (!isFile(line)) return line;
    const [kind, file, ...numbers] = line.split(' ');
    const [stem, ending] = file.split('.');
    const hashed = `${prefix}${stem}-${numbers.at(-1).slice(0, 32)}.${ending}`;
    writeFileSync(join(out, 'assets', hashed), files[file]);
    written.push(hashed);
    return [kind, hashed, ...numbers].join(' ');
  });
  const described = asset(`${name}.txt`, [...manifest, ''].join('\n'));
  if (!prefix) return written.filter((file) => !FIRST_SEEN.test(file));
  // A licence that has to go with the images.
  const licence = files.LICENSE && asset(`${prefix}licence.txt`, files.LICENSE);
  return [described, ...written, licence].filter(Boolean);
}
const data = Object.fromEntries(datasets.map((dataset) => [dataset.name, writeDataset(dataset)]));

// The lessons' models, and then their texts in one file that names the models.
for (const [name, bytes] of Object.entries(lessons)) if (name.endsWith('.safetensors')) asset(`lesson-${name}`, bytes);
const texts = Object.keys(lessons).filter((name) => name.endsWith('.txt')).sort().map((name) => String(lessons[name]));
const lessonTexts = asset('lessons.txt', texts.join('\n').replace(/\bmodel=lessons\/([\w.-]+)/g, (reference, name) => {
  if (!named.has(`lesson-${name}`)) throw new Error(`public/lessons has no ${name}`);
  return `model=assets/${named.get(`lesson-${name}`)}`;
}));

// Programs are compressed by zopfli: a twentieth smaller, in a few seconds.
async function gzip(name, bytes) {
  if (isLarge(name)) return gzipSync(bytes, { level: 9 });
  return zopfli.gzipAsync(bytes, { numiterations: 5 });
}

// Programs, styles and icons; then the scripts that name them. wasm-bindgen's for the page names lazy-views.js.
const isScript = (name) => name.endsWith('.js');
for (const [name, bytes] of Object.entries({ ...built, ...styles, ...icons })) {
  if (name === 'index.html' || isScript(name)) continue;
  if (name.endsWith('.wasm')) asset(`${name}.gz`, await gzip(name, bytes), bytes);
  else asset(name, bytes);
}
for (const name of PAGE_SCRIPTS) asset(name, refer(web[name], './'));
for (const name of Object.keys(built).filter(isScript)) asset(name, refer(built[name], './'));
for (const name of [
  'bench.js', 'spread.js', 'measure-counts.js', 'measure-report.js', 'boot.js', 'measure-engine.js', 'measure.js',
]) asset(name, refer(web[name], './'));
const workers = Object.entries(PROGRAMS).map(([name, program]) => {
  const script = String(web['engine.js']).replaceAll('ENGINE', program).replaceAll('RELEASE', id);
  return `data-${name}="./assets/${asset(`${program}.worker.js`, refer(script, './'))}"`;
});
// The page asks for the lessons as for a program.
workers.push(`data-lessons="./assets/${lessonTexts}"`);

// The files that keep their names.
const assets = readdirSync(join(out, 'assets'));
const files = (belongs) => assets.filter(belongs).map((name) => `assets/${name}`);
const isData = (name) => Object.values(data).flat().includes(name);
const isOf = (program) => (name) => name.startsWith(PROGRAMS[program]);
// Kept for visits without a network once they are used.
const OPTIONAL = ['layered', 'webgpu', 'burn', 'analysis', 'import', 'export'];
const isLessonModel = (name) => name.startsWith('lesson-');
const isOptional = (name) => isLessonModel(name) || OPTIONAL.some((program) => isOf(program)(name));
const release = {
  id,
  policy: POLICY,
  shell: ['manifest.webmanifest', ...files((name) => !isData(name) && !isOptional(name) && !MEASURING.test(name) && !name.endsWith('.png'))],
  data: Object.fromEntries(DATASETS.map((name) => [name, files((file) => data[name].includes(file))])),
  seen: Object.fromEntries(DATASETS.slice(1).map((name) => [name, files((file) => data[name].includes(file) && FIRST_SEEN.test(file))])),
  programs: { cpu: [], ...Object.fromEntries(OPTIONAL.map((program) => [program, files(isOf(program))])) },
  lessons: files(isLessonModel),
};
const meta = [
  `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`,
  `<meta name="release" content="${id}" ${workers.join(' ')} />`,
].join('\n    ');
for (const [name, text] of Object.entries(pages)) {
  const page = check(String(text)).replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${meta}`);
  writeFileSync(join(out, name), refer(page, './assets/'));
}
writeFileSync(join(out, 'service-worker.js'), serviceWorker(release));
writeFileSync(join(out, 'manifest.webmanifest'), refer(open['manifest.webmanifest'], './assets/'));
writeFileSync(join(out, '_headers'), String(open._headers).replace('POLICY', () => POLICY));
writeFileSync(join(out, '.nojekyll'), '');
