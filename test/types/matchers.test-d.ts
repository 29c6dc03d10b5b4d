// Checked by `npm run types`, never run. A line below `@ts-expect-error` must not compile: if it does, tsc fails.
import type { Handshake, Identity, ObservedServer, Pki, SerializedPki } from 'mtls-fixtures';
import {
  assertAccepted,
  assertAccepts,
  assertFailsHandshake,
  assertHasClientCertificate,
  assertRejected,
  assertRejects,
  type AsymmetricMatcher,
  type ExpectedRejection,
  matchers,
  snapshotSerializer,
} from 'mtls-fixtures/matchers';
import type { Gateway, GatewayOptions } from 'mtls-fixtures/forwarded';
import { expect, test, type MtlsFixtures } from 'mtls-fixtures/vitest';
import { beforeAll, expect as plainExpect, expectTypeOf, inject } from 'vitest';

declare const handshake: Handshake;
declare const pending: Promise<Handshake>;
declare const server: ObservedServer;
declare const identity: Identity;

test('matchers on a handshake answer at once', () => {
  expectTypeOf(expect(handshake).toBeAccepted()).toEqualTypeOf<void>();
  expectTypeOf(expect(handshake).not.toBeAccepted()).toEqualTypeOf<void>();
  expectTypeOf(expect(handshake).toBeRejected()).toEqualTypeOf<void>();
  expectTypeOf(
    expect(handshake).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' }),
  ).toEqualTypeOf<void>();
  expectTypeOf(expect(handshake).toHaveClientCertificate({ commonName: 'alice', isAuthority: false })).toEqualTypeOf<void>();
  expectTypeOf(expect(handshake).toHaveServerCertificate({ commonName: expect.stringContaining('a') })).toEqualTypeOf<void>();
  expectTypeOf(expect.soft(handshake).toBeAccepted()).toEqualTypeOf<void>();
});

test('matchers on the promise of a handshake are to be awaited', () => {
  expectTypeOf(expect(pending).resolves.toBeAccepted()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(pending).resolves.not.toBeRejected({ by: 'client' })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect.poll(() => handshake).toBeAccepted()).toEqualTypeOf<Promise<void>>();
});

test('matchers that try a handshake are to be awaited', () => {
  expectTypeOf(expect(server).toAccept(identity)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(server).toAccept()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(server).toReject(identity, { reason: 'CERT_HAS_EXPIRED', control: identity })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(server).not.toReject(undefined, { maxVersion: 'TLSv1.2' })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(fetch('https://localhost')).toFailHandshake({ by: 'client' })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(() => fetch('https://localhost')).toFailHandshake()).toEqualTypeOf<Promise<void>>();
});

test('the matchers are on Vitest’s own expect too', () => {
  expectTypeOf(plainExpect(handshake).toBeAccepted()).toEqualTypeOf<void>();
  expectTypeOf(plainExpect(server).toReject()).toEqualTypeOf<Promise<void>>();
});

test('fields of a certificate take values, some fields of objects, and asymmetric matchers', () => {
  expect(handshake).toHaveClientCertificate({ commonName: expect.stringMatching(/^al/u), altNames: { dns: [expect.any(String)] } });
  expect(handshake).toHaveClientCertificate({ issuer: { commonName: 'ca' }, chain: [{ commonName: 'ca' }], notAfter: new Date() });
  expect(handshake).toHaveClientCertificate({ commonName: undefined });
  expect(handshake).toBeRejected({ by: undefined, reason: undefined, alert: undefined, evidence: undefined });
  expect(handshake).toBeRejected({ reason: 'A_REASON_OF_ANOTHER_STACK', alert: 'alert_200' });
  expectTypeOf<ExpectedRejection['reason']>().extract<'CERT_HAS_EXPIRED'>().toEqualTypeOf<'CERT_HAS_EXPIRED'>();
  // @ts-expect-error: a name is text
  expect(handshake).toHaveClientCertificate({ commonName: 5 });
  // @ts-expect-error: unknown field below a field
  expect(handshake).toHaveClientCertificate({ issuer: { cn: 'ca' } });
  // @ts-expect-error: no such usage
  expect(handshake).toHaveClientCertificate({ keyUsage: ['signing'] });
});

test('matchers on a handshake stand for one in an expected value', () => {
  expectTypeOf(expect.toBeAccepted()).toExtend<AsymmetricMatcher>();
  expectTypeOf(plainExpect.not.toBeRejected({ reason: 'CERT_HAS_EXPIRED' })).toExtend<AsymmetricMatcher>();
  expect([handshake]).toEqual([expect.toHaveClientCertificate({ commonName: 'alice' })]);
  // @ts-expect-error: the side is 'client' or 'server'
  expect.toBeRejected({ by: 'proxy' });
  // @ts-expect-error: a matcher that has to be awaited cannot stand for a value
  expect.toAccept(identity);
});

test('assertions are matchers without a test runner', async () => {
  expectTypeOf(assertAccepted(handshake, { evidence: 'quiet' })).toEqualTypeOf<void>();
  expectTypeOf(assertRejects(server, identity, { reason: 'CERT_HAS_EXPIRED', control: identity })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(assertFailsHandshake(fetch('https://localhost'))).toEqualTypeOf<Promise<void>>();
  assertHasClientCertificate(handshake);
  expectTypeOf(handshake.clientCertificate.commonName).toEqualTypeOf<string | undefined>();
  // @ts-expect-error: await it first
  assertAccepted(pending);
  // @ts-expect-error: unknown field
  assertRejected(handshake, { code: 45 });
  await assertAccepts(server, undefined, { timeout: 100 });
  expectTypeOf<Parameters<typeof expect.extend>[0]>().toExtend<object>();
  plainExpect.extend({ ...matchers });
  plainExpect.addSnapshotSerializer(snapshotSerializer);
});

test('matchers refuse what they do not compare', () => {
  // @ts-expect-error: the side is 'client' or 'server'
  expect(handshake).toBeRejected({ by: 'proxy' });
  // @ts-expect-error: a reason by its name, not in an Error
  expect(handshake).toBeRejected({ reason: new Error('CERT_HAS_EXPIRED') });
  // @ts-expect-error: an alert by its name
  expect(handshake).toBeRejected({ alert: 45 });
  // @ts-expect-error: unknown field
  expect(handshake).toBeRejected({ code: 45 });
  // @ts-expect-error: a reason is a field
  expect(handshake).toBeRejected('CERT_HAS_EXPIRED');
  expect(handshake).toBeAccepted({ evidence: 'server-observed' });
  expect(handshake).toBeAccepted({ evidence: ['session-ticket', 'quiet'] });
  expect(handshake).toBeRejected({ by: 'server', evidence: 'alert' });
  void expect(server).toAccept(identity, { evidence: 'server-observed', timeout: 500 });
  // @ts-expect-error: no such kind of evidence
  expect(handshake).toBeAccepted({ evidence: 'ticket' });
  // @ts-expect-error: an acceptance has no reason
  expect(handshake).toBeAccepted({ reason: 'CERT_HAS_EXPIRED' });
  // @ts-expect-error: an error has no evidence
  void expect(fetch('https://localhost')).toFailHandshake({ evidence: 'alert' });
  // @ts-expect-error: nothing to compare with
  expect(handshake).toBeAccepted(true);
  // @ts-expect-error: unknown field of a certificate
  expect(handshake).toHaveClientCertificate({ cn: 'alice' });
  // @ts-expect-error: an identity, not its PEM
  void expect(server).toAccept(identity.tls);
  // @ts-expect-error: the identity is the first argument
  void expect(server).toAccept(undefined, { identity });
  // @ts-expect-error: the control is an identity
  void expect(server).toReject(identity, { control: true });
  // @ts-expect-error: unknown option
  void expect(server).toReject(identity, { expected: 'CERT_HAS_EXPIRED' });
  // @ts-expect-error: the identity comes first
  void expect(server).toReject({ reason: 'CERT_HAS_EXPIRED' });
  // @ts-expect-error: unknown field
  void expect(fetch('https://localhost')).toFailHandshake({ side: 'client' });
  // @ts-expect-error: no such matcher
  expect(handshake).toBeAcceptable();
});

test('fixtures', ({ pki, server: echo, client, serverOptions, gateway, gatewayOptions }) => {
  expectTypeOf(pki).toEqualTypeOf<Pki>();
  expectTypeOf(echo).toEqualTypeOf<ObservedServer>();
  expectTypeOf(client).toEqualTypeOf<Identity>();
  expectTypeOf(serverOptions).toEqualTypeOf<MtlsFixtures['serverOptions']>();
  expectTypeOf(gateway).toEqualTypeOf<Gateway>();
  expectTypeOf(gatewayOptions).toEqualTypeOf<Partial<GatewayOptions>>();
  expectTypeOf(inject('mtlsFixturesPki')).toEqualTypeOf<SerializedPki | undefined>();
});

test.override('serverOptions', () => ({ minVersion: 'TLSv1.3' as const }));
// @ts-expect-error: unknown option
test.override('serverOptions', () => ({ requestCert: true }));
test.override('gatewayOptions', () => ({ format: 'envoy' as const, upstream: 'http://127.0.0.1:3000', strip: false }));
// @ts-expect-error: no such format
test.override('gatewayOptions', () => ({ format: 'rfc9441' as const }));
// @ts-expect-error: no such fixture
test('no such fixture', ({ browser }) => browser);

beforeAll(({ pki }: Pick<MtlsFixtures, 'pki'>) => pki.name);
test.beforeAll(({ pki }) => {
  expectTypeOf(pki).toEqualTypeOf<Pki>();
});
test.beforeAll((context) => {
  // @ts-expect-error: a server lives as long as a test
  void context.server;
});

const extended = test.extend('admin', ({ pki }) => pki.client('admin'));
extended('fixtures of one’s own', ({ admin, server: echo }) => {
  expectTypeOf(admin).toEqualTypeOf<Identity>();
  expectTypeOf(echo).toEqualTypeOf<ObservedServer>();
});

const perWorker = test.extend('service', { scope: 'worker' }, ({ pki }) => pki.server());
perWorker('a fixture of a worker depends on the PKI of the run', ({ service, pki, server: echo }) => {
  expectTypeOf(service).toEqualTypeOf<Identity>();
  expectTypeOf(pki).toEqualTypeOf<Pki>();
  expectTypeOf(echo).toEqualTypeOf<ObservedServer>();
});
perWorker.beforeAll(({ service }) => {
  expectTypeOf(service).toEqualTypeOf<Identity>();
});
test.extend('late', { scope: 'worker' }, (fixtures) => {
  // @ts-expect-error: a client is minted for each test
  return fixtures.client;
});
