import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki } from '../../src/index.ts';
import { client, echoServer, observed, pki } from './user-server.ts';

const kinds = {
  tls: (): tls.Server => echoServer(),
  https: (): tls.Server => https.createServer(pki.server().serverTls, (_request, response) => void response.end()),
  http2: (): tls.Server => http2.createSecureServer(pki.server().serverTls, (_request, response) => void response.end()),
} as const;
const alpn = { tls: [], https: ['http/1.1'], http2: ['h2'] } as const; // an HTTP/2 server closes the connection of clients that do not ask for it
const names = ['tls', 'https', 'http2'] as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const rows = names.flatMap((kind) => versions.map((version) => [kind, version] as const));

describe('a client 300 milliseconds away', () => {
  test.for(rows)('that does not trust the %s server over %s is not taken for one that accepted', async ([kind, version]) => {
    const server = await observed(kinds[kind](), { clientQuietPeriod: 1 });
    const port = await farAway(server.port, 150);

    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ...client.tls,
      ca: createPki().anchors,
      maxVersion: version,
      ALPNProtocols: [...alpn[kind]],
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));

    expect(await server.nextHandshake()).toBeRejected({ by: 'client' });
  });

  test('that trusts it and says nothing is accepted in the end', async () => {
    const server = await observed(kinds.tls(), { clientQuietPeriod: 1 });
    const port = await farAway(server.port, 30);

    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...client.tls, maxVersion: 'TLSv1.2' });
    onTestFinished(() => void socket.destroy());

    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'quiet' });
  });
});

describe('an attempt of this process at what turns out to be an observed server', () => {
  test.for(rows)('says of a good client of a %s server over %s what the record says', async ([kind, version]) => {
    const server = await observed(kinds[kind]());
    const target = { host: '127.0.0.1', port: server.port, servername: 'localhost' };

    const attempt = await attemptHandshake(target, { identity: client, minVersion: version, maxVersion: version });
    const record = await server.nextHandshake();

    expect([attempt.verdict, record.verdict]).toEqual(['accepted', 'accepted']);
  });

  test.for(rows)('says of one that does not trust the %s server over %s what the record says', async ([kind, version]) => {
    const server = await observed(kinds[kind]());
    const target = { host: '127.0.0.1', port: server.port, servername: 'localhost' };

    const attempt = await attemptHandshake(target, { identity: client, trust: createPki(), minVersion: version, maxVersion: version });
    const record = await server.nextHandshake();

    expect(attempt).toBeRejected({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(record).toBeRejected({ by: 'client' });
  });

  test.for(names)('says so through a proxy as well, of a %s server', async (kind) => {
    const server = await observed(kinds[kind]());
    const target = { host: '127.0.0.1', port: await farAway(server.port, 5), servername: 'localhost' };

    const attempt = await attemptHandshake(target, { identity: client, maxVersion: 'TLSv1.2' });

    expect(attempt).toBeAccepted();
    expect(await server.nextHandshake()).toBeAccepted();
  });

  test('says so of a server whose own code closes the connection after the handshake', async () => {
    const own = echoServer();
    own.on('secureConnection', (socket) => void socket.end());
    const server = await observed(own);

    const attempt = await attemptHandshake({ host: '127.0.0.1', port: server.port, servername: 'localhost' }, { identity: client });
    const record = await server.nextHandshake();

    expect([attempt.verdict, record.verdict]).toEqual(['accepted', 'accepted']);
  });
});

/** A relay that passes everything on after some milliseconds. */
async function farAway(port: number, delay: number): Promise<number> {
  const pass = (from: net.Socket, to: net.Socket): void => {
    const later = (act: () => void): void => void setTimeout(act, delay);
    from.on('error', () => {});
    from.on('data', (bytes: Buffer) => later(() => void (to.destroyed || to.write(bytes))));
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroy()));
    onTestFinished(() => void from.destroy());
  };
  const relay = net.createServer({ allowHalfOpen: true, noDelay: true }, (from) => {
    const to = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    pass(from, to);
    pass(to, from);
  });
  onTestFinished(() => void relay.close());
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening));
  return (relay.address() as AddressInfo).port;
}
