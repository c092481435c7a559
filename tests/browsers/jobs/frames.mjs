// Jobs of make test-browsers: the page in a frame of another site.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { alerts, isPlain, until, words } from '../page.mjs';

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
        const tells = (texts) => texts.some((text) => text.includes(server.url));
        const opened = async () => (tells(await alerts(page)) ? 'told' : await page.has('button', 'Reset') && 'there');
        if (await until(opened, Boolean, 'the page in the frame') === 'told') {
          assert.equal((await alerts(page)).length, 1);
          isPlain(await words(page));
          return;
        }
        await page.press('button', 'Train');
        const look = () => page.evaluate(`() => ({
          ...document.querySelector('#run-state').dataset,
          alerts: [...document.querySelectorAll('[role=alert]')].map((one) => one.innerText.trim()).filter(Boolean),
          words: document.body.innerText,
        })`);
        const said = await until(look, ({ phase, alerts }) => phase === 'finished' || tells(alerts), 'training, or a sentence');
        isPlain(said.words);
        if (tells(said.alerts)) assert.equal(said.alerts.length, 1, JSON.stringify(said.alerts));
        else assert.equal(said.valLoss, '0.0629876');
      } finally {
        close();
      }
    },
  },
];
