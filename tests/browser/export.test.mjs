// What leaves the page: the run as a program, the page within another one, QR codes, and the worker that makes them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { download, open, openTab, picture, press, start } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
async function openCode(page) {
  await openTab(page, 'Files');
  await press(page, 'Programs');
}

const dialog = (page, name) => page.getByRole('dialog', { name });

async function violations(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate(async () => (await window.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag22aa'] } }))
    .violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ failureSummary }) => failureSummary)}`));
}

test('Code writes the run as a program for each library, copies it and saves it', async (t) => {
  const requests = [];
  const { page, errors, close } = await open(host, '#encoder=conv8k3s2,dense16&output=sigmoid&batch=64&seed=7', CLIPBOARD, async (page) => {
    page.on('request', (request) => requests.push(request.url()));
  });
  t.after(close);
  const loaded = () => requests.some((url) => url.includes('export_program'));
  assert.equal(loaded(), false);
  await openCode(page);
  const code = dialog(page, 'Programs');
  const program = code.getByRole('tabpanel');
  await program.getByText('layers.Conv2D(8, 3, strides=2, padding="same", name="encoder_conv2d_1")').waitFor();
  assert.equal(loaded(), true);
  const keras = await program.innerText();
  for (const line of ['BATCH = 64', 'SEED = 7', 'keras.optimizers.Adam(LEARNING_RATE']) assert.ok(keras.includes(line), line);
  await code.getByRole('button', { name: 'Copy', exact: true }).click();
  await code.getByRole('status').getByText('Copied').waitFor();
  assert.equal((await clipboard(page)).trim(), keras.trim());
  assert.deepEqual(await violations(page), []);
  await picture(page, 'code-keras');

  await code.getByRole('tab', { name: 'Keras' }).focus();
  await page.keyboard.press('ArrowRight');
  await program.getByText('encoder_conv2d_1=nn.Conv2d(1, 8, 3, stride=2)').waitFor();
  assert.equal(await code.getByRole('tab', { selected: true }).innerText(), 'PyTorch');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'PyTorch');

  await code.getByRole('tab', { name: 'Burn' }).click();
  await program.getByText('encoder_conv2d_1: Conv2d,').waitFor();
  const { name, bytes } = await download(page, () => code.getByRole('button', { name: 'Save main.rs' }).click());
  assert.equal(name, 'main.rs');
  assert.equal(bytes.toString().trim(), (await program.innerText()).trim());
  await code.getByRole('button', { name: 'Close' }).click();
  await dialog(page, 'Programs').waitFor({ state: 'hidden' });
  assert.deepEqual(errors, []);
});

test('Code says that it could not be written where its program is gone', async (t) => {
  const { page, close } = await open(host, '', {}, (page) => page.route(/export_program/, (route) => route.fulfill({ status: 404 })));
  t.after(close);
  await openCode(page);
  await dialog(page, 'Programs').getByRole('alert').getByText('The program could not be written').waitFor();
});

test('Embed gives a link, a QR code, and a frame with the chosen parts that works in another page', { timeout: 240_000 }, async (t) => {
  const { page, errors, close } = await open(host, '#seed=7&engine=cpu', CLIPBOARD);
  t.after(close);
  await press(page, 'Embed');
  const embed = dialog(page, 'Embed and QR code');
  assert.match(await embed.getByLabel('Link').inputValue(), /#v=1&seed=7&engine=cpu$/);
  const code = embed.getByRole('img', { name: 'QR code of the link' });
  await code.waitFor();
  // Light around, and dark in the corner of a finder pattern.
  const drawn = await code.locator('path').getAttribute('d');
  assert.match(drawn, /^M4 4h7v1h-7z/);
  assert.deepEqual(await violations(page), []);

  const html = embed.getByLabel('HTML');
  assert.match(await html.inputValue(), /hide=header,settings,predictions,model,article"/);
  await embed.getByRole('checkbox', { name: 'Loss' }).uncheck();
  await embed.getByRole('checkbox', { name: 'Predictions' }).check();
  await embed.getByLabel('Width in pixels').fill('640');
  await embed.getByLabel('Width in pixels').press('Tab');
  await embed.getByRole('button', { name: 'Copy HTML' }).click();
  await embed.getByRole('status').getByText('Copied').waitFor();
  const copied = await clipboard(page);
  assert.equal(copied, await html.inputValue());
  assert.match(copied, /hide=header,chart,settings,model,article" width="640" height="760"/);
  assert.doesNotMatch(copied, /sandbox/);
  await picture(page, 'embed');

  const other = await page.context().newPage();
  await other.route('**/lesson.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html>${copied}` }));
  await other.goto(`${host.url}lesson.html`);
  const frame = other.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Train' }).click();
  await frame.locator('#run-state[data-phase="training"]').waitFor({ state: 'attached' });
  await frame.getByRole('tab', { name: 'Reconstructions' }).waitFor();
  assert.equal(await frame.getByLabel('Learning rate', { exact: true }).count(), 0);
  assert.deepEqual(errors, []);
});

test('Embed says that a link is too long for a QR code', async (t) => {
  const { page, close } = await open(host, `?lesson=${'x'.repeat(3_000)}`);
  t.after(close);
  await press(page, 'Embed');
  await dialog(page, 'Embed and QR code').getByText(/^There is no QR code: the text has \d+ bytes/).waitFor();
});

// Messages to the worker: a number, the command's number, and its fields, as the crate postcard writes them.
test('the worker makes an animation of frames and a picture of a row, from buffers that are moved to it', async (t) => {
  const { page, errors, close } = await open(host);
  t.after(close);
  const made = await page.evaluate(async () => {
    const worker = new Worker(release.worker('export', 'mnist'), { type: 'module', name: 'exporter' });
    const messages = [];
    let wake;
    worker.onmessage = ({ data }) => {
      // Numbers are the progress of its program.
      if (data instanceof Uint8Array) {
        messages.push(data);
        wake?.();
      }
    };
    const next = async () => {
      if (messages.length === 0) await new Promise((resolve) => { wake = resolve; });
      return messages.shift();
    };
    // Its greeting begins with the version.
    const version = [...(await next()).slice(0, 4)];
    let number = 0;
    const ask = async (fields, images = []) => {
      number += 1;
      const bytes = Uint8Array.from([...version, number, ...fields]);
      worker.postMessage([bytes, images], [bytes.buffer, ...images.map((image) => image.buffer)]);
      const reply = await next();
      return { result: reply[5], is_own: reply[4] === number, rest: reply.slice(6), left: images.map((image) => image.byteLength) };
    };
    // The length of the bytes stands before them, seven bits a byte.
    const file = ({ rest }) => rest.slice(1 + rest.findIndex((byte) => byte < 128));
    const [WIDTH, HEIGHT, GREY] = [3, 2, 1];
    const begun = await ask([3, WIDTH, HEIGHT, GREY, 0, 10]);
    const frames = [];
    for (const shade of [0, 128, 255]) frames.push(await ask([4, 100], [new Uint8Array(WIDTH * HEIGHT).fill(shade)]));
    const refused = await ask([4, 100], [new Uint8Array(5)]);
    const gif = file(await ask([5]));
    const images = [new Uint8Array(WIDTH * HEIGHT).fill(9), new Uint8Array(WIDTH * HEIGHT).fill(200)];
    const strip = file(await ask([2, WIDTH, HEIGHT, GREY, 10, 4, 255, 255, 255, 0, 0, 0, 0], images));
    worker.terminate();

    const decoder = new ImageDecoder({ data: gif, type: 'image/gif' });
    await decoder.tracks.ready;
    const { frameCount, repetitionCount } = decoder.tracks.selectedTrack;
    const canvas = new OffscreenCanvas(100, 100);
    const context = canvas.getContext('2d');
    const shades = [];
    for (let frameIndex = 0; frameIndex < frameCount; frameIndex += 1) {
      const { image } = await decoder.decode({ frameIndex });
      context.drawImage(image, 0, 0);
      shades.push(context.getImageData(29, 19, 1, 1).data[0]);
    }
    const row = await createImageBitmap(new Blob([strip], { type: 'image/png' }));
    context.drawImage(row, 0, 0);
    const at = (x) => context.getImageData(x, 10, 1, 1).data[0];
    return {
      begun: begun.result, frames: frames.map(({ result, is_own, left }) => [result, is_own, ...left]), refused: refused.result,
      frameCount, repeats: repetitionCount === Infinity, shades, row: [row.width, row.height, at(0), at(10), at(36), at(45)],
    };
  });
  const DONE = 3;
  assert.deepEqual(made, {
    begun: DONE, frames: Array(3).fill([DONE, true, 0]), refused: 4,
    frameCount: 3, repeats: true, shades: [0, 128, 255], row: [72, 28, 255, 9, 255, 200],
  });
  assert.deepEqual(errors, []);
});
