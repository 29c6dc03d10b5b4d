import { readFileSync } from 'node:fs';
import tls, { type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import type { ReloadSource } from '../../../../src/scenarios/run/reload/reload-source.ts';
import { ReloadedServer } from '../../../../src/scenarios/run/reload/reloaded-server.ts';
import { runOpenConnection } from '../../../../src/scenarios/run/reload/run-open-connection.ts';

const idle = { kind: 'open-connection', change: 'key', state: 'idle' } as const;
const settings = { pki: createPki(), version: 'TLSv1.3', timeout: 1000, exchange: 'PING\n' } as const;

test.for([
  ['is told to log in', { login: 'HELLO\n' }, { status: 'as-expected', message: 'the connection goes on, as expected' }],
  [
    'is not told to',
    {},
    { status: 'not-judged', message: expect.stringMatching(/^not judged: the server does not answer the bytes of exchange: /u) },
  ],
] as const)('a server whose clients have to log in first is judged where the suite %s', async ([, more, seen]) => {
  const server = new ReloadedServer(source(), { ...settings, ...more }, 5000);
  await server.open();
  try {
    expect(await runOpenConnection(idle, server, { verdict: 'accepted' })).toMatchObject(seen);
  } finally {
    await server.close();
  }
});

/** A server that answers PING once a client has said HELLO, and ends the connection of one that says it again. */
function source(): ReloadSource {
  let reload = (): void => {};
  return {
    start: ({ files, trustFile }) => {
      const read = (): tls.SecureContextOptions => ({
        key: readFileSync(files.key),
        cert: readFileSync(files.cert),
        ca: readFileSync(trustFile),
      });
      const server = tls.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, serve);
      reload = () => server.setSecureContext(read());
      return server;
    },
    reload: () => reload(),
  };
}

function serve(socket: TLSSocket): void {
  let isLoggedIn = false;
  socket.on('error', () => {});
  socket.on('data', (received) => {
    const isLogin = String(received) === 'HELLO\n';
    if (isLogin === isLoggedIn) socket.destroy();
    else socket.write(isLogin ? 'READY\n' : 'PONG\n');
    isLoggedIn = true;
  });
}
