// A server with a callback for server names, in a process of its own: node names-server.ts <careful | throws>. Reads its options as JSON, and prints its port.
import https from 'node:https';
import { json } from 'node:stream/consumers';

const [mode] = process.argv.slice(2);
const options = (await json(process.stdin)) as https.ServerOptions; // the parent writes them
const server = https.createServer(
  {
    ...options,
    SNICallback: (name, done) => {
      if (name === 'localhost' || mode === 'careful') done(null); // with the usual context
      // In a turn of its own: what a callback throws at once is caught by Node since the fix of CVE-2026-21637.
      else setImmediate(() => JSON.parse(`no context for ${name}`));
    },
  },
  (_request, response) => response.end('ok'),
);
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
