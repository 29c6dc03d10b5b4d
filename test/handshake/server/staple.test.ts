import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type ObservedServer,
  observe,
  type ServerOptions,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../../src/index.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client('alice');
const good = pki.issuer.ocspResponse(identity);
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const servers = {
  tls: (options: ServerOptions) => startTlsServer(options),
  https: (options: ServerOptions) => startHttpsServer((_request, response) => void response.end(), options),
  http2: (options: ServerOptions) => startHttp2Server((_request, response) => void response.end(), options),
};

describe.for(['tls', 'https', 'http2'] as const)('a server of %s', (kind) => {
  test.for(versions)('staples for a client that asks, over %s, and for no other', async (version) => {
    await using server = await servers[kind]({ identity, staple: good });

    expect(await stapleFor(server, { version })).toEqual({ authorized: true, staple: good });
    expect(await stapleFor(server, { version, asks: false })).toEqual({ authorized: true, staple: 'not asked' });
  });

  test.for(versions)('has nothing to staple by default, over %s', async (version) => {
    await using server = await servers[kind]({ identity });

    expect(await stapleFor(server, { version })).toEqual({ authorized: true, staple: null });
    expect(server.server.listenerCount('OCSPRequest')).toBe(0);
  });
});

describe('a staple by function', () => {
  test('is asked for at each handshake of a client that asks, and may be none', async () => {
    const staples = [good, undefined, pki.issuer.ocspResponse(identity, { status: 'revoked' })];
    let asked = 0;
    await using server = await startTlsServer({ identity, staple: () => staples[asked++] });

    expect((await stapleFor(server)).staple).toEqual(staples[0]);
    expect((await stapleFor(server, { asks: false })).staple).toBe('not asked');
    expect((await stapleFor(server)).staple).toBeNull();
    expect((await stapleFor(server)).staple).toEqual(staples[2]);
    expect(asked).toBe(3);
  });

  test.for([
    [
      'throws',
      () => {
        throw new Error('no staple today');
      },
      'no staple today',
    ],
    ['gives something else', () => JSON.parse('5'), 'Cannot use staple "number"'],
  ] as const)('that %s fails that handshake, and says why', async ([, staple, reason]) => {
    await using server = await startTlsServer({ identity, staple });

    const handshake = await attemptHandshake(server, { identity: client, requestOCSP: true });

    expect(handshake).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
    expect(handshake.explain()).toContain(reason);
    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
  });
});

describe('rotate', () => {
  test('replaces the staple of a running server, and only that', async () => {
    const session = await firstSession();
    await using server = session.server;

    const later = pki.issuer.ocspResponse(identity, { status: 'unknown' });
    server.rotate({ staple: later });

    expect((await stapleFor(server)).staple).toEqual(later);
    expect(server.server.listenerCount('OCSPRequest')).toBe(1);
    const handshake = await attemptHandshake(server, { identity: client, session: session.ticket });
    expect(handshake).toBeAccepted();
    expect(handshake.resumed, 'session tickets still count').toBe(true);
  });

  test('replaces identity and staple together', async () => {
    await using server = await startTlsServer({ identity, staple: good });
    const next = pki.server({ mustStaple: true });
    const staple = pki.issuer.ocspResponse(next);

    server.rotate({ identity: next, staple });

    expect((await stapleFor(server)).staple).toEqual(staple);
    expect((await attemptHandshake(server, { identity: client })).serverCertificate?.serialNumber).toBe(next.certificate.serialNumber);
  });

  test('gives a staple to a server that had none, one of the user’s own included', async () => {
    const own = tls.createServer({ ...identity.serverTls }, (socket) => void socket.on('error', () => {}).pipe(socket));
    await using server = observe(own);
    await new Promise<void>((resolve) => {
      own.listen(0, '127.0.0.1', resolve);
    });
    expect((await stapleFor(server)).staple).toBeNull();

    server.rotate({ staple: good });

    expect((await stapleFor(server)).staple).toEqual(good);
  });

  test('rejects values that are not staples, and keeps what it had', async () => {
    await using server = await startTlsServer({ identity, staple: good });

    expect(() => {
      server.rotate({ identity: pki.server(), staple: JSON.parse('"x"') });
    }).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'staple', value: 'string' }) }));

    expect((await stapleFor(server)).staple).toEqual(good);
    expect(server.identity).toBe(identity);
  });
});

test.for(['"x"', '5', 'null', '{}'])('a server does not start with the staple %s', async (json) => {
  await expect(startTlsServer({ identity, staple: JSON.parse(json) })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'staple' },
  });
});

describe('a client of Node never looks at a staple', () => {
  const mustStaple = pki.server({ mustStaple: true });
  const about = mustStaple;
  const responder = pki.issuer.issue({ extendedKeyUsage: ['clientAuth'] });

  test.for([
    ['says "revoked"', pki.issuer.ocspResponse(about, { status: 'revoked' })],
    ['says "unknown"', pki.issuer.ocspResponse(about, { status: 'unknown' })],
    ['has expired', pki.issuer.ocspResponse(about, { nextUpdate: new Date(Date.now() - 86_400_000) })],
    ['is signed by another CA', pki.issuer.ocspResponse(about, { signedBy: createPki().issuer })],
    ['is signed by a responder without that purpose', pki.issuer.ocspResponse(about, { responder })],
    ['is about another certificate', pki.issuer.ocspResponse(pki.server())],
    ['says "try later"', pki.issuer.ocspResponse(about, { responseStatus: 'tryLater' })],
    ['is not an OCSP response', Buffer.from('garbage')],
    ['is not there, although the certificate demands it', undefined],
  ] as const)('that %s: it accepts', async ([, staple]) => {
    await using server = await startTlsServer({ identity: mustStaple, ...(staple && { staple }) });

    for (const version of versions) {
      const limits = { minVersion: version, maxVersion: version };
      expect(await attemptHandshake(server, { identity: client, requestOCSP: true, ...limits })).toBeAccepted();
      expect(await stapleFor(server, { version })).toEqual({ authorized: true, staple: staple ?? null });
    }
  });

  test('and does look at a CRL that it is given', async () => {
    const own = createPki();
    const revoked = own.server();
    own.issuer.revoke(revoked);
    await using server = await startTlsServer({ identity: revoked });

    expect(await attemptHandshake(server, { identity: own.client() })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: own.client(), crl: own.crls() })).toBeRejected({
      by: 'client',
      reason: 'CERT_REVOKED',
    });
  });
});

interface Seen {
  readonly authorized: boolean;
  /** What the client received: bytes, or null for "there is none"; `not asked` where it did not ask. */
  readonly staple: Buffer | null | 'not asked';
}

function stapleFor(
  server: ObservedServer,
  { version = 'TLSv1.3', asks = true }: { readonly version?: tls.SecureVersion; readonly asks?: boolean } = {},
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const { host, port } = server;
    const limits = { minVersion: version, maxVersion: version };
    const socket = tls.connect({ ...client.tls, ...limits, host, port, servername: 'localhost', requestOCSP: asks });
    let staple: Seen['staple'] = 'not asked';
    socket.once('OCSPResponse', (response: Buffer | null) => {
      staple = response;
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve({ authorized: socket.authorized, staple });
      socket.destroy();
    });
  });
}

async function firstSession(): Promise<{ readonly server: ObservedServer; readonly ticket: Buffer }> {
  const server = await startTlsServer({ identity, staple: good });
  const { host, port } = server;
  const ticket = await new Promise<Buffer>((resolve, reject) => {
    const socket = tls.connect({ ...client.tls, host, port, servername: 'localhost' });
    socket.once('error', reject);
    socket.once('session', (session: Buffer) => {
      resolve(session);
      socket.destroy();
    });
  });
  return { server, ticket };
}
