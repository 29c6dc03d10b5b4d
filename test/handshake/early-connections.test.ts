import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, observe } from '../../src/index.ts';
import { client, echoServer, pki } from './user-server.ts';

const options = pki.server().serverTls;

describe('close of a server that had connections before it was observed', () => {
  test('counts those of a tls server in its error, and them alone, and ends waits', async () => {
    const own = echoServer();
    const port = await listening(own);
    await connected(port);
    await connected(port);
    const server = observe(own, { identity: pki.server() });
    await attemptHandshake(server, { identity: client });
    await server.nextHandshake();

    const waiting = server.nextHandshake({ timeout: 60_000 }).catch((error: unknown) => error);
    const closing = server.close();

    await expect(closing).rejects.toMatchObject({ code: 'SERVER_CLOSE_TIMEOUT', facts: { open: 2 } });
    expect(await waiting).toMatchObject({ code: 'SERVER_NOT_LISTENING' });
  });

  test('counts that of an http2 server whose request is under way', async () => {
    const own = http2.createSecureServer(options, (_request, response) => void response.write('and so on'));
    const port = await listening(own);
    const session = http2.connect(`https://127.0.0.1:${port}`, { servername: 'localhost', ...client.tls });
    onTestFinished(() => session.destroy());
    session.on('error', () => {});
    const request = session.request();
    request.on('error', () => {}).resume();
    await once(request, 'response');

    const closing = observe(own).close();

    await expect(closing).rejects.toMatchObject({ code: 'SERVER_CLOSE_TIMEOUT', facts: { open: 1 } });
  });

  test('ends that of an https server whose request is under way', async () => {
    const own = https.createServer(options, (_request, response) => void response.write('and so on'));
    const early = await connected(await listening(own));
    const answered = once(early, 'data');
    early.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await answered;

    await observe(own).close();

    expect(own.listening).toBe(false);
  });
});

async function connected(port: number): Promise<tls.TLSSocket> {
  const socket = tls.connect({ ...client.tls, port, host: '127.0.0.1', servername: 'localhost', maxVersion: 'TLSv1.2' });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}).resume();
  await once(socket, 'secureConnect');
  return socket;
}

async function listening(server: tls.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
