// A static server that can go away and come back on its port, and puts a text in front of a script.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import sirv from 'sirv';

/**
 * Serves a folder.
 * @param {string} folder
 * @param {(path: string) => string | undefined} [prefix] What to put in front of a file.
 */
export async function serve(folder, prefix = () => undefined) {
  const handler = sirv(folder, { dev: true, etag: true });
  const headers = {};
  const answer = async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = new URL(request.url, 'http://host').pathname;
    const before = prefix(path);
    if (before !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`${before}\n${await readFile(folder + path, 'utf8')}`);
    } else handler(request, response, () => response.writeHead(404, { 'content-type': 'text/plain' }).end('not found'));
  };
  let server;
  let port = 0;
  const start = () => new Promise((resolve, reject) => {
    server = createServer(answer).once('error', reject).listen(port, () => {
      port = server.address().port;
      resolve();
    });
  });
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await start();
  return { url: `http://localhost:${port}/`, at: (host) => `http://${host}:${port}/`, headers, start, stop };
}
