import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import type tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type ObservedServer,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../../src/index.ts';
import { renamedSession } from '../../../src/scenarios/run/server/renamed-session.ts';
import { certificateFor, sessionOf } from './raw-clients.ts';

const pki = createPki({ name: 'the usual' });
const admins = createPki({ name: 'of admins' });
const alice = pki.client('alice');
const root = admins.client('root');
const hosts = { 'admin.test': { pki: admins } };

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s, a server with hosts', (version) => {
  const only = { minVersion: version, maxVersion: version } as const;
  const at = (servername: string) => ({ servername, trust: servername === 'localhost' ? pki : admins, ...only });

  test('serves each name with its own certificate, and accepts the clients of that name alone', async () => {
    await using server = await startTlsServer({ pki, hosts });

    const admitted = await attemptHandshake(server, { identity: root, ...at('admin.test') });
    const usual = await attemptHandshake(server, { identity: alice, ...at('localhost') });

    expect(admitted).toBeAccepted();
    expect(admitted.serverCertificate?.altNames.dns).toEqual(['admin.test']);
    expect(usual).toBeAccepted();
    expect(usual.serverCertificate?.altNames.dns).toEqual(['localhost']);
    for (const handshake of [
      await attemptHandshake(server, { identity: alice, ...at('admin.test') }),
      await attemptHandshake(server, { identity: root, ...at('localhost') }),
    ])
      expect(handshake).toBeRejected({ by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
    expect(server.handshakes.map(({ servername, verdict }) => `${servername} ${verdict}`)).toEqual([
      'admin.test accepted',
      'localhost accepted',
      'admin.test rejected',
      'localhost rejected',
    ]);
  });

  test('asks for a certificate only where the name demands one', async () => {
    await using server = await startTlsServer({
      pki,
      clientAuth: 'none',
      hosts: { 'admin.test': { pki: admins }, 'open.test': { pki: admins, clientAuth: 'request' } },
    });

    const open = await attemptHandshake(server, at('localhost'));

    expect(open).toBeAccepted();
    expect(open.messages.filter(({ type }) => type === 'certificate_request')).toEqual([]);
    expect(await attemptHandshake(server, at('open.test'))).toBeAccepted();
    expect(await attemptHandshake(server, at('admin.test'))).toBeRejected({
      by: 'server',
      alert: version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure',
    });
    expect(await attemptHandshake(server, { identity: root, ...at('admin.test') })).toBeAccepted();
  });

  test.for(['ADMIN.TEST', 'Admin.Test'])('takes %s for the same name', async (servername) => {
    await using server = await startTlsServer({ pki, clientAuth: 'none', hosts });

    expect(await attemptHandshake(server, at(servername))).toBeRejected({ by: 'server' });
    expect(await attemptHandshake(server, { identity: root, ...at(servername) })).toBeAccepted();
  });

  test.for(['other.test', 'admin.test.', 'x.admin.test', 'admin.tes', 'xn--admin.test'])(
    'serves %s as every name that it does not know',
    async (servername) => {
      await using server = await startTlsServer({ pki, hosts });
      const unverified = { ...at('localhost'), servername, checkServerIdentity: () => undefined };

      const usual = await attemptHandshake(server, { identity: alice, ...unverified });

      expect(usual).toBeAccepted();
      expect(usual.serverCertificate?.altNames.dns).toEqual(['localhost']);
      expect(await attemptHandshake(server, { identity: root, ...unverified })).toBeRejected({ by: 'server', alert: 'unknown_ca' });
    },
  );

  test('takes no session of one name at another', async () => {
    const ticketKeys = randomBytes(48);
    await using server = await startTlsServer({ pki, ticketKeys, clientAuth: 'none', hosts: { ...hosts, 'other.test': { pki: admins } } });

    for (const [from, to] of [
      ['admin.test', 'other.test'],
      ['localhost', 'admin.test'],
      ['admin.test', 'localhost'],
    ] as const) {
      const session = await sessionOf(server, from === 'localhost' ? undefined : root, at(from));
      const resumed = await attemptHandshake(server, { session, ...(from === 'localhost' ? {} : { identity: root }), ...at(from) });
      const crossed = await attemptHandshake(server, {
        session: renamedSession(session, to),
        ...at(to),
        checkServerIdentity: () => undefined,
        rejectUnauthorized: false,
      });
      expect(resumed).toMatchObject({ verdict: 'accepted', resumed: true });
      expect(crossed.resumed).toBe(false);
      expect(crossed.verdict).toBe(to === 'localhost' ? 'accepted' : 'rejected');
    }
  });

  test('finds the name in a hello that is split over records and segments', async () => {
    await using server = await startTlsServer({ pki, clientAuth: 'none', hosts });
    const credentials = { key: root.keyPem, cert: root.chainPem };

    expect(await certificateFor(server, { servername: 'admin.test', ...credentials, ...only }, 1)).toEqual('DNS:admin.test');
    expect(await certificateFor(server, { servername: 'admin.test', ...credentials, ...only }, 100)).toEqual('DNS:admin.test');
    expect(await certificateFor(server, { servername: 'localhost', ...only }, 1)).toContain('DNS:localhost');
  });

  test('gives each name what a rotation has for it', async () => {
    await using server = await startTlsServer({ pki, hosts });
    const next = createPki({ name: 'next' });
    const lists = admins.crls();

    server.rotate({ hosts: { 'admin.test': { identity: next.server({ dns: ['admin.test'] }), trust: admins, crl: lists } } });

    expect(server.hosts['admin.test']).toMatchObject({ trust: admins.anchors, crl: lists });
    const handshake = await attemptHandshake(server, { identity: root, ...at('admin.test'), trust: next });
    expect(handshake).toBeAccepted();
    expect(handshake.serverCertificate?.issuer.text).toContain('next issuing CA');
    expect(await attemptHandshake(server, { identity: alice, ...at('localhost') })).toBeAccepted();
  });

  test('checks the CRLs of the name alone', async () => {
    const revoking = createPki({ name: 'revoking' });
    const revoked = revoking.client();
    revoking.issuer.revoke(revoked);
    const listed = { pki: revoking, crl: revoking.crls() };
    await using server = await startTlsServer({ pki: revoking, hosts: { 'admin.test': listed } });

    expect(await attemptHandshake(server, { identity: revoked, servername: 'admin.test', ...only })).toBeRejected({
      by: 'server',
      reason: 'CERT_REVOKED',
    });
    expect(await attemptHandshake(server, { identity: revoking.client(), servername: 'admin.test', ...only })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: revoked, ...only })).toBeAccepted();
  });
});

test('the handlers of HTTP servers serve every name', async () => {
  await using web = await startHttpsServer((request, response) => void response.end(peerOf(request.socket)), { pki, hosts });
  await using h2 = await startHttp2Server((request, response) => void response.end(peerOf(request.stream.session?.socket)), { pki, hosts });
  const options = { ...web.clientOptions(root), servername: 'admin.test' };
  const [answer] = (await once(https.get(options), 'response')) as [NodeJS.ReadableStream];
  const session = http2.connect(h2.url, { ...h2.clientOptions(root), servername: 'admin.test' });
  onTestFinished(() => session.close());

  expect(await text(answer)).toBe('root at admin.test');
  expect(await text(session.request({ ':path': '/' }))).toBe('root at admin.test');
  expect(web.handshakes).toMatchObject([{ verdict: 'accepted', servername: 'admin.test' }]);
});

test('a client trusts the anchors of the name that it asks for', async () => {
  await using server = await startTlsServer({ pki, hosts });

  expect(await attemptHandshake(server, { servername: 'admin.test' })).toBeRejected({ by: 'server' });
  expect(await attemptHandshake(server, { servername: 'ADMIN.test' })).toBeRejected({ by: 'server' });
  expect(await attemptHandshake(server, {})).toBeRejected({ by: 'server' });
});

test('a wildcard stands for one label, and gives way to an exact name', async () => {
  await using server = await startTlsServer({ pki, hosts: { '*.hosts.test': { pki: admins }, 'admin.hosts.test': { pki } } });

  expect(await attemptHandshake(server, { servername: 'a.hosts.test', identity: root })).toBeAccepted();
  expect(await attemptHandshake(server, { servername: 'admin.hosts.test', identity: root, trust: pki })).toBeRejected({ by: 'server' });
  expect(await attemptHandshake(server, { servername: 'admin.hosts.test', identity: alice })).toBeAccepted();
});

test('what is not a ClientHello gets the answer of a server without hosts, and a client that leaves early is recorded', async () => {
  await using server = await startTlsServer({ pki, hosts });
  await using plain = await startTlsServer({ pki });

  expect(await answerTo(server, Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual(
    await answerTo(plain, Buffer.from('GET / HTTP/1.1\r\n\r\n')),
  );
  for (const bytes of ['160301', '1603014800ff', '16030100010117', '160301000101150301000202'])
    expect(await answerTo(server, Buffer.from(bytes, 'hex'))).toEqual(await answerTo(plain, Buffer.from(bytes, 'hex')));
  expect(server.handshakes.map(({ verdict, reason }) => [verdict, reason])).toEqual(
    plain.handshakes.map(({ verdict, reason }) => [verdict, reason]),
  );
});

test('a record that is too long is refused at once, though the client stays', async () => {
  await using server = await startTlsServer({ pki, hosts });
  const socket = net.connect(server.port, server.host, () => socket.write(Buffer.from('1603014800', 'hex')));
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {});

  await once(socket, 'close');

  expect(Buffer.concat(received)[0]).toBe(21);
});

test('a server that is closed while a client says hello closes at once', async () => {
  const server = await startTlsServer({ pki, hosts });
  const socket = net.connect(server.port, '127.0.0.1', () => socket.write(Buffer.from('160301', 'hex')));
  socket.on('error', () => {});
  await once(server.server, 'connection');

  await server.close();

  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});

test.for([
  [{ '127.0.0.1': {} }, '127.0.0.1'],
  [{ 'a.*.test': {} }, 'a.*.test'],
  [{ '*': {} }, '*'],
  [{ 'admin.test.': {} }, 'admin.test.'],
  [{ 'bücher.test': {} }, 'bücher.test'],
  [{ '': {} }, ''],
  [{ 'admin.test': {}, 'ADMIN.test': {} }, 'ADMIN.test'],
  [{ 'admin.test': { ca: '' } }, 'ca'],
  [{ 'admin.test': { identty: pki.server() } }, 'identty'],
  [{ 'admin.test': { clientAuth: 'always' } }, 'always'],
  ['admin.test', 'admin.test'],
] as const)('%o as hosts is refused before anything opens', async ([given, value]) => {
  await expect(startTlsServer({ pki, hosts: given as never })).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { value } });
});

test('a rotation of a name that is not served is refused, and rotates nothing', async () => {
  await using server = await startTlsServer({ pki, hosts });

  expect(() => server.rotate({ identity: admins.server(), hosts: { 'admin.tets': {} } })).toThrow(/did you mean "admin.test"/u);
  expect(server.identity?.anchors).toBe(pki.anchors);
});

function peerOf(socket: unknown): string {
  const { servername } = socket as { servername: string }; // of a TLS socket
  return `${(socket as tls.TLSSocket).getPeerX509Certificate()?.subject.split('CN=')[1]} at ${servername}`;
}

async function answerTo(server: ObservedServer, bytes: Buffer): Promise<string> {
  const socket = net.connect(server.port, server.host, () => socket.end(bytes));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('hex');
}
