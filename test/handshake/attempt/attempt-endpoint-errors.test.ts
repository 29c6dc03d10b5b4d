import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, type Handshake } from '../../../src/index.ts';
import { pki, plainServer, tcpServer } from './unobserved-servers.ts';

describe('what is not a verdict', () => {
  const attempt = (target: { host: string; port: number }, options = {}): Promise<Handshake> =>
    attemptHandshake(target, { identity: pki.client(), timeout: 400, ...options });

  test('nothing listens', async () => {
    const gone = await tcpServer(() => {});
    await gone[Symbol.asyncDispose]();

    await expect(attempt(gone)).rejects.toMatchObject({ code: 'CONNECT_FAILED', facts: { reason: 'ECONNREFUSED', port: gone.port } });
  });

  test('the host has no address', async () => {
    await expect(attempt({ host: 'nowhere.invalid', port: 1 }, { timeout: 20_000 })).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  });

  test.for([
    ['plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['an SMTP banner', '220 mail.test ESMTP\r\n'],
  ] as const)('the peer speaks %s', async ([, banner]) => {
    await using server = await tcpServer((socket) => socket.end(banner));

    await expect(attempt(server)).rejects.toMatchObject({
      code: 'NOT_TLS',
      facts: { received: expect.stringContaining(banner.slice(0, 10)) },
    });
  });

  test.for([
    ['closes', (socket: net.Socket): void => void socket.end()],
    ['closes after the ClientHello', (socket: net.Socket): void => void socket.once('data', () => void socket.end())],
    ['resets', (socket: net.Socket): void => void socket.once('data', () => void socket.resetAndDestroy())],
  ] as const)('the peer %s before it sent any TLS', async ([, act]) => {
    await using server = await tcpServer(act);

    await expect(attempt(server)).rejects.toMatchObject({ code: 'CLOSED_BEFORE_TLS' });
  });

  test.for([
    ['FIN', (socket: net.Socket): void => void socket.end()],
    ['reset', (socket: net.Socket): void => void socket.resetAndDestroy()],
  ] as const)('the connection is cut within the first flight of the server (%s)', async ([, cut]) => {
    await using server = await plainServer();
    for (const octets of [4, 60, 700]) {
      await using cutting = await tcpServer((socket) => cutAfter(octets, { socket, port: server.port, cut }));
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
        await expect(attempt(cutting, { timeout: 10_000, minVersion: version, maxVersion: version })).rejects.toMatchObject({
          code: 'CONNECTION_CUT',
          facts: { port: cutting.port, seen: expect.stringMatching(/^the server sent [12] record/u) },
        });
    }
  });

  test.for(['TLSv1.2', 'TLSv1.3'] as const)(
    'a server that ends right after its whole first flight has judged nothing (%s)',
    async (version) => {
      await using server = await plainServer();
      await using cutting = await tcpServer((socket) => cutAfter(100_000, { socket, port: server.port, cut: () => socket.end() }));

      await expect(attempt(cutting, { timeout: 10_000, minVersion: version, maxVersion: version })).rejects.toMatchObject({
        code: 'CONNECTION_CUT',
      });
    },
  );

  test('the signal of the caller is aborted, before or during the attempt', async () => {
    await using mute = await tcpServer((socket) => socket.resume());
    await using server = await plainServer();
    const reason = new Error('the test is over');
    const controller = new AbortController();
    const late = attempt(mute, { timeout: 60_000, signal: controller.signal });
    setImmediate(() => controller.abort(reason));

    await expect(late).rejects.toMatchObject({ code: 'ABORTED', cause: reason, facts: { port: mute.port } });
    await expect(attempt(server, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
    expect(await attempt(server, { timeout: 10_000, signal: new AbortController().signal })).toBeAccepted();
  });

  test('the peer never answers', async () => {
    await using server = await tcpServer((socket) => socket.resume());

    await expect(attempt(server)).rejects.toMatchObject({ code: 'HANDSHAKE_TIMEOUT', facts: { seen: 'the server sent nothing' } });
  });
});

describe('bad input fails before anything opens', () => {
  test.for([
    ['an invalid port', { host: '127.0.0.1', port: 70_000 }, {}, 'OPTION_INVALID'],
    ['a host that is empty', { host: '', port: 443 }, {}, 'OPTION_INVALID'],
    ['no trust at all', { host: '127.0.0.1', port: 443 }, {}, 'TRUST_MISSING'],
    ['an empty list of anchors', { host: '127.0.0.1', port: 443 }, { trust: [] }, 'TRUST_MISSING'],
    ['anchors that are not PEM', { host: '127.0.0.1', port: 443 }, { trust: 'nonsense' }, 'PEM_INVALID'],
    ['a key for an anchor', { host: '127.0.0.1', port: 443 }, { trust: pki.root.keyPem }, 'PEM_INVALID'],
    ['a CRL that is not one', { host: '127.0.0.1', port: 443 }, { trust: pki, crl: pki.anchors }, 'PEM_INVALID'],
    ['a time-out of zero', { host: '127.0.0.1', port: 443 }, { trust: pki, timeout: 0 }, 'OPTION_INVALID'],
    ['ca beside trust', { host: '127.0.0.1', port: 443 }, { trust: pki, ca: pki.anchors }, 'OPTION_INVALID'],
  ] as const)('%s', async ([, target, options, code]) => {
    await expect(attemptHandshake(target, options)).rejects.toMatchObject({ name: 'MtlsFixturesError', code });
  });

  test('ciphers that OpenSSL does not know', async () => {
    await using server = await plainServer();

    await expect(attemptHandshake(server, { identity: pki.client(), ciphers: 'NO-SUCH-CIPHER' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

/** Passes on what the client sends, and a number of octets of the server's first flight; then it cuts the client's connection. */
function cutAfter(octets: number, { socket, port, cut }: { socket: net.Socket; port: number; cut: (socket: net.Socket) => void }): void {
  const upstream = net.connect(port, '127.0.0.1');
  upstream.on('error', () => {});
  socket.on('close', () => upstream.destroy());
  socket.pipe(upstream);
  upstream.once('data', (flight: Buffer) => {
    socket.write(flight.subarray(0, octets), () => setImmediate(cut, socket));
  });
}
