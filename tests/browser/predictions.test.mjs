// What the trained network makes of MNIST: the scatter, digits beside their reconstructions, the error over both sets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allDrawn, eventually, open, openTab, picture, planeIsOf, plot, press, sampleOf, start, state, table, until } from './harness.mjs';

let host, page, errors, close;
before(async () => {
  host = await start();
  ({ page, errors, close } = await open(host, '#engine=cpu&epochs=1'));
  await press(page, 'Train');
  const { step } = await until(page, 'the end', ({ phase }) => phase === 'finished', 120_000);
  await planeIsOf(page, step);
});
after(async () => {
  await close();
  await host.close();
});

const plane = () => page.locator('#latent-plane');
const digits = (count) => page.locator(`#latent-plane[data-digits="${count}"]`).waitFor({ timeout: 60_000 });
/** The shades of a picture, as one string. */
const shades = (canvas) => canvas.evaluate((element) => element.toDataURL());

test('any of the three sets lies on the plane, each digit with its code', async () => {
  await digits(2_000);
  const sample = await table(page, 'Codes as CSV');
  await plot(page, 'all 10,000 test digits');
  await digits(10_000);
  const all = await table(page, 'Codes as CSV');
  assert.deepEqual(all.slice(0, 2_000), sample);
  assert.deepEqual([all[0].label, all[1].label, all[2].label], [7, 2, 1], 'the first test labels of MNIST');
  await plot(page, 'all 60,000 training digits');
  await digits(60_000);
  await picture(page, 'scatter-60000');
  const training = await table(page, 'Codes as CSV');
  assert.deepEqual([training.length, training[0].label, training[1].label], [60_000, 5, 0]);
  await plot(page, '2,000 test digits');
  await digits(2_000);
  assert.deepEqual(errors, []);
});

test('a legend entry shows its kind alone, and all again', async () => {
  const dots = plane().locator('canvas').nth(1);
  await allDrawn(page);
  const all = await shades(dots);
  const sevens = page.getByRole('button', { name: 'Only digit 7' });
  await sevens.click();
  assert.equal(await sevens.getAttribute('aria-pressed'), 'true');
  await eventually('other dots', () => shades(dots), (now) => now !== all);
  await picture(page, 'isolated');
  await sevens.click();
  await eventually('all dots', () => shades(dots), (now) => now === all);
});

test('a dot under the pointer tells its image, its label and its reconstruction', async () => {
  const codes = await table(page, 'Codes as CSV');
  const { xMin, xMax, yMin, yMax } = await plane().evaluate((element) => ({ ...element.dataset }));
  await plane().scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plane().boundingBox();
  // A digit at the cloud's edge, where no other lies over it.
  const inside = codes.filter(({ z1, z2 }) => z1 > xMin && z1 < xMax && z2 > yMin && z2 < yMax);
  const edge = inside.reduce((far, code) => (code.z2 > far.z2 ? code : far));
  await page.mouse.move(
    x + width * (edge.z1 - xMin) / (xMax - xMin),
    y + height * (yMax - edge.z2) / (yMax - yMin),
  );
  await page.getByText(`test image ${edge.index}: ${sampleOf(edge.label)}`).waitFor();
  const pictures = page.locator('.hovered canvas');
  assert.equal(await pictures.count(), 2);
  await eventually('two pictures', () => Promise.all([0, 1].map((at) => shades(pictures.nth(at)))), ([one, other]) => one !== other);
  await picture(page, 'hovered');
  await page.mouse.move(2, 2);
  await page.locator('.hovered').waitFor({ state: 'detached' });
});

test('five digits stand beside their reconstructions, and five others at a press', async () => {
  const figures = page.locator('.figures figure');
  assert.equal(await figures.count(), 5);
  // An empty frame is like any other.
  const areFive = (all) => new Set(all).size === 5;
  const originals = async () => {
    const pictures = await figures.locator('canvas').all();
    return Promise.all(pictures.filter((_, at) => at % 2 === 0).map(shades));
  };
  const before = await eventually('five images', originals, areFive);
  await press(page, 'Five others');
  await eventually('five others', originals, (now) => areFive(now) && now.some((image) => !before.includes(image)));
});

test('the error over the test set is the validation loss, and both sets have one', async () => {
  await press(page, 'Measure both sets');
  const cell = (row, column) => page.locator('.measures tbody tr').nth(row).locator('td').nth(column).innerText();
  await page.waitForFunction(() => /0\.0/.test(document.querySelector('.measures tbody tr:last-child td').textContent));
  const { validationLoss, step } = await state(page);
  assert.equal(await cell(0, 0), validationLoss.toFixed(5));
  assert.equal(await cell(0, 1), Math.sqrt(validationLoss).toFixed(5));
  assert.equal(await cell(1, 2), String(step));
  assert.match(await page.locator('#saved').innerText(), /99\.745 %/);
});

test('the three models are told layer by layer', async () => {
  await openTab(page, 'Layers');
  for (const [name, total] of [['encoder', '236,102'], ['decoder', '236,884'], ['autoencoder', '472,986']]) {
    const details = page.locator('details').filter({ has: page.locator('summary', { hasText: new RegExp(`^${name} `) }) });
    await details.locator('summary').click();
    assert.match(await details.locator('tfoot').innerText(), new RegExp(total));
  }
  assert.equal(await page.getByText('encoder_leakyrelu_1').first().isVisible(), true);
  await picture(page, 'summaries');
});
