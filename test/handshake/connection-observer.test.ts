import { execFile } from 'node:child_process';
import https from 'node:https';
import type tls from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, type ObservedServer, writeFiles } from '../../src/index.ts';
import { client, connectAndWait, echoServer, observed, pki } from './user-server.ts';

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
