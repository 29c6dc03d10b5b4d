import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki, observe, type ObservedServer, type ObserveOptions, writeFiles } from '../../src/index.ts';

const pki = createPki();
const client = pki.client('alice');
const past = new Date(Date.now() - 60_000);

/** A server of the user's own, observed and listening; closed when the test ends. */
async function observed(server: tls.Server, options?: ObserveOptions): Promise<ObservedServer> {
  const owner = observe(server, { identity: pki.server(), ...options });
  onTestFinished(() => owner.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return owner;
}

function echoServer(options: tls.TlsOptions = {}): tls.Server {
  return tls.createServer({ ...pki.server().serverTls, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
}

describe("a server of the user's own", () => {
  test.for([
    ['tls', (): tls.Server => echoServer()],
    ['https', (): tls.Server => https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello'))],
    ['http2', (): tls.Server => http2.createSecureServer(pki.server().serverTls, (_request, response) => void response.end('hello'))],
  ] as const)('%s is observed as it is', async ([, create]) => {
    const server = await observed(create());

    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }) })).toBeRejected({
      by: 'server',
      reason: 'CERT_HAS_EXPIRED',
      alert: 'certificate_expired',
    });
  });

  test('a request over https is recorded by its data, with address and certificate for the handler', async () => {
    const server = await observed(
      https.createServer(pki.server().serverTls, (request, response) => {
        const socket = request.socket as tls.TLSSocket; // an https server's sockets are TLS sockets
        response.end(`${socket.remoteAddress} ${socket.getPeerX509Certificate()?.subject}`);
      }),
    );

    const body = await get(server, client.tls);

    expect(body).toBe('127.0.0.1 CN=alice');
    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'application-data', clientAuthenticated: true });
  });

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    "a rejected client of Node's own hears the alert over %s, https included",
    async (maxVersion) => {
      const server = await observed(https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello')));
      const old = pki.client('old', { notAfter: past });

      await expect(get(server, { ...old.tls, maxVersion })).rejects.toThrow(/SSL alert number 45/u);

      expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
    },
  );

  test('what it was given as handshake listeners still runs, and none of ours are on it', async () => {
    const seen: string[] = [];
    const server = await observed(echoServer());
    server.server.on('keylog', (line: Buffer) => seen.push(line.toString().split(' ', 1)[0] ?? ''));
    server.server.on('secureConnection', () => seen.push('secureConnection'));

    await attemptHandshake(server, { identity: client });

    expect(seen).toContain('SERVER_TRAFFIC_SECRET_0');
    expect(seen.at(-1) === 'secureConnection' || seen.includes('secureConnection')).toBe(true);
    expect(server.server.listenerCount('tlsClientError')).toBe(0);
    expect(server.server.listenerCount('connection')).toBe(1);
  });

  test.for([
    ['a plain TCP server', net.createServer(), 'Server'],
    ['nothing', undefined, 'undefined'],
    ['an object', {}, 'Object'],
  ] as const)('%s cannot be observed', ([, value, described]) => {
    expect(() => observe(value as tls.Server)).toThrow(expect.objectContaining({ code: 'NOT_A_TLS_SERVER', facts: { value: described } }));
  });

  test('cannot be observed twice', async () => {
    const { server } = await observed(echoServer());

    expect(() => observe(server)).toThrow(expect.objectContaining({ code: 'ALREADY_OBSERVED' }));
  });
});

describe('a client that never gets to the end is recorded', () => {
  const raw = async (server: ObservedServer, act: (socket: net.Socket) => void): Promise<void> => {
    const socket = net.connect(server.port, server.host);
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    act(socket);
  };

  test.for([
    [
      'speaks plain HTTP',
      (socket: net.Socket): void => void socket.write('GET / HTTP/1.1\r\n\r\n'),
      'server',
      'HTTP_REQUEST',
      'server-observed',
    ],
    [
      'sends garbage',
      (socket: net.Socket): void => void socket.write(Buffer.alloc(64, 0xab)),
      'server',
      'WRONG_VERSION_NUMBER',
      'server-observed',
    ],
    ['connects and leaves', (socket: net.Socket): void => void socket.end(), 'client', undefined, 'closed'],
    ['sends half a header and leaves', (socket: net.Socket): void => void socket.end(Buffer.from([22, 3])), 'client', undefined, 'closed'],
    [
      'sends half a ClientHello and resets',
      (socket: net.Socket): void =>
        void socket.write(Buffer.from([22, 3, 1, 2, 0, 1]), () => setTimeout(() => socket.resetAndDestroy(), 20)),
      'client',
      undefined,
      'reset',
    ],
  ] as const)('when it %s', async ([, act, by, reason, evidence]) => {
    const server = await observed(echoServer());

    await raw(server, act);
    const handshake = await server.nextHandshake();

    expect(handshake).toBeRejected({ by, ...(reason && { reason }) });
    expect(handshake).toMatchObject({ evidence, resumed: false, clientAuthenticated: false });
    expect(handshake.reason).toBe(reason);
    expect(handshake.explain().split('\n').length).toBeLessThanOrEqual(25);
    expect(server.handshakes).toHaveLength(1);
    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
  });

  test('when it says nothing until the time is up', async () => {
    const server = await observed(echoServer({ handshakeTimeout: 100 }));

    await raw(server, () => {});

    expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'HANDSHAKE_TIMEOUT' });
  });

  test('when the server closes meanwhile', async () => {
    const server = await observed(echoServer());
    await raw(server, () => {});
    const next = server.nextHandshake();
    await new Promise((resolve) => setImmediate(resolve));

    await server.close();

    expect(await next).toBeRejected({ by: 'server', reason: 'SERVER_CLOSED' });
  });
});

describe('a client that nobody observes', () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    "Node's, over %s, that does not trust the server is a rejection by the client",
    async (version) => {
      const server = await observed(echoServer());

      await connectAndWait(server, { ...client.tls, ca: createPki().anchors, minVersion: version, maxVersion: version }, () => {});

      const handshake = await server.nextHandshake();
      expect(handshake).toBeRejected({ by: 'client' });
      expect(handshake.reason).toBeUndefined();
    },
  );

  test.for([
    ['TLSv1.3', 'ends', 'closed', (socket: tls.TLSSocket): void => void socket.end()],
    ['TLSv1.2', 'ends', 'closed', (socket: tls.TLSSocket): void => void socket.end()],
    ['TLSv1.3', 'stays', 'quiet', (socket: tls.TLSSocket): void => void setTimeout(() => socket.destroy(), 300)],
    ['TLSv1.2', 'stays', 'quiet', (socket: tls.TLSSocket): void => void setTimeout(() => socket.destroy(), 300)],
  ] as const)("Node's, over %s, that %s without a word of data was accepted, known by %s", async ([version, , evidence, act]) => {
    const server = await observed(echoServer());

    await connectAndWait(server, { ...client.tls, minVersion: version, maxVersion: version }, act);

    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence });
    expect(server.handshakes).toHaveLength(1);
  });

  test.for([
    ['another CA', () => client.trusting(createPki())],
    ['only the public CAs', () => client],
  ] as const)('curl that trusts %s tells its reason by an alert', async ([trusted, identity]) => {
    const server = await observed(https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello')));
    const files = writeFiles(identity());
    onTestFinished(() => files.remove());

    await expect(curl(server, { ...files, ...(trusted === 'only the public CAs' && { ca: undefined }) })).rejects.toThrow(/certificate/u);

    expect(await server.nextHandshake()).toBeRejected({ by: 'client', alert: 'unknown_ca' });
  });
});

describe("a server's own code that hangs up", () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'after the handshake, over %s, did not make the client the one that refused',
    async (version) => {
      const web = https.createServer(pki.server().serverTls);
      web.on('secureConnection', (socket) => socket.destroy());
      const server = await observed(web);

      await connectAndWait(server, { ...client.tls, minVersion: version, maxVersion: version }, () => {});

      expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'server-observed', clientAuthenticated: true });
    },
  );

  test('before the handshake refused the client itself', async () => {
    const plain = echoServer();
    plain.on('connection', (raw) => raw.destroy());
    const server = await observed(plain);

    await connectAndWait(server, client.tls, () => {});

    expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
  });
});

test.for(['1.2', '1.3'])('curl, which checks the host name only after the handshake, is seen to reject over TLS %s', async (version) => {
  const server = await observed(
    https.createServer(pki.server({ dns: 'other.test' }).serverTls, (_request, response) => void response.end('hello')),
  );
  const files = writeFiles(client);
  onTestFinished(() => files.remove());

  await expect(curl(server, files, ['--tls-max', version])).rejects.toThrow(/does not match|no alternative certificate subject name/u);
  const rejected = await server.nextHandshake();
  expect(rejected).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', protocol: `TLSv${version}` });
  expect(['closed', 'reset']).toContain(rejected.evidence); // which of the two is a matter of timing

  expect(
    await curl(server, files, ['--tls-max', version, '--connect-to', `other.test:443:localhost:${server.port}`], 'https://other.test/'),
  ).toBe('hello');
  expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
});

test('a TLS 1.3 session resumed without a certificate is never a client that was authenticated', async () => {
  const server = await observed(echoServer({ rejectUnauthorized: false }));
  const options = { ca: pki.anchors, minVersion: 'TLSv1.3' } as const;
  const sessions: Buffer[] = [];

  await connectAndWait(server, options, (socket) => {
    socket.on('session', (session) => sessions.push(session));
    socket.write('first');
    socket.once('data', () => socket.end());
  });
  await connectAndWait(server, { ...options, session: sessions.at(-1) }, (socket) => {
    socket.write('second');
    socket.once('data', () => socket.end());
  });

  const [full, resumed] = server.handshakes;
  expect(full).toMatchObject({ verdict: 'accepted', resumed: false, clientAuthenticated: false });
  expect(resumed).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: false });
  expect(resumed?.clientCertificate).toBeUndefined();
});

async function connectAndWait(server: ObservedServer, options: tls.ConnectionOptions, act: (socket: tls.TLSSocket) => void): Promise<void> {
  const socket = tls.connect({ ...options, host: server.host, port: server.port, servername: 'localhost' });
  socket.on('secureConnect', () => act(socket));
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}

function get(server: ObservedServer, options: https.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get({ ...options, host: server.host, port: server.port, servername: 'localhost', agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    });
    request.on('error', reject);
  });
}

async function curl(
  server: ObservedServer,
  { key = '', cert = '', ca }: { readonly key?: string | undefined; readonly cert?: string | undefined; readonly ca?: string | undefined },
  options: readonly string[] = [],
  url = `https://localhost:${server.port}/`,
): Promise<string> {
  const trust = ca === undefined ? [] : ['--cacert', ca];
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    '--max-time',
    '5',
    '--key',
    key,
    '--cert',
    cert,
    ...trust,
    ...options,
    url,
  ]);
  return stdout;
}
