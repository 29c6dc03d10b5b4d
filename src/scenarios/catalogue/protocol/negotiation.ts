import type { AttemptOptions } from '../../../handshake/attempt/attempt-options.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { HandshakeTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import type { Stack } from '../scenario.ts';
import { accepted, byVersion, forServers, rejectedBy } from '../protocol-definition.ts';
import { everyCipher, uncommonCiphers } from './cipher-lists.ts';

/** Go 1.19 and GnuTLS 3.7 take TLS 1.0 by default; Go does not since 1.22. */
const olderStacks: readonly Stack[] = ['go', 'gnutls'];

/** What a client offers in its ClientHello: nothing that the server has, or less than usual. */
export const negotiation = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'tls10-only',
      title: 'a client that offers TLS 1.0 only',
      tier: 'core',
      reference: 'RFC 8996 2, 5; RFC 8446 6.2',
      differs: 'the only version offered is TLS 1.0',
      versionless: true,
      expected: rejectedBy('server', 'UNSUPPORTED_PROTOCOL', 'protocol_version'),
      acceptedBy: olderStacks,
      arrange: offering({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: everyCipher }),
    },
    {
      id: 'tls11-only',
      title: 'a client that offers TLS 1.1 only',
      tier: 'core',
      reference: 'RFC 8996 2, 5; RFC 8446 6.2',
      differs: 'the only version offered is TLS 1.1',
      versionless: true,
      expected: rejectedBy('server', 'UNSUPPORTED_PROTOCOL', 'protocol_version'),
      acceptedBy: olderStacks,
      arrange: offering({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: everyCipher }),
    },
    {
      id: 'tls12-only-client',
      title: 'a client that offers TLS 1.2 only',
      tier: 'control',
      reference: 'RFC 8446 4.1.2, D.1',
      differs: 'the only version offered is TLS 1.2',
      versions: ['TLSv1.2'],
      expected: accepted,
      arrange: offering({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
    },
    {
      id: 'tls13-only-client',
      title: 'a client that offers TLS 1.3 only',
      tier: 'control',
      reference: 'RFC 8446 4.2.1',
      differs: 'the only version offered is TLS 1.3',
      versions: ['TLSv1.3'],
      expected: accepted,
      arrange: offering({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }),
    },
    {
      id: 'no-shared-cipher',
      title: 'a client with which it has no cipher suite in common',
      tier: 'core',
      reference: 'RFC 8446 4.1.1; RFC 5246 7.4.1.3',
      differs: 'the cipher suites offered are TLS_AES_128_CCM_8_SHA256, in TLS 1.2 those without encryption',
      expected: rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      arrange: offering({ ciphers: uncommonCiphers }),
    },
    {
      id: 'no-shared-group',
      title: 'a client with which it has no key-exchange group in common',
      tier: 'core',
      reference: 'RFC 8446 4.1.1; RFC 8422 5.1',
      differs: 'the only group offered is brainpoolP256r1, with suites that need a group',
      expected: byVersion(
        rejectedBy('server', 'NO_SUITABLE_KEY_SHARE', 'handshake_failure'),
        rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      ),
      arrange: offering({ ecdhCurve: 'brainpoolP256r1tls13:brainpoolP256r1', ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE+AESGCM' }),
    },
    {
      id: 'no-shared-signature-scheme',
      title: 'a client for whose signature schemes it has no certificate',
      tier: 'core',
      reference: 'RFC 8446 4.2.3, 4.4.2.2; RFC 5246 7.4.1.4.1',
      differs: 'the only signature scheme offered is ed448',
      expected: byVersion(
        rejectedBy('server', 'NO_SUITABLE_SIGNATURE_ALGORITHM', 'handshake_failure'),
        rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      ),
      arrange: offering({ sigalgs: 'ed448' }),
    },
    {
      id: 'alpn-mismatch',
      title: 'a client with which it has no application protocol in common',
      tier: 'core',
      reference: 'RFC 7301 3.2',
      differs: 'the only ALPN protocol offered is one that nobody knows; judged where the server agrees to a known one',
      expected: rejectedBy('server', 'NO_APPLICATION_PROTOCOL', 'no_application_protocol'),
      arrange: (pki, valid) => ({
        ...offering({ ALPNProtocols: ['mtls-fixtures-unknown'] })(pki, valid),
        alpnControl: { identity: valid.client(pki), ALPNProtocols: [...knownProtocols] },
      }),
    },
    {
      id: 'alpn-absent',
      title: 'a client that names no application protocol',
      tier: 'varies',
      reference: 'RFC 7301 3.2',
      differs: 'no ALPN extension; judged where the server agrees to a known protocol',
      expected: accepted,
      arrange: (pki, valid) => ({
        ...offering({})(pki, valid),
        alpnControl: { identity: valid.client(pki), ALPNProtocols: [...knownProtocols] },
      }),
    },
  );

/** The valid client, with something else in its ClientHello. */
function offering(options: AttemptOptions): (pki: Pki, valid: ValidPeers) => HandshakeTrial {
  return (pki, valid) => ({ kind: 'handshake', options: { identity: valid.client(pki), ...options }, cutCounts: true });
}

/** Protocols of the registry that servers speak. */
const knownProtocols: readonly string[] = ['h2', 'http/1.1', 'http/1.0', 'postgresql', 'mqtt', 'imap', 'ftp', 'xmpp-client', 'dot'];
