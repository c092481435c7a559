// Programs as gzip files, inflated here: the same few bytes come from every host, whether it compresses or not.

/** A request of which nothing has come for so long is given up. */
const STALLED_MS = 30_000;

/** How long each try waits after the one before, as those for images do (`engine/feed.rs`). */
const PAUSES_MS = [1_000, 4_000];

/** The bytes of a program of this release. `tell(bytes, of)` hears how much has come; `of` is 0 where nobody knows. */
export async function load(url, tell = () => {}) {
  let trying = fetched(url, 'default', tell);
  for (const pause_ms of PAUSES_MS) {
    trying = trying.catch(async () => {
      await new Promise((resume) => { setTimeout(resume, pause_ms); });
      // What a cache holds may be spoiled: past it.
      return fetched(url, 'reload', tell);
    });
  }
  return trying;
}

async function fetched(url, cache, tell) {
  const name = url.pathname.split('/').at(-1);
  const failed = () => { throw new Error(`${name} could not be loaded`); };
  const request = new AbortController();
  let giveUp;
  const wait = () => {
    clearTimeout(giveUp);
    giveUp = setTimeout(() => request.abort(), STALLED_MS);
  };
  wait();
  const response = await fetch(url, { cache, signal: request.signal }).catch(failed);
  if (!response.ok) throw new Error(`${name} could not be loaded: the server answers ${response.status}`);
  const packed = await collected(response, (...arrived) => {
    wait();
    tell(...arrived);
  }).catch(failed);
  clearTimeout(giveUp);
  // A host may have inflated the file on its way already.
  const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
  const bytes = isPacked ? await inflated(packed, name) : packed;
  if (!await isNamed(bytes, name)) throw new Error(`${name} is not the file that was built: its SHA-256 differs`);
  return bytes;
}

async function collected(response, tell) {
  // The length of what was sent, which is that of what arrives only where nothing was encoded on the way.
  const isPlain = !response.headers.get('content-encoding');
  const of = isPlain ? Number(response.headers.get('content-length')) : 0;
  const pieces = [];
  let length = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
    tell(length, of);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function inflated(packed, name) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const broken = () => { throw new Error(`${name} could not be inflated`); };
  return new Uint8Array(await new Response(stream).arrayBuffer().catch(broken));
}

/** Whether the hash in the name, half a SHA-256, is that of the bytes. Browsers hash in secure contexts only. */
async function isNamed(bytes, name) {
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 32);
  return name.includes(`-${hash}.`);
}
