import type { AttemptOptions } from '../../../handshake/attempt/attempt-options.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { HandshakeTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import type { Divergences } from '../divergences.ts';
import { accepted, byVersion, forServers, rejectedBy } from '../protocol-definition.ts';

/** What OpenSSL has at security level 0, without which it offers neither TLS 1.0 nor 1.1. */
const everyCipher = 'DEFAULT@SECLEVEL=0';

/** A suite of TLS 1.3 that no measured stack has on by default, and for TLS 1.2 those without encryption. OpenSSL counts all of them to security level 0. */
export const uncommonCiphers = 'TLS_AES_128_CCM_8_SHA256:eNULL@SECLEVEL=0';

/** Go 1.19 and GnuTLS 3.7 take TLS 1.0 by default; Go does not since 1.22. */
const olderStacks: Divergences = { go: 'accepted', gnutls: 'accepted' };

/** What a client offers in its ClientHello: nothing that the server has, or less than usual. */
export const negotiation = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'tls10-only',
      title: 'a client that offers TLS 1.0 only',
      tier: 'core',
      differs: 'the only version offered is TLS 1.0',
      references: [
        { rfc: 8996, section: '2' },
        { rfc: 8996, section: '5' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-327'],
      severity: 'medium',
      versionless: true,
      expected: rejectedBy('server', 'UNSUPPORTED_PROTOCOL', 'protocol_version'),
      divergences: olderStacks,
      arrange: offering({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: everyCipher }),
    },
    {
      id: 'tls11-only',
      title: 'a client that offers TLS 1.1 only',
      tier: 'core',
      differs: 'the only version offered is TLS 1.1',
      references: [
        { rfc: 8996, section: '2' },
        { rfc: 8996, section: '5' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-327'],
      severity: 'medium',
      versionless: true,
      expected: rejectedBy('server', 'UNSUPPORTED_PROTOCOL', 'protocol_version'),
      divergences: olderStacks,
      arrange: offering({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: everyCipher }),
    },
    {
      id: 'tls12-only-client',
      title: 'a client that offers TLS 1.2 only',
      tier: 'control',
      differs: 'the only version offered is TLS 1.2',
      references: [
        { rfc: 8446, section: '4.1.2' },
        { rfc: 8446, section: 'D.1' },
      ],
      versions: ['TLSv1.2'],
      expected: accepted,
      arrange: offering({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
    },
    {
      id: 'tls13-only-client',
      title: 'a client that offers TLS 1.3 only',
      tier: 'control',
      differs: 'the only version offered is TLS 1.3',
      references: [{ rfc: 8446, section: '4.2.1' }],
      versions: ['TLSv1.3'],
      expected: accepted,
      arrange: offering({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }),
    },
    {
      id: 'no-shared-cipher',
      title: 'a client with no cipher suite in common',
      tier: 'core',
      differs: 'the cipher suites offered are TLS_AES_128_CCM_8_SHA256, in TLS 1.2 those without encryption',
      references: [
        { rfc: 8446, section: '4.1.1' },
        { rfc: 5246, section: '7.4.1.3' },
      ],
      cwes: ['CWE-327'],
      severity: 'medium',
      expected: rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      arrange: offering({ ciphers: uncommonCiphers }),
    },
    {
      id: 'no-shared-group',
      title: 'a client with no key-exchange group in common',
      tier: 'core',
      differs: 'the only group offered is brainpoolP256r1, with suites that need a group',
      references: [
        { rfc: 8446, section: '4.1.1' },
        { rfc: 8422, section: '5.1' },
      ],
      expected: byVersion(
        rejectedBy('server', 'NO_SUITABLE_KEY_SHARE', 'handshake_failure'),
        rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      ),
      arrange: offering({ ecdhCurve: 'brainpoolP256r1tls13:brainpoolP256r1', ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE+AESGCM' }),
    },
    {
      id: 'no-shared-signature-scheme',
      title: 'a client with no signature scheme in common',
      tier: 'core',
      differs: 'the only signature scheme offered is ed448',
      references: [
        { rfc: 8446, section: '4.2.3' },
        { rfc: 8446, section: '4.4.2.2' },
        { rfc: 5246, section: '7.4.1.4.1' },
      ],
      expected: byVersion(
        rejectedBy('server', 'NO_SUITABLE_SIGNATURE_ALGORITHM', 'handshake_failure'),
        rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      ),
      arrange: offering({ sigalgs: 'ed448' }),
    },
    {
      id: 'alpn-mismatch',
      title: 'a client with no application protocol in common',
      tier: 'core',
      differs: 'the only ALPN protocol offered is unknown; judged where the server agrees to a known one',
      references: [{ rfc: 7301, section: '3.2' }],
      expected: rejectedBy('server', 'NO_APPLICATION_PROTOCOL', 'no_application_protocol'),
      arrange: (pki, valid) => ({
        ...offering({ ALPNProtocols: ['mtls-fixtures-unknown'] })(pki, valid),
        alpnControl: { identity: valid.client(pki), ALPNProtocols: [...knownProtocols] },
      }),
    },
    {
      id: 'alpn-absent',
      title: 'a client that offers no application protocol',
      tier: 'varies',
      differs: 'no ALPN extension; judged where the server agrees to a known protocol',
      references: [{ rfc: 7301, section: '3.2' }],
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
