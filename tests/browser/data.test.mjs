// What the page makes of its data: early starts, and files that are not what they should be.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open, picture, press, slow, start, state, until } from './harness.mjs';

let host;
before(async () => { host = await start(); });
after(() => host.close());

const later = /train-images-0(0[1-9]|[1-9]\d)|test-images-00[2-9]/;

test('training starts when the first shard is in, and waits for the next one when it is through', async () => {
  const { page, errors, close } = await open(host, '#engine=cpu', {}, (page) => page.route(later, () => {}));
  await press(page, 'Train');
  // 256 images: a whole batch, and a second that needs the second shard.
  const waiting = await until(page, 'a step', ({ phase, step }) => phase === 'loading' && step === 1);
  assert.ok(waiting.loss > 0);
  await press(page, 'Pause');
  await until(page, 'a pause while data loads', ({ phase }) => phase === 'paused');
  assert.deepEqual(errors, []);
  await close();
});

test('images come in an order that does not depend on how they arrive', async () => {
  const losses = [];
  for (const delay of [false, true]) {
    const { page, close } = await open(host, '#engine=cpu&seed=5', {}, async (page) => {
      if (delay) await page.route(/train-images-00[1-4]/, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        await route.continue();
      });
    });
    for (let step = 1; step <= 8; step += 1) {
      await press(page, 'Step');
      await until(page, `step ${step}`, (now) => now.phase === 'paused' && now.step === step);
    }
    losses.push((await state(page)).loss);
    await close();
  }
  assert.equal(losses[0], losses[1]);
});

const spoiled = {
  'a file that is missing': (route) => route.fulfill({ status: 404, body: 'not found' }),
  'an HTML page in its place': (route) => route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html>' }),
  'a file cut short': async (route) => route.fulfill({ body: (await shard()).subarray(0, 9_000) }),
  'another shard in its place': async (route) => route.fulfill({ body: await shard('001') }),
};
const shard = (number = '000') => readFile(new URL(`../../public/mnist/train-images-${number}.gz`, import.meta.url));

for (const [what, fulfil] of Object.entries(spoiled)) {
  test(`${what} never reaches the network: the page says so and offers a new start`, async () => {
    let spoil = true;
    const prepare = (page) => page.route(/train-images-000/, (route) => (spoil ? fulfil(route) : route.continue()));
    const { page, close } = await open(host, '#engine=cpu', {}, prepare);
    await press(page, 'Train');
    const failed = await until(page, 'a refusal', ({ phase }) => phase === 'failed');
    assert.equal(failed.step, 0);
    await page.getByRole('alert').filter({ hasText: 'train-images-000' }).waitFor();
    // Nobody needs the line any more: the plane has its digits, where the untrained network puts them.
    await page.locator('#latent-plane[data-digits="2000"]').waitFor();
    spoil = false;
    await press(page, 'Reset');
    await press(page, 'Train');
    await until(page, 'training after all', ({ step }) => step > 3);
    await close();
  });
}

test('a host that inflates files on their way is understood', async () => {
  const { gunzipSync } = await import('node:zlib');
  const inflate = async (route) => route.fulfill({ body: gunzipSync(await shard()) });
  const { page, close } = await open(host, '#engine=cpu', {}, (page) => page.route(/train-images-000/, inflate));
  await press(page, 'Step');
  await until(page, 'a step', ({ step }) => step === 1);
  await close();
});

test('a network that fails for a moment is asked again, and nobody is troubled', async (t) => {
  const asked = [];
  const { page, close } = await open(host, '#engine=cpu&images=2000&epochs=1', {}, (page) => page.route(/train-images-001/, (route) => {
    asked.push(Date.now());
    return asked.length < 3 ? route.abort() : route.continue();
  }));
  t.after(close);
  await press(page, 'Train');
  await until(page, 'the end', ({ phase }) => phase === 'finished', 60_000);
  assert.equal(asked.length, 3);
  assert.ok(asked[1] - asked[0] >= 900 && asked[2] - asked[1] >= 3_900, `${asked}`);
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('a network that is gone stops the run with a sentence, and Try again goes on where it stood', async (t) => {
  let fails = true;
  const asked = [];
  const { page, close } = await open(host, '#engine=cpu&seed=5', {}, (page) => page.route(/train-images/, (route) => {
    const number = Number(/train-images-(\d+)/.exec(route.request().url())[1]);
    asked.push(number);
    return fails && number > 4 ? route.abort() : route.continue();
  }));
  t.after(close);
  await press(page, 'Train');
  const failed = await until(page, 'the failure', ({ phase }) => phase === 'failed');
  assert.ok(failed.step > 3 && failed.kept === failed.step, JSON.stringify(failed));
  await page.getByRole('alert').filter({ hasText: 'train-images-005' }).waitFor();
  await picture(page, 'no-network');
  fails = false;
  await press(page, 'Try again');
  const on = await until(page, 'more steps', ({ phase, step }) => phase === 'training' && step > failed.step + 20);
  assert.ok(on.loss < failed.loss);
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(asked.filter((number) => number === 0).length, 1, 'what was there was not fetched again');
});

slow('requests that stall are given up after half a minute and made anew', { timeout: 90_000 }, async (t) => {
  const asked = { engine: 0, shard: 0 };
  const stallOnce = (page, file, what) => page.route(file, (route) => {
    asked[what] += 1;
    return asked[what] === 1 ? undefined : route.continue();
  });
  const began = Date.now();
  const { page, close } = await open(host, '#engine=cpu', {}, async (page) => {
    await stallOnce(page, /cpu_engine_bg/, 'engine');
    await stallOnce(page, /train-images-000/, 'shard');
  });
  t.after(close);
  await press(page, 'Train');
  const inHalfAMinute = () => {
    const took_ms = Date.now() - began;
    assert.ok(took_ms > 29_000 && took_ms < 45_000, `${took_ms}`);
  };
  await until(page, 'training after all', ({ step }) => step > 3, 60_000);
  inHalfAMinute();
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  inHalfAMinute();
  // The engine of plane and trainer each, and the plane's once more.
  assert.deepEqual(asked, { engine: 3, shard: 2 });
});

test('programs that two requests do not bring come with the third', { timeout: 240_000 }, async (t) => {
  const asked = new Map();
  const fails = [(route) => route.abort(), (route) => route.fulfill({ status: 503, body: 'busy' })];
  // On a busy machine the browser's own early request for the page's program would be one of the three.
  const withoutPreload = async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<link rel="preload"[^>]*>/, '') });
  };
  const { page, close } = await open(host, '#engine=cpu', {}, async (page) => {
    await page.route(host.url, withoutPreload);
    await page.route(/_bg-.*wasm\.gz$/, (route) => {
      const name = /(app|engine)_bg/.exec(route.request().url())[1];
      const times = asked.get(name) ?? [];
      asked.set(name, [...times, Date.now()]);
      return (fails[times.length] ?? ((route) => route.continue()))(route);
    });
  });
  t.after(close);
  // The explorer has been through it before the trainer loads the same program.
  await page.locator('#latent-plane[data-digits="2000"]').waitFor();
  assert.deepEqual([...asked.values()].map((times) => times.length), [3, 3]);
  await press(page, 'Train');
  await until(page, 'steps', ({ step }) => step > 3);
  for (const [first, second, third] of asked.values()) {
    assert.ok(second - first > 900 && third - second > 3_900, `${second - first} ms, ${third - second} ms`);
  }
  assert.equal(await page.getByRole('alert').count(), 0);
});
