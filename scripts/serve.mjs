// Serves a folder as a plain static host would: node scripts/serve.mjs [FOLDER] [PORT]
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import sirv from 'sirv';

/** Serves `folder` on `port` (0: any free one). Gives the address and a function that stops the server. */
export async function serve(folder, port = 0) {
  // `dev` reads files anew at each request, so that a new build shows at once.
  // Sandboxed frames of other sites read the page's files as strangers (docs/hosting.md).
  const setHeaders = (response) => response.setHeader('access-control-allow-origin', '*');
  const handler = sirv(folder, { dev: true, etag: true, setHeaders });
  const server = createServer((request, response) => handler(request, response, () => {
    response.writeHead(404).end('not found');
  }));
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve));
  const url = `http://localhost:${server.address().port}/`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, close };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = 'dist', port = '8080'] = process.argv.slice(2);
  const { url } = await serve(folder, Number(port));
  console.log(`Latent Playground: ${url}`);
}
