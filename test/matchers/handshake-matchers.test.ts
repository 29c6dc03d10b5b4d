import { describe } from 'vitest';
import { attemptHandshake, createPki, type Endpoint, type ObservedServer } from '../../src/index.ts';
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

  test('print the reason that was not asked for, and the transcript of both ends', async ({ pki, server }) => {
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
  ] as const)('report their misuse on %s, with and without not', ([, value, described]) => {
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

  test.for<[alert: string, suggestion: RegExp]>([
    ['unknown-ca', /; did you mean "unknown_ca"\?$/u],
    ['certificate_expird', /; did you mean "certificate_expired"\?$/u],
    ['no alert of TLS', /of .*client-observed[^?]*$/u],
  ])('the alert %s is not one, and the nearest name is offered', async ([alert, suggestion], { server, pki }) => {
    const handshake = await attemptHandshake(server, { identity: createPki().client(), trust: pki });

    expect(handshake).toBeRejected({ alert: 'unknown_ca' });
    expect(() => expect(handshake).toBeRejected({ alert })).toThrow(
      expect.objectContaining({ code: 'MATCHER_MISUSE', message: expect.stringMatching(suggestion) }),
    );
  });

  test('has no misspelled field', async ({ server, pki }) => {
    const untrusted = createPki().client();
    const handshake = await attemptHandshake(server, { identity: untrusted, trust: pki });

    expect(handshake).toBeRejected({ reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(() => expect(handshake).toBeRejected({ resaon: 'CERT_REVOKED' } as never)).toThrow(misuse('toBeRejected', 'the field resaon'));
    expect(() => expect(handshake).not.toHaveClientCertificate({ comonName: 'bob' } as never)).toThrow(
      misuse('toHaveClientCertificate', 'the field comonName'),
    );
    expect(() => expect(handshake).toHaveServerCertificate('localhost' as never)).toThrow(
      misuse('toHaveServerCertificate', 'string localhost'),
    );
    await expect(expect(server).toReject(untrusted, { resaon: 'CERT_REVOKED' } as never)).rejects.toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ value: 'resaon' }) }),
    );
    await expect(expect(server).toReject(untrusted, { qiuetPeriod: 5 } as never)).rejects.toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ value: 'qiuetPeriod' }) }),
    );
  });

  test('may leave out a field by giving undefined', async ({ server, pki }) => {
    const handshake = await attemptHandshake(server, { identity: createPki().client(), trust: pki });

    expect(handshake).toBeRejected({ by: 'server', reason: undefined, alert: undefined } as never); // a project without exactOptionalPropertyTypes may
  });
});

describe('evidence on which a test insists', () => {
  const endpointOf = ({ port }: ObservedServer): Endpoint => ({ host: '127.0.0.1', port, servername: 'localhost' });

  test('is that of the handshake, or one of those that are enough', async ({ pki, server, client }) => {
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
