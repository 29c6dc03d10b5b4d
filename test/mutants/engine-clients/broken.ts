import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';
import type { ClientUse, Mutant } from '../mutant.ts';
import { engineClient } from './engine-client.ts';

/** Clients on the test engine, each of which leaves out a check of what the server sends. */
export const brokenEngineClients: readonly Mutant<ClientUse>[] = [
  tls13('certificate-verify-required', 'It takes the Finished of a server that has not proved that it holds its key.', [
    'server-certificate-verify-left-out',
  ]),
  tls13('certificate-verify-signature', 'It does not look at the signature of CertificateVerify.', [
    'server-certificate-verify-truncated',
    'server-certificate-verify-empty-signature',
    'server-certificate-verify-other-transcript',
    'server-certificate-verify-client-context',
  ]),
  tls13('certificate-verify-transcript', 'It takes a signature over any part of the handshake.', [
    'server-certificate-verify-other-transcript',
  ]),
  tls13('signature-context', 'It takes a signature that a client would make.', ['server-certificate-verify-client-context']),
  tls13('signature-scheme-key', "It verifies by the certificate's key whatever scheme is named.", [
    'server-certificate-verify-pkcs1',
    'server-certificate-verify-other-curve',
    'server-certificate-verify-other-key-type',
  ]),
  {
    ...tls13('signature-scheme-offered', 'It verifies by any scheme that it knows, SHA-1 among them.', ['server-certificate-verify-sha1']),
    call: engineClient('TLSv1.3', { skipped: ['signature-scheme-offered', 'signature-scheme-key'] }),
  },
  tls13('certificate-context', 'It does not look at the context of a Certificate.', ['server-certificate-context-set']),
  tls13('message-order', 'It reads over messages that it does not expect.', ['server-certificate-request-twice']),
  {
    ...tls13('message-order', 'It reads over messages of a full handshake in one that resumes its session.', [
      'server-certificate-in-resumption',
      'server-certificate-request-in-resumption',
    ]),
    name: 'TLSv1.3 that resumes, without message-order',
    call: engineClient('TLSv1.3', { skipped: ['message-order'], resumes: true }),
  },
  tls13('message-shape', 'It does not look at what a message holds behind its fields.', ['server-certificate-trailing-octet']),
  tls13('unsolicited-extension', 'It reads over extensions that it did not ask for.', [
    'server-certificate-unsolicited-extension',
    'server-encrypted-extensions-unsolicited',
    'server-hello-unsolicited-extension',
  ]),
  tls13('key-boundary', 'It takes what is left of a record in the clear for the next message.', [
    'server-encrypted-extensions-with-server-hello',
  ]),
  tls13('hello-session-id', 'It does not compare the session id.', ['server-hello-session-id-not-echoed']),
  tls13('hello-compression', 'It does not look at the compression method.', ['server-hello-compression']),
  tls13('certificate-required', 'It takes a server that presents no certificate.', ['server-finished-alone', 'server-certificate-empty']),
  tls12('certificate-verify-signature', 'It does not look at the signature of ServerKeyExchange.', [
    'server-key-exchange-signature-truncated',
    'server-key-exchange-other-randoms',
  ]),
  tls12('signature-scheme-key', "It verifies by the certificate's key whatever scheme is named.", [
    'server-key-exchange-signature-of-other-key-type',
  ]),
  tls12('message-order', 'It reads over messages that it does not expect.', ['server-certificate-request-twice', 'server-hello-twice']),
  tls12('message-shape', 'It does not look at what a message holds behind its fields.', ['server-hello-done-with-content']),
  tls12('unsolicited-extension', 'It reads over extensions that it did not ask for.', ['server-hello-unsolicited-extension']),
  tls12('renegotiation-info', 'It does not look at renegotiation_info.', ['server-hello-wrong-renegotiation-info']),
  tls12('hello-compression', 'It does not look at the compression method.', ['server-hello-compression']),
];

type CaughtBy = readonly [string, ...string[]];

function tls13(check: PeerCheck, mistake: string, caughtBy: CaughtBy): Mutant<ClientUse> {
  return without(check, { version: 'TLSv1.3', mistake, caughtBy });
}

function tls12(check: PeerCheck, mistake: string, caughtBy: CaughtBy): Mutant<ClientUse> {
  return without(check, { version: 'TLSv1.2', mistake, caughtBy });
}

function without(
  check: PeerCheck,
  { version, ...rest }: { readonly version: 'TLSv1.3' | 'TLSv1.2'; readonly mistake: string; readonly caughtBy: CaughtBy },
): Mutant<ClientUse> {
  return {
    name: `${version} without ${check}`,
    versions: [version],
    isNarrow: true,
    call: engineClient(version, { skipped: [check] }),
    ...rest,
  };
}
