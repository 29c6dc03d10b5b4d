import { describe } from 'vitest';
import { createPki, type Handshake, type Identity, type ObservedServer } from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import type { SuiteServerOptions } from '../listen-observed.ts';
import type { CallMaterial } from '../node-clients.ts';
import { type ErrorFacts, errorFacts } from './error-facts.ts';

type TlsVersion = 'TLSv1.3' | 'TLSv1.2';
/** An error of Node's own, as a plain TLS socket has it. */
export type NodeErrorFacts = ErrorFacts & { readonly code: string };

/** A client library: what it calls, and what its errors make of Node's. */
export interface Library {
  /** The server; it answers `hello <common name of the client certificate that it saw>`. */
  readonly startServer: (options: SuiteServerOptions) => Promise<ObservedServer>;
  /** The same, which answers everybody that it failed, in words that speak of an alert. */
  readonly startFailingServer: (options: SuiteServerOptions) => Promise<ObservedServer>;
  /** One call, as a user makes it. Resolves with the answer. */
  readonly call: (server: { readonly port: number }, material: CallMaterial) => Promise<string>;
  /** The library's error for the alert of a server that refused the client. */
  readonly refused: (alert: NodeErrorFacts, version: TlsVersion) => ErrorFacts;
  /** The library's error for a server that it refused itself. */
  readonly refuses: (own: NodeErrorFacts, version: TlsVersion) => ErrorFacts;
}

/** Defines the tests of one library: accepted, refused, refusing; the reason in its own error, by the matcher, and in the server's record. */
export function testLibrary(name: string, library: Library): void {
  const { startServer, startFailingServer, call } = library;

  describe.for(['TLSv1.3', 'TLSv1.2'] as const)(`${name} over %s`, (version) => {
    const versions = { minVersion: version, maxVersion: version } as const;

    test('presents the identity that it is given', async () => {
      await using server = await startServer({ identity: pki.server(), ...versions });

      const answer = await call(server, good.tls);
      const handshake = await server.nextHandshake();

      expect(answer).toBe('hello alice');
      expect(handshake).toBeAccepted();
      expect(handshake).toHaveClientCertificate({ commonName: 'alice' });
      expect(handshake.protocol).toBe(version);
    });

    test.for(badClients)('is refused with %s, and its error names the alert', async ([, identity, reason, alerts]) => {
      await using server = await startServer({ identity: pki.server(), ...versions });
      const alert = alerts[version];
      await call(server, good.tls);
      await server.nextHandshake();

      const calling = call(server, identity?.tls ?? { ca: pki.anchors });
      const error = await failureOf(calling);

      expect(errorFacts(error)).toEqual(library.refused(alertError[alert], version));
      await expect(calling).toFailHandshake({ by: 'server', alert });
      const handshake = await server.nextHandshake();
      expect(handshake).toBeRejected({ by: 'server', reason, alert });
      expect(handshake.clientCertificate?.commonName).toBe(identity?.name);
    });

    test.for(badServers)('refuses a server with %s, and its error has the reason', async ([, identity, own]) => {
      await using control = await startServer({ identity: pki.server(), ...versions });
      await using server = await startServer({ identity, trust: pki.anchors, ...versions });
      await call(control, good.tls);

      const calling = call(server, good.tls);
      const error = await failureOf(calling);

      expect(errorFacts(error)).toEqual(library.refuses(own, version));
      await expect(calling).toFailHandshake({ by: 'client', reason: own.code });
      const handshake: Handshake = await server.nextHandshake();
      expect(handshake).toBeRejected({ by: 'client' });
    });

    test('that is answered with a failure did not fail the handshake', async () => {
      await using server = await startFailingServer({ identity: pki.server(), ...versions });

      const outcome = await call(server, good.tls).catch((error: unknown) => error);

      expect(String(outcome), 'what the application answered').toMatch(/upstream failed|500/u);
      expect(handshakeFailure(outcome)).toBeUndefined();
      expect(await server.nextHandshake()).toBeAccepted();
    });
  });

  test(`${name} that finds no server did not fail the handshake`, async () => {
    const server = await startServer({ identity: pki.server() });
    const { port } = server;
    await server.close();

    const calling = call({ port }, good.tls);

    expect(handshakeFailure(await failureOf(calling))).toBeUndefined();
    await expect(expect(calling).toFailHandshake()).rejects.toThrow(/does not say that a handshake was refused/u);
  });
}

/** Node's alert errors differ where a request waits to be written when a TLS 1.2 handshake fails: then it is the write that failed. */
export function failedWrite({ message, ...alert }: NodeErrorFacts): NodeErrorFacts {
  return { ...alert, code: 'EPROTO', message: `write EPROTO ${message}` };
}

/** The answer of the servers here that fail: what a service says whose own upstream call was refused. */
export const relayedFailure =
  'upstream failed: error:0A000415:SSL routines:ssl3_read_bytes:ssl/tls alert certificate expired:SSL alert number 45';

async function failureOf(calling: Promise<unknown>): Promise<unknown> {
  return calling.then(
    (answer) => {
      throw new TypeError(`the call succeeded: ${String(answer)}`);
    },
    (error: unknown) => error,
  );
}

const past = new Date(Date.now() - 60_000);
const pki = createPki({ name: 'libraries' });
const otherPki = createPki({ name: 'other' });
const good = pki.client('alice');

type AlertName = keyof typeof alertError;

const both = <Alert extends AlertName>(alert: Alert): Readonly<Record<TlsVersion, Alert>> => ({ 'TLSv1.3': alert, 'TLSv1.2': alert });

/** Node's errors for the alerts, with OpenSSL's line in short: measured on Node 26.10 with OpenSSL 3.5. */
const alertError = {
  certificate_expired: nodeError(
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
    'openssl: ssl/tls alert certificate expired, SSL alert number 45',
  ),
  unknown_ca: nodeError('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'openssl: tlsv1 alert unknown ca, SSL alert number 48'),
  certificate_required: nodeError(
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'openssl: tlsv13 alert certificate required, SSL alert number 116',
  ),
  handshake_failure: nodeError('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'openssl: ssl/tls alert handshake failure, SSL alert number 40'),
} as const;

const badClients: readonly (readonly [string, Identity | undefined, string, Readonly<Record<TlsVersion, AlertName>>])[] = [
  ['an expired certificate', pki.client('old', { notAfter: past }), 'CERT_HAS_EXPIRED', both('certificate_expired')],
  ['a certificate of an unknown CA', otherPki.client('mallory').trusting(pki), 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', both('unknown_ca')],
  ['no certificate', undefined, 'PEER_DID_NOT_RETURN_A_CERTIFICATE', { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' }],
];

const badServers: readonly (readonly [string, Identity, NodeErrorFacts])[] = [
  ['an expired certificate', pki.server({ notAfter: past }), nodeError('CERT_HAS_EXPIRED', 'certificate has expired')],
  [
    'a certificate of an unknown CA',
    otherPki.server(),
    nodeError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'),
  ],
  [
    'a certificate for another host',
    pki.server({ dns: 'other.test', ip: [] }),
    nodeError(
      'ERR_TLS_CERT_ALTNAME_INVALID',
      "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:other.test",
    ),
  ],
];

function nodeError(code: string, message: string): NodeErrorFacts {
  return { name: 'Error', code, message };
}
