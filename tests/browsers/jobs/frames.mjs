// Jobs of make test-browsers: the page in a frame of another site.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { isPlain, until } from '../page.mjs';

/** A lesson that shows the page in a sandboxed frame, from a server of its own. */
async function lesson(address) {
  const frame = `<!doctype html><meta charset="utf-8"><title>A lesson</title>
    <iframe sandbox="allow-scripts" src="${address}" width="1000" height="700"></iframe>`;
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(frame));
  await new Promise((resolve) => { server.listen(0, resolve); });
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

/** @type {import('../environment.mjs').Job[]} */
export const frames = [
  {
    promise: 'in a sandboxed frame the page trains, or says in a sentence where it does',
    async run({ browser, open, server }) {
      server.headers['access-control-allow-origin'] = '*';
      const { url, close } = await lesson(`${server.url}#engine=cpu&images=5120&epochs=2&seed=3`);
      try {
        const page = await open('', { base: url, isReady: (page) => page.inFrame() });
        await until(() => page.has('button', 'Reset'), Boolean, 'the page in the frame');
        await page.press('button', 'Train');
        const look = () => page.evaluate(`() => ({
          ...document.querySelector('#run-state').dataset,
          alerts: [...document.querySelectorAll('[role=alert]')].map((one) => one.innerText.trim()).filter(Boolean),
          words: document.body.innerText,
        })`);
        const said = await until(look, ({ phase, alerts }) => phase === 'finished' || alerts.length > 0, 'training, or a sentence');
        console.log(browser.name, said.phase, said.alerts);
        isPlain(said.words);
        if (said.phase === 'finished') assert.equal(said.valLoss, '0.0629876');
        else assert.ok(said.alerts.length === 1 && said.alerts[0].includes(server.url), JSON.stringify(said.alerts));
      } finally {
        close();
      }
    },
  },
];
