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

test.for([
  [
    'goes on where the answer is cut, and behind 100 (Continue)',
    ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 2', '00 OK\r\nContent-Length: 0\r\n\r\n'],
    'as-expected',
    'the connection goes on',
  ],
  ['goes on where there is no such page', ['HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'], 'as-expected', 'the connection goes on'],
  [
    'does not go on where the client is turned away',
    ['HTTP/1.1 4', '03 Forbidden\r\nContent-Length: 0\r\n\r\n'],
    'unexpected',
    '403 Forbidden',
  ],
  [
    'does not go on where the client is turned away behind 100 (Continue)',
    ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 401 Unauthorized\r\n\r\n'],
    'unexpected',
    '401 Unauthorized',
  ],
] as const)('a connection %s', async ([, parts, status, words]) => {
  const { exchange: _, ...asked } = settings;
  const server = new ReloadedServer(source(answerAfterReload(parts)), asked, 5000);
  await server.open();
  try {
    const seen = await runOpenConnection(idle, server, { verdict: 'accepted' });

    expect(seen).toMatchObject({ status, message: expect.stringContaining(words) });
  } finally {
    await server.close();
  }
});

/** Answers the first request on a connection with 200, and each one after it in these parts. */
function answerAfterReload(parts: readonly string[]): (socket: TLSSocket) => void {
  return (socket) => {
    let answers: readonly string[] = ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'];
    socket.setNoDelay(true).on('error', () => {});
    socket.on('data', () => {
      for (const part of answers) socket.write(part);
      answers = parts;
    });
  };
}

/** By default a server that answers PING once a client has said HELLO, and ends the connection of one that says it again. */
function source(serveOne = serve): ReloadSource {
  let reload = (): void => {};
  return {
    start: ({ files, trustFile }) => {
      const read = (): tls.SecureContextOptions => ({
        key: readFileSync(files.key),
        cert: readFileSync(files.cert),
        ca: readFileSync(trustFile),
      });
      const server = tls.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, serveOne);
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
