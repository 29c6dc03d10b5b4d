import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';

const pki = createPki();
const expired = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

/** A plain Node server that is not observed, as any other process's would be. */
async function plainServer(
  options: tls.TlsOptions = {},
  onConnection: (socket: tls.TLSSocket) => void = (socket) => socket.resume(),
): Promise<AsyncDisposable & { host: string; port: number }> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ ...pki.server().serverTls, ...options }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.on('connection', (socket) => sockets.add(socket));
  return listening(server, sockets);
}

async function tcpServer(onConnection: (socket: net.Socket) => void): Promise<AsyncDisposable & { host: string; port: number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  return listening(server, sockets);
}

async function listening(server: net.Server, sockets: ReadonlySet<net.Socket>): Promise<AsyncDisposable & { host: string; port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('against a server that is not observed', () => {
  test.for([
    ['TLSv1.3', 'session-ticket'],
    ['TLSv1.2', 'server-finished'],
  ] as const)('a good client is accepted over %s, known by %s', async ([version, evidence]) => {
    await using server = await plainServer();

    const handshake = await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version });

    expect(handshake).toMatchObject({ verdict: 'accepted', evidence, protocol: version });
    expect(handshake).toHaveServerCertificate({ commonName: 'localhost' });
  });

  test('data of the server is evidence of acceptance', async () => {
    await using server = await plainServer({}, (socket) => socket.write('welcome'));

    expect(await attemptHandshake(server, { identity: pki.client() })).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
  });

  test('a TLS 1.3 server that says nothing at all is accepted by silence, and the handshake says so', async () => {
    await using server = await plainServer();
    await using silent = await tcpServer((socket) => muffle(socket, server.port));

    const handshake = await attemptHandshake(silent, { identity: pki.client(), quietPeriod: 60 });

    expect(handshake).toMatchObject({ verdict: 'accepted', evidence: 'quiet' });
    expect(handshake.explain()).toContain('weak evidence');
  });

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'plain Node rejects without an alert over %s: the server, reason unknown, known by its silence',
    async (version) => {
      await using server = await plainServer();

      const control = await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version });
      const rejected = await attemptHandshake(server, { identity: expired, minVersion: version, maxVersion: version });

      expect(control).toBeAccepted();
      expect(rejected).toBeRejected({ by: 'server' });
      expect(rejected.reason).toBeUndefined();
      expect(rejected.alert).toBeUndefined();
      expect(['closed', 'reset']).toContain(rejected.evidence);
      expect(rejected.explain()).toContain('without an alert');
    },
  );

  test.for([
    ['TLSv1.3', 'certificate_required'],
    ['TLSv1.2', 'handshake_failure'],
  ] as const)('a missing certificate over %s is reported by the alert %s', async ([version, alert]) => {
    await using server = await plainServer();

    const rejected = await attemptHandshake(server, { trust: pki, minVersion: version, maxVersion: version });

    expect(rejected).toBeRejected({ by: 'server', alert });
    expect(rejected.evidence).toBe('alert');
  });

  test.for([
    ['TLSv1.3', 'a session ticket'],
    ['TLSv1.2', 'its Finished'],
  ] as const)(
    'a server that completes the handshake over %s and closes the connection before any data has rejected the client',
    async ([version, sign]) => {
      // One turn later: a server of Node 22 and 24 that ends in the same turn sends no ticket (measured).
      await using server = await plainServer({}, (socket) => void setImmediate(() => socket.end()));
      await using staying = await plainServer();
      const options = { identity: pki.client(), minVersion: version, maxVersion: version };

      expect(await attemptHandshake(staying, options)).toBeAccepted();
      const handshake = await attemptHandshake(server, options);

      expect(handshake).toBeRejected({ by: 'server' });
      expect(handshake).toMatchObject({
        evidence: 'closed',
        detail: `the server completed the handshake (it had sent ${sign}), then closed the connection`,
      });
    },
  );

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'a server that sends data over %s before it closes the connection has accepted',
    async (version) => {
      await using server = await plainServer({}, (socket) => socket.end('220 ready'));

      expect(await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version })).toMatchObject({
        verdict: 'accepted',
        evidence: 'application-data',
      });
    },
  );

  test.for(['TLSv1.3', 'TLSv1.2'] as const)('a client whose own check refuses over %s is the one that rejects', async (version) => {
    await using server = await plainServer();
    await using observed = await startTlsServer({ identity: pki.server() });
    const options = { identity: pki.client(), minVersion: version, maxVersion: version };
    const pinned = new Error('the pin does not match');
    const checks = [
      () => pinned,
      () => {
        throw pinned;
      },
      () => Object.assign(new Error('the pin does not match'), { code: 'ERR_PIN' }),
    ];

    for (const target of [server, observed]) {
      expect(await attemptHandshake(target, { ...options, checkServerIdentity: () => undefined })).toBeAccepted();
      for (const [index, checkServerIdentity] of checks.entries())
        expect(await attemptHandshake(target, { ...options, checkServerIdentity })).toMatchObject({
          verdict: 'rejected',
          rejectedBy: 'client',
          evidence: 'client-observed',
          reason: index === 2 ? 'ERR_PIN' : 'APPLICATION_VERIFICATION',
          detail: 'the pin does not match',
        });
    }
  });

  test('a server of another authority is rejected by the client', async () => {
    await using server = await plainServer();

    expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client(), trust: createPki() })).toBeRejected({
      by: 'client',
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
  });

  test('the address is verified where no name is asked for', async () => {
    await using server = await plainServer();
    await using elsewhere = await plainServer(pki.server({ dns: 'localhost' }).tls);

    expect(await attemptHandshake(server, { identity: pki.client(), servername: '127.0.0.1' })).toBeAccepted();
    expect(await attemptHandshake(elsewhere, { identity: pki.client(), servername: '127.0.0.1' })).toBeRejected({
      by: 'client',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});

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

/** Passes the first flight of the server on and nothing that follows it: a server without tickets that waits for the client to speak. */
function muffle(client: net.Socket, port: number): void {
  const upstream = net.connect(port, '127.0.0.1');
  upstream.on('error', () => {});
  client.on('close', () => upstream.destroy());
  client.pipe(upstream);
  let clientSpoke = 0;
  client.on('data', () => (clientSpoke += 1));
  upstream.on('data', (data) => {
    if (clientSpoke < 2) client.write(data);
  });
}
