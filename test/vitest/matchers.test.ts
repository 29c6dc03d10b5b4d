import { describe, expect as plainExpect } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type Endpoint,
  identityFromPem,
  type ObservedServer,
  type Pki,
  startTlsServer,
} from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const past = new Date(Date.now() - 60_000);

/** The message of an expectation that fails. */
function messageOf(failing: () => void): string {
  try {
    failing();
  } catch (error) {
    return (error as Error).message; // matchers throw errors
  }
  throw new Error('the expectation held');
}

async function messageOfAsync(failing: Promise<void>): Promise<string> {
  try {
    await failing;
  } catch (error) {
    return (error as Error).message; // matchers reject with errors
  }
  throw new Error('the expectation held');
}

describe('matchers on a handshake', () => {
  test('hold for what it came to, and not for its opposite', async ({ pki, server, client }) => {
    const accepted = await attemptHandshake(server, { identity: client });
    const rejected = await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }) });

    expect(accepted).toBeAccepted();
    expect(accepted).not.toBeRejected();
    expect(rejected).not.toBeAccepted();
    expect(rejected).toBeRejected();
    expect(rejected).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    expect(rejected).not.toBeRejected({ by: 'client' });
    expect(rejected).not.toBeRejected({ reason: 'CERT_REVOKED' });
    expect(rejected).not.toBeRejected({ alert: 'unknown_ca' });
  });

  test("print the reason that nobody asked for and both ends' story", async ({ pki, server }) => {
    const rejected = await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }) });

    const message = messageOf(() => expect(rejected).toBeAccepted());

    expect(message).toContain(
      'expected the handshake to be accepted; it was rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)',
    );
    expect(message).toContain(rejected.explain());
    expect(messageOf(() => expect(rejected).toBeRejected({ by: 'client', reason: 'CERT_REVOKED', alert: 'unknown_ca' }))).toContain(
      'expected the handshake to be rejected by the client with reason CERT_REVOKED with the alert unknown_ca; it was rejected by the server: CERT_HAS_EXPIRED',
    );
    expect(messageOf(() => expect(rejected).not.toBeRejected())).toContain('not to be rejected');
  });

  test('compare certificates by the fields that are given', async ({ pki, server }) => {
    const handshake = await attemptHandshake(server, {
      identity: pki.client('alice', { uri: 'spiffe://example.test/alice', email: 'alice@example.test' }),
    });

    expect(handshake).toHaveClientCertificate();
    expect(handshake).toHaveClientCertificate({ commonName: 'alice', spiffeId: 'spiffe://example.test/alice' });
    expect(handshake).toHaveClientCertificate({ altNames: { email: ['alice@example.test'] }, extendedKeyUsage: ['clientAuth'] });
    expect(handshake).toHaveClientCertificate({ issuer: { commonName: `${pki.name} issuing CA` } });
    expect(handshake).not.toHaveClientCertificate({ commonName: 'bob' });
    expect(handshake).toHaveServerCertificate({ altNames: { dns: ['localhost'] } });
    expect(messageOf(() => expect(handshake).toHaveClientCertificate({ commonName: 'bob' }))).toContain('"bob"');
  });

  test('a certificate that was not presented is not there', async ({ pki, server }) => {
    const handshake = await attemptHandshake(server, { trust: pki });

    expect(handshake).not.toHaveClientCertificate();
    expect(messageOf(() => expect(handshake).toHaveClientCertificate({ commonName: 'alice' }))).toContain(
      'expected a client certificate; none was seen',
    );
  });

  test.for([
    ['a string', 'accepted', 'string accepted'],
    ['nothing', undefined, 'undefined undefined'],
    ['a promise', Promise.resolve(), 'a Promise; await it first'],
    ['an error', new Error('socket hang up'), 'Error: socket hang up'],
  ] as const)('say so when they are used on %s, with and without not', ([, value, described]) => {
    for (const use of [
      () => expect(value).toBeAccepted(),
      () => expect(value).not.toBeRejected(),
      () => expect(value).toHaveClientCertificate(),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'MATCHER_MISUSE', facts: expect.objectContaining({ received: described }) }));
  });
});

describe('what is expected', () => {
  const misuse = (matcher: string, received: string): unknown =>
    expect.objectContaining({ code: 'MATCHER_MISUSE', facts: expect.objectContaining({ matcher, received }) });

  /** Each would be met by any rejection, or, under `not`, by all but one. */
  const noRejections: readonly (readonly [unknown, string])[] = [
    ['CERT_HAS_EXPIRED', 'string CERT_HAS_EXPIRED'],
    [null, 'object null'],
    [['CERT_HAS_EXPIRED'], 'Array'],
    [{ by: 'sever' }, 'by: string sever'],
    [{ reason: '' }, 'reason: string '],
    [{ reason: /EXPIRED/u }, 'reason: RegExp'],
    [{ alert: 45 }, 'alert: number 45, which is not the name of an alert'],
    [{ alert: 'expired_certificate' }, 'alert: string expired_certificate, which is not the name of an alert'],
  ];

  test.for(noRejections)('has to describe a rejection: not %j', async ([expected, received], { server, pki }) => {
    const handshake = await attemptHandshake(server, { identity: createPki().client(), trust: pki });
    const it = expected as never;

    expect(() => expect(handshake).toBeRejected(it)).toThrow(misuse('toBeRejected', received));
    expect(() => expect(handshake).not.toBeRejected(it)).toThrow(misuse('toBeRejected', received));
    await expect(expect(server).toReject(createPki().client(), it)).rejects.toThrow(misuse('toReject', received));
    await expect(expect(Promise.reject(new Error('no'))).not.toFailHandshake(it)).rejects.toThrow(misuse('toFailHandshake', received));
  });

  test('has no misspelt field', async ({ server, pki }) => {
    const stranger = createPki().client();
    const handshake = await attemptHandshake(server, { identity: stranger, trust: pki });

    expect(handshake).toBeRejected({ reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(() => expect(handshake).toBeRejected({ resaon: 'CERT_REVOKED' } as never)).toThrow(misuse('toBeRejected', 'the field resaon'));
    expect(() => expect(handshake).not.toHaveClientCertificate({ comonName: 'bob' } as never)).toThrow(
      misuse('toHaveClientCertificate', 'the field comonName'),
    );
    expect(() => expect(handshake).toHaveServerCertificate('localhost' as never)).toThrow(
      misuse('toHaveServerCertificate', 'string localhost'),
    );
    await expect(expect(server).toReject(stranger, { resaon: 'CERT_REVOKED' } as never)).rejects.toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ value: 'resaon' }) }),
    );
    await expect(expect(server).toReject(stranger, { qiuetPeriod: 5 } as never)).rejects.toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ value: 'qiuetPeriod' }) }),
    );
  });

  test('may leave out a field by giving undefined', async ({ server, pki }) => {
    const handshake = await attemptHandshake(server, { identity: createPki().client(), trust: pki });

    expect(handshake).toBeRejected({ by: 'server', reason: undefined, alert: undefined } as never); // a project without exactOptionalPropertyTypes may
  });
});

describe('matchers on a server', () => {
  test('try the client they are given', async ({ pki, server, client }) => {
    await expect(server).toAccept(client);
    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    await expect(server).not.toAccept();
    await expect(server).toReject();
    await expect(server).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    await expect(server).toReject(undefined, { alert: 'handshake_failure', maxVersion: 'TLSv1.2' });
    await expect(server).not.toReject(client);
  });

  test("a stranger is the server's to refuse, not the client's", async ({ server }) => {
    await expect(server).toReject(createPki().client(), { by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
  });

  test('fail with the story', async ({ server, client }) => {
    const message = await messageOfAsync(expect(server).toReject(client, { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toContain('expected the client to be rejected by the server with reason CERT_HAS_EXPIRED; it was accepted');
    expect(message).toContain('server API');
  });

  test('a server that refuses everybody proves nothing', async ({ pki }) => {
    await using nobody = await startTlsServer({ identity: pki.server(), verifyPeer: () => 'closed today' });

    const message = await messageOfAsync(expect(nobody).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toContain('the control was refused too, it was rejected by the server: APPLICATION_VERIFICATION');
    await expect(messageOfAsync(expect(nobody).not.toReject(pki.client()))).resolves.toContain('the control was refused too');
  });

  test('a control can be given where clients come from another authority', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toReject(pki.client(), { control: clients.client(), reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(await messageOfAsync(expect(server).toReject(pki.client()))).toContain('pass control');
  });

  test('say so when they are used on something else', async ({ server }) => {
    await expect(messageOfAsync(expect('server').toAccept())).resolves.toContain('Cannot use toAccept on "string server"');
    // As JavaScript users may call it.
    await expect(messageOfAsync(expect(server).toReject('alice' as never))).resolves.toContain('Cannot use toReject on "string alice"');
  });
});

describe('evidence on which a test insists', () => {
  const endpointOf = ({ port }: ObservedServer): Endpoint => ({ host: '127.0.0.1', port, servername: 'localhost' });

  test('is that of the handshake, or one of those that will do', async ({ pki, server, client }) => {
    const observed = await attemptHandshake(server, { identity: client });
    const seen = await attemptHandshake(endpointOf(server), { identity: client });
    const rejected = await attemptHandshake(endpointOf(server), { identity: pki.client('old', { notAfter: past }) });

    expect(observed).toBeAccepted({ evidence: 'server-observed' });
    expect(observed).not.toBeAccepted({ evidence: ['session-ticket', 'quiet'] });
    expect(seen).toBeAccepted({ evidence: ['session-ticket', 'application-data'] });
    expect(seen).not.toBeAccepted({ evidence: 'server-observed' });
    expect(rejected).toBeRejected({ by: 'server', evidence: 'alert' });
    expect(rejected).not.toBeRejected({ by: 'server', evidence: 'closed' });
    expect(rejected).not.toBeAccepted({ evidence: 'alert' });
    await expect(server).toAccept(client, { evidence: 'server-observed' });
    await expect(server).not.toAccept(client, { evidence: 'quiet' });
    await expect(server).toReject(pki.client('old', { notAfter: past }), { evidence: 'server-observed' });
    expect(messageOf(() => expect(seen).toBeAccepted({ evidence: 'server-observed' }))).toMatch(
      /^expected the handshake to be accepted with the evidence server-observed; it was accepted.*, with the evidence session-ticket/u,
    );
  });

  test.for([
    ['a kind that does not exist', { evidence: 'observed' }],
    ['no kind at all', { evidence: [] }],
    ['a list with one that does not exist', { evidence: ['alert', 'ticket'] }],
    ['a misspelt field', { evidenc: 'alert' }],
    ['text', 'server-observed'],
  ] as const)('has a name: not %s', async ([, expected], { server, client }) => {
    const handshake = await attemptHandshake(server, { identity: client });
    const misuse = expect.objectContaining({ code: 'MATCHER_MISUSE' }) as unknown;

    expect(() => expect(handshake).toBeAccepted(expected as never)).toThrow(misuse);
    expect(() => expect(handshake).not.toBeAccepted(expected as never)).toThrow(misuse);
    expect(() => expect(handshake).toBeRejected(expected as never)).toThrow(misuse);
    await expect(expect(Promise.reject(new Error('no'))).toFailHandshake(expected as never)).rejects.toThrow(misuse);
  });

  test('does not exist for the error of a client library', async () => {
    await expect(expect(Promise.reject(new Error('no'))).toFailHandshake({ evidence: 'alert' } as never)).rejects.toThrow(
      expect.objectContaining({ code: 'MATCHER_MISUSE', facts: expect.objectContaining({ received: 'the field evidence' }) }),
    );
  });
});

describe('the control of toReject, where none is given', () => {
  const withoutAuthority = async (): Promise<{ readonly pki: Pki; readonly server: ObservedServer }> => {
    const pki = createPki();
    const { chainPem, keyPem } = pki.server();
    return { pki, server: await startTlsServer({ identity: identityFromPem({ cert: chainPem, key: keyPem, ca: pki.anchors }) }) };
  };

  test('is what toAccept saw accepted on that server, tried again', async () => {
    const { pki, server } = await withoutAuthority();
    const other = await withoutAuthority();
    const expired = pki.client('bob', { notAfter: past });

    expect(await messageOfAsync(expect(server).toReject(expired))).toContain('pass control');
    await expect(server).toAccept(pki.client('alice'));
    const before = server.handshakes.length;
    await expect(server).toReject(expired, { reason: 'CERT_HAS_EXPIRED' });

    expect(server.handshakes.slice(before).map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['accepted', 'alice'],
      ['rejected', 'bob'],
    ]);
    expect(await messageOfAsync(expect(other.server).toReject(other.pki.client('bob', { notAfter: past })))).toContain('pass control');
    await server.close();
    await other.server.close();
  });

  test('is not one that was refused, nor one that is refused by now', async () => {
    const { pki, server } = await withoutAuthority();
    const alice = pki.client('alice');

    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain('pass control');
    await expect(server).toAccept(alice);
    expect(await messageOfAsync(expect(server).toReject(alice))).toContain('pass control');
    server.rotate({ trust: createPki().anchors });
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain('the control was refused too');
    await server.close();
  });

  test('is a client of another authority where that was accepted', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toAccept(clients.client());
    await expect(server).toReject(pki.client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });
});

test('the set-up file adds the matchers to plain expect', async ({ server, client }) => {
  plainExpect(await attemptHandshake(server, { identity: client })).toBeAccepted();
});
