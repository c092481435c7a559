// Fetches files: makes three attempts, gives up requests that stall, inflates gzip, and checks what has arrived.
//
// Hosts need not compress anything: what is large is a gzip file already, and is inflated here. This module needs no
// page, so workers and the service worker import it too.

/** Milliseconds without data after which a request is given up. */
const STALLED_MS = 30_000;
/** Milliseconds before the second and before the third attempt. */
const PAUSES_MS = [1_000, 4_000];
/** How many times a file may have been compressed. */
const MOST_LAYERS = 3;

/**
 * Fetches a file, and inflates it if it is gzip. Makes up to three attempts. The second and the third bypass the HTTP
 * cache, whose copy may be damaged.
 * @param {string | URL} url The last part of its path names the file in errors.
 * @param {(bytes: Uint8Array<ArrayBuffer>, name: string) => unknown} check Gets the inflated bytes and the file's name.
 *   It throws, or rejects, if they are not those of the file: its error's message completes the sentence "… could not
 *   be loaded: …". Such an attempt has failed like any other.
 * @param {number} [most] How many bytes the file may have at most, as it is sent and inflated. More end the attempt.
 * @param {(received: number, total: number) => void} [progress] Called for each chunk, with bytes as they are sent.
 *   `total` is 0 if the server does not say how many there are. The next attempt counts from 0 again.
 * @returns {Promise<Uint8Array<ArrayBuffer>>} The inflated bytes.
 * @throws {Error} The last attempt's failure, as a sentence without a full stop.
 */
export async function fetchFile(url, check, most = Infinity, progress = () => {}) {
  /** @type {RequestCache} */
  let cache = 'default';
  for (const pause_ms of PAUSES_MS) {
    try {
      return await attemptFile(url, cache, check, most, progress);
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, pause_ms); });
      cache = 'reload';
    }
  }
  return attemptFile(url, cache, check, most, progress);
}

/**
 * Fetches a program of this release, whose name holds its hash.
 * @param {URL} url
 * @param {(received: number, total: number) => void} [progress] As for `fetchFile`.
 * @returns {Promise<Uint8Array<ArrayBuffer>>} The inflated bytes.
 * @throws {Error} As `fetchFile` does, and if the hash differs.
 */
export const load = (url, progress) => fetchFile(url, async (bytes, name) => {
  if (!await hasNamedHash(bytes, name)) throw new Error('its SHA-256 is not the one in its name');
}, Infinity, progress);

/**
 * Whether a file's name holds the first half of its SHA-256, between "-" and ".". Browsers hash in secure contexts only:
 * elsewhere any file passes.
 * @param {BufferSource} bytes
 * @param {string} name
 */
export async function hasNamedHash(bytes, name) {
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 32);
  return name.includes(`-${hash}.`);
}

/**
 * One attempt of `fetchFile`.
 * @param {string | URL} url
 * @param {RequestCache} cache
 * @param {(bytes: Uint8Array<ArrayBuffer>, name: string) => unknown} check
 * @param {number} most
 * @param {(received: number, total: number) => void} progress
 */
async function attemptFile(url, cache, check, most, progress) {
  const name = String(url).replace(/.*\//, '');
  const request = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const expectData = () => {
    clearTimeout(timer);
    timer = setTimeout(() => request.abort(new Error(`nothing came for ${STALLED_MS / 1000} seconds`)), STALLED_MS);
  };
  try {
    expectData();
    const response = await fetch(url, { cache, signal: request.signal }).catch((error) => {
      throw new Error("the server can't be reached", { cause: error });
    });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    // Content-Length counts the bytes as they are sent: those that arrive only if they are not encoded.
    const total = response.headers.get('content-encoding') ? 0 : Number(response.headers.get('content-length'));
    let bytes = await collect(response.body, most, (received) => {
      expectData();
      progress(received, total);
    });
    clearTimeout(timer);
    for (let layers = 1; ; layers += 1) {
      bytes = await inflated(bytes, most);
      try {
        await check(bytes, name);
        return bytes;
      } catch (error) {
        // A proxy may have compressed what was compressed already, and not have said so.
        if (layers === MOST_LAYERS || !isGzip(bytes)) throw error;
      }
    }
  } catch (failure) {
    clearTimeout(timer);
    // A request that was given up fails with the browser's words, too.
    const error = request.signal.aborted ? request.signal.reason : failure;
    // The rest of the answer is of no use.
    request.abort();
    const why = String(error instanceof Error ? error.message : error).replace(/\.$/, '');
    throw new Error(`${name} could not be loaded: ${why}`, { cause: error });
  }
}

/**
 * The bytes of a file, inflated if it is gzip: some hosts have inflated it already.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} most How many there may be.
 */
export async function inflated(bytes, most) {
  if (!isGzip(bytes)) return bytes;
  return collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), most);
}

/** @param {Uint8Array} bytes */
const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Reads a stream to its end.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>> | null} stream Null is an empty one.
 * @param {number} most Bytes.
 * @param {(received: number) => void} [progress]
 * @throws {Error} As soon as there are more than `most` bytes.
 */
async function collect(stream, most, progress = () => {}) {
  const chunks = [];
  let length = 0;
  for (const reader = stream?.getReader(); reader;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Error('it arrived damaged or in part', { cause: error });
    });
    if (done) break;
    length += value.length;
    if (length > most) throw new Error(`it has more than ${most} bytes`);
    chunks.push(value);
    progress(length);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
