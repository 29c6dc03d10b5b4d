// Checked by `npm run types`, never run. A line below `@ts-expect-error` must not compile: if it does, tsc fails.
import http from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import tls from 'node:tls';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  MtlsFixturesError,
  observe,
  restorePki,
  selfSignedIdentity,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
  writeFiles,
  type Alert,
  type AlertName,
  type AttemptOptions,
  type Authority,
  type DisposableFiles,
  type IdentityFiles,
  type PkiFiles,
  type ErrorCode,
  type Evidence,
  type Handshake,
  type Identity,
  type LeafOptions,
  type ObservedServer,
  type PeerCertificate,
  type PkiServerOptions,
  type Pki,
  type Reason,
  type ServerOptions,
  type TlsServerOptions,
} from 'mtls-fixtures';
import { describe, expectTypeOf, test } from 'vitest';
import type { attemptSchema, tlsServerSchema } from '../../src/handshake/server/call-options.ts';

// @ts-expect-error: a class is exported as a type
void new (await import('mtls-fixtures')).Pki();
// @ts-expect-error: a server of faults is started, not constructed
void new (await import('mtls-fixtures/scenarios')).FaultServer();
// @ts-expect-error: the catalogue is in mtls-fixtures/scenarios
void (await import('mtls-fixtures')).clientScenarios;

declare const pki: Pki;
declare const server: ObservedServer;
declare const handshake: Handshake;

describe('the PKI', () => {
  test('is minted without waiting', () => {
    expectTypeOf(createPki).returns.toEqualTypeOf<Pki>();
    expectTypeOf(pki.server({ dns: 'api.test' })).toEqualTypeOf<Identity>();
    expectTypeOf(pki.client('alice', { uri: ['spiffe://example.test/alice'] })).toEqualTypeOf<Identity>();
    expectTypeOf(pki.issuer.issueAuthority({ pathLength: 0 })).toEqualTypeOf<Authority>();
    expectTypeOf(selfSignedIdentity()).toEqualTypeOf<Promise<Identity>>();
    expectTypeOf(restorePki(pki.serialize())).toEqualTypeOf<Pki>();
  });

  test('fits the options of Node and its files what reads files', () => {
    expectTypeOf(pki.client().tls).toExtend<tls.ConnectionOptions>();
    expectTypeOf(pki.server().serverTls).toExtend<tls.TlsOptions>();
    expectTypeOf(writeFiles(pki)).toEqualTypeOf<PkiFiles>();
    expectTypeOf(writeFiles(pki.client())).toEqualTypeOf<IdentityFiles>();
    expectTypeOf<IdentityFiles['key' | 'cert' | 'ca']>().toEqualTypeOf<string>();
    expectTypeOf<PkiFiles['ca' | 'crl']>().toEqualTypeOf<string>();
    expectTypeOf<PkiFiles>().toExtend<DisposableFiles>();
    // @ts-expect-error: of an identity there is no CRL
    writeFiles(pki.client()).crl.slice();
  });

  test('refuses options that it does not know', () => {
    // @ts-expect-error: no such key algorithm
    createPki({ keyAlgorithm: 'rsa-1024' });
    // @ts-expect-error: unknown option
    createPki({ intermediate: 2 });
    // @ts-expect-error: the common name is the argument before
    pki.client({ dns: 'api.test' });
    // @ts-expect-error: milliseconds and dates are not the same
    pki.server({ notAfter: Date.now() });
    // @ts-expect-error: unknown option
    pki.server({ subjectAltName: 'DNS:api.test' });
    // @ts-expect-error: no such usage; only extended ones may be given by their number
    pki.issuer.issue({ keyUsage: ['signing'] });
    // @ts-expect-error: a leaf has no path length
    pki.issuer.issue({ pathLength: 0 });
    // @ts-expect-error: no such reason
    pki.issuer.revoke(pki.client(), 'lost');
    // @ts-expect-error: a key without its certificate
    identityFromPem({ key: '' });
    // @ts-expect-error: authorities do not come from JSON that anybody wrote
    restorePki({ name: 'shop' });
    // @ts-expect-error: the keys of an authority are nobody's files
    writeFiles(pki.issuer);
  });

  test('is not changed by those who use it', () => {
    const options: LeafOptions = { dns: ['a.test'] };
    // @ts-expect-error: read-only
    options.dns = [];
    // @ts-expect-error: read-only
    pki.issuer = pki.root;
    // @ts-expect-error: read-only
    pki.client().certificatePem = '';
    // @ts-expect-error: read-only
    inspectCertificate('').notAfter = new Date();
    // @ts-expect-error: read-only
    inspectCertificate('').altNames.dns.push('a.test');
  });
});

describe('servers', () => {
  test('of every kind are observed, ours and the user’s', () => {
    expectTypeOf(startTlsServer({ identity: pki.server() })).toEqualTypeOf<Promise<ObservedServer>>();
    expectTypeOf(
      startHttpsServer((_request, response) => response.end(), { identity: pki.server() }),
    ).resolves.toEqualTypeOf<ObservedServer>();
    expectTypeOf(
      startHttp2Server((_request, response) => response.end(), { identity: pki.server() }),
    ).resolves.toEqualTypeOf<ObservedServer>();
    expectTypeOf(observe(tls.createServer())).toEqualTypeOf<ObservedServer>();
    expectTypeOf(observe(https.createServer())).toEqualTypeOf<ObservedServer>();
    expectTypeOf(observe(http2.createSecureServer())).toEqualTypeOf<ObservedServer>();
    expectTypeOf(server).toExtend<AsyncDisposable>();
    expectTypeOf(server.handshakes).toEqualTypeOf<readonly Handshake[]>();
    expectTypeOf(server.nextHandshake({ timeout: 1000 })).toEqualTypeOf<Promise<Handshake>>();
  });

  test('take the options of Node as well as ours', () => {
    expectTypeOf<ServerOptions>().toHaveProperty('identity').toEqualTypeOf<Identity>();
    expectTypeOf<ServerOptions>().toHaveProperty('minVersion').toEqualTypeOf<tls.SecureVersion | undefined>();
    void startTlsServer({ identity: pki.server(), trust: [pki, pki.root.certificatePem], port: new Set([8443]), minVersion: 'TLSv1.3' });
    void startTlsServer({ pki });
    void startTlsServer({ pki, identity: undefined, trust: undefined, crl: undefined, verifyPeer: undefined, onConnection: undefined });
    void startHttpsServer((_request, response) => response.end(), { pki, clientAuth: undefined, port: undefined });
    void startHttp2Server((_request, response) => response.end(), { pki, allowHTTP1: undefined });
    observe(tls.createServer(), { identity: undefined, pki: undefined, context: undefined, maxHandshakes: undefined });
    server.rotate({ identity: undefined, trust: pki, staple: undefined });
    expectTypeOf(server.clientOptions(pki.client())).toExtend<tls.ConnectionOptions>();
    expectTypeOf(server.clientOptions()).toExtend<https.RequestOptions>();
    void startTlsServer({ identity: pki.server(), verifyPeer: (peer) => peer.spiffeId === 'spiffe://a.test/b' || 'not on the list' });
  });

  test('refuse options that are missing, unknown or ours to set', () => {
    // @ts-expect-error: a server without identity
    void startTlsServer({});
    // @ts-expect-error: no options at all
    void startTlsServer();
    // @ts-expect-error: `clientAuth` decides
    void startTlsServer({ identity: pki.server(), requestCert: true });
    // @ts-expect-error: `clientAuth` decides
    void startTlsServer({ identity: pki.server(), rejectUnauthorized: false });
    // @ts-expect-error: `identity` brings it
    void startTlsServer({ identity: pki.server(), cert: '' });
    // @ts-expect-error: `trust` brings it
    void startTlsServer({ identity: pki.server(), ca: '' });
    // @ts-expect-error: unknown option
    void startTlsServer({ identity: pki.server(), clientauth: 'require' });
    // @ts-expect-error: no such way to reject
    void startTlsServer({ identity: pki.server(), rejection: 'loud' });
    // @ts-expect-error: a refusal says why
    void startTlsServer({ identity: pki.server(), verifyPeer: () => false });
    // @ts-expect-error: the handler comes first
    void startHttpsServer({ identity: pki.server() });
    // @ts-expect-error: not a TLS server
    observe(http.createServer());
    // @ts-expect-error: a server's identity is an Identity
    server.rotate({ identity: pki });
  });

  test('are not changed by those who use them', () => {
    // @ts-expect-error: read-only
    server.handshakes.push(handshake);
    // @ts-expect-error: read-only
    server.port = 443;
  });
});

describe('handshakes', () => {
  test('are values of closed unions', () => {
    expectTypeOf(attemptHandshake(server)).toEqualTypeOf<Promise<Handshake>>();
    expectTypeOf(
      attemptHandshake({ host: 'localhost', port: 443 }, { identity: pki.client(), trust: pki }),
    ).resolves.toEqualTypeOf<Handshake>();
    expectTypeOf(handshake.verdict).toEqualTypeOf<'accepted' | 'rejected'>();
    expectTypeOf(handshake.rejectedBy).toEqualTypeOf<'client' | 'server' | undefined>();
    expectTypeOf(handshake.alert).toEqualTypeOf<Alert | undefined>();
    expectTypeOf(handshake.evidence).toEqualTypeOf<Evidence>();
    expectTypeOf<Evidence>().not.toEqualTypeOf<string>();
    expectTypeOf<Reason>().not.toEqualTypeOf<string>();
    expectTypeOf<'CERT_HAS_EXPIRED' | 'PERMITTED_VIOLATION' | 'NO_SHARED_CIPHER' | 'APPLICATION_VERIFICATION'>().toExtend<Reason>();
    expectTypeOf<'CERT_EXPIRED'>().not.toExtend<Reason>();
    expectTypeOf<Exclude<Handshake['reason'], undefined>>().toEqualTypeOf<Reason | (string & {})>();
    expectTypeOf<AlertName>().toExtend<Alert['name']>();
    expectTypeOf<'certificate_expird'>().not.toExtend<Alert['name']>();
    expectTypeOf<'alert_200'>().toExtend<Alert['name']>();
    expectTypeOf(handshake.clientCertificate).toEqualTypeOf<PeerCertificate | undefined>();
  });

  test('are not changed by those who look at them', () => {
    // @ts-expect-error: read-only
    handshake.verdict = 'accepted';
    // @ts-expect-error: read-only
    handshake.reason = 'CERT_HAS_EXPIRED';
    // @ts-expect-error: read-only
    handshake.records.pop();
    // @ts-expect-error: a rejection is not a boolean
    if (handshake.rejected) throw new Error();
  });

  test('need a target and known options', () => {
    // @ts-expect-error: a URL is not a target
    void attemptHandshake('https://localhost');
    // @ts-expect-error: an endpoint without port
    void attemptHandshake({ host: 'localhost' });
    // @ts-expect-error: `identity` brings it
    void attemptHandshake(server, { key: '' });
    // @ts-expect-error: unknown option
    void attemptHandshake(server, { identitiy: pki.client() });
    // @ts-expect-error: an identity, not its PEM
    void attemptHandshake(server, { identity: pki.client().tls });
  });

  test('take undefined for a default', () => {
    const absent = { identity: undefined, trust: undefined, crl: undefined, timeout: undefined, quietPeriod: undefined, signal: undefined };
    void attemptHandshake(server, { ...absent, servername: undefined, certificateMessage: undefined, lookup: undefined });
    void attemptHandshake({ host: 'localhost', port: 443, servername: undefined, starttls: undefined }, absent);
    void server.nextHandshake({ timeout: undefined });
    expectTypeOf(handshake.explain({ color: undefined, masked: undefined })).toEqualTypeOf<string>();
    expectTypeOf(handshake.toJSON({ masked: undefined })).toEqualTypeOf<Readonly<Record<string, unknown>>>();
    // @ts-expect-error: an option of explain
    handshake.toJSON({ color: true });
  });

  test('have the options that are handed to Node, and none that contradict ours', () => {
    expectTypeOf<Extract<keyof AttemptOptions, keyof typeof attemptSchema.reserved>>().toEqualTypeOf<never>();
    expectTypeOf<Extract<keyof ServerOptions, keyof typeof tlsServerSchema.reserved>>().toEqualTypeOf<never>();
    expectTypeOf<keyof typeof attemptSchema.own>().toExtend<keyof AttemptOptions>();
    expectTypeOf<Exclude<keyof typeof tlsServerSchema.own, 'pki' | 'onConnection'>>().toExtend<keyof ServerOptions>();
    expectTypeOf<keyof typeof tlsServerSchema.own>().toExtend<keyof (PkiServerOptions & TlsServerOptions)>();
    expectTypeOf<Extract<keyof tls.ConnectionOptions, keyof AttemptOptions>>().toEqualTypeOf<
      Exclude<keyof tls.ConnectionOptions, Exclude<keyof typeof attemptSchema.reserved, keyof typeof attemptSchema.own>>
    >();
  });
});

describe('errors', () => {
  test('have codes of a closed union, and facts that belong to the code', () => {
    const error = new MtlsFixturesError('CA_PATH_LENGTH', { issuer: 'root' });

    expectTypeOf(error).toExtend<Error>();
    expectTypeOf(error.code).toExtend<ErrorCode>();
    expectTypeOf<ErrorCode>().not.toEqualTypeOf<string>();
    // @ts-expect-error: no such code
    if (error.code === 'CA_PATH_LENTGH') throw error;
    // @ts-expect-error: facts of another code
    void new MtlsFixturesError('CA_PATH_LENGTH', { url: '' });
  });
});
