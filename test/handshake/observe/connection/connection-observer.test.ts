import { execFile } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, type ObservedServer, writeFiles } from '../../../../src/index.ts';
import { testWith } from '../../../interop/judges.ts';
import { client, connectAndWait, echoServer, observed, pki } from '../../user-server.ts';

describe('a client that is not observed', () => {
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
  ] as const)("Node's, over %s, that %s without any data was accepted, known by %s", async ([version, , evidence, act]) => {
    const server = await observed(echoServer(), { clientQuietPeriod: 100 });

    await connectAndWait(server, { ...client.tls, minVersion: version, maxVersion: version }, act);

    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence });
    expect(server.handshakes).toHaveLength(1);
  });

  testWith('curl').for([
    ['another CA', () => client.trusting(createPki())],
    ['only the public CAs', () => client],
  ] as const)('curl that trusts %s reports its reason by an alert', async ([trusted, identity]) => {
    const server = await observed(https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello')));
    const files = writeFiles(identity());
    onTestFinished(() => files.remove());

    await expect(curl(server, { ...files, ...(trusted === 'only the public CAs' && { ca: undefined }) })).rejects.toThrow(/certificate/u);

    expect(await server.nextHandshake()).toBeRejected({ by: 'client', alert: 'unknown_ca' });
  });
});

describe("a server's own code that closes the connection", () => {
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

testWith('curl').for(['1.2', '1.3'])(
  'curl, which checks the host name only after the handshake, is seen to reject over TLS %s',
  async (version) => {
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
  },
);

test.for(['alert', 'silent'] as const)(
  'a client that still writes its TLS 1.2 flight when it is refused for want of a certificate is not reset (rejection: %s)',
  async (rejection) => {
    const server = await observed(echoServer(), { rejection });
    const { resets } = await sendWithoutCertificateSlowly(server);

    // Java writes record by record, and a reset overtakes the alert: it then reports "Broken pipe" (measured on Java 17).
    expect(resets, 'whether the connection was reset').toBe(rejection === 'silent');
    expect(await server.nextHandshake()).toBeRejected({
      by: 'server',
      reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
      alert: 'handshake_failure',
    });
  },
);

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

/** A client without a certificate whose second flight comes in two parts: the empty Certificate, and when the server has hung up the rest. */
async function sendWithoutCertificateSlowly({ host, port }: ObservedServer): Promise<{ readonly resets: boolean }> {
  const { promise: sent, resolve } = Promise.withResolvers<{ readonly resets: boolean }>();
  const relay = net.createServer((from) => {
    const to = net.connect({ host, port, allowHalfOpen: true });
    const flights: Buffer[] = [];
    from.on('error', () => {});
    from.on('data', (flight: Buffer) => {
      const certificate = flights.push(flight) === 1 ? flight.length : 5 + flight.readUInt16BE(3);
      to.write(flight.subarray(0, certificate));
    });
    to.on('error', () => {});
    to.on('data', (data) => from.write(data));
    to.on('end', () => {
      const rest = flights.at(-1) ?? Buffer.alloc(0);
      writeByteByByte(to, rest.subarray(5 + rest.readUInt16BE(3))).then(
        () => resolve({ resets: false }),
        () => resolve({ resets: true }),
      );
      from.end();
    });
    onTestFinished(() => void [from, to].map((socket) => socket.destroy()));
  });
  onTestFinished(() => void relay.close());
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  const socket = tls.connect({
    port: typeof address === 'object' && address ? address.port : 0,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: pki.anchors,
    maxVersion: 'TLSv1.2',
  });
  socket.on('error', () => {});
  return sent;
}

async function writeByteByByte(socket: net.Socket, bytes: Uint8Array): Promise<void> {
  for (const byte of bytes) await promisify<Uint8Array, void>(socket.write.bind(socket))(Uint8Array.of(byte));
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
