import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers of TLS 1.2 whose key exchange is not signed as it has to be, or whose messages are out of place. */
export const serverKeyExchanges = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'key-exchange-left-out',
          title: 'a server that leaves out its ServerKeyExchange',
          differs: 'the cipher suite is one of ECDHE, and CertificateRequest follows the Certificate',
          references: [
            { rfc: 5246, section: '7.4.3' },
            { rfc: 8422, section: '5.4' },
          ],
          cves: ['CVE-2014-3572'],
          cwes: ['CWE-306'],
          severity: 'high',
          answer: 'unexpected_message',
        },
        {
          flight: 'key-exchange-unsigned',
          title: 'a ServerKeyExchange without a signature',
          differs: 'the ServerKeyExchange ends after the public key, as that of an anonymous key exchange',
          references: [
            { rfc: 5246, section: '7.4.3' },
            { rfc: 8422, section: '5.4' },
          ],
          cwes: ['CWE-306'],
          severity: 'critical',
          answer: 'decode_error',
        },
        {
          flight: 'key-exchange-md5',
          title: 'a ServerKeyExchange signed with MD5',
          differs: 'the server signs with MD5, which the client did not offer',
          references: [
            { rfc: 5246, section: '7.4.3' },
            { rfc: 9155, section: '4' },
          ],
          cves: ['CVE-2015-7575'],
          cwes: ['CWE-328'],
          severity: 'medium',
          answer: 'illegal_parameter',
          divergences: { erlang: 'accepted' },
        },
        {
          flight: 'key-exchange-signature-of-other-key-type',
          title: 'a ServerKeyExchange by the scheme of another kind of key',
          differs: 'the scheme is one of RSA where the certificate has a key of ECDSA, or the other way round',
          references: [
            { rfc: 5246, section: '7.4.3' },
            { rfc: 8422, section: '5.4' },
          ],
          cwes: ['CWE-347'],
          severity: 'high',
          answer: 'illegal_parameter',
          divergences: { erlang: 'accepted' },
        },
        {
          flight: 'key-exchange-signature-truncated',
          title: 'a ServerKeyExchange whose signature lacks its last octet',
          differs: "the last octet of the server's signature is left out; the lengths are right",
          references: [{ rfc: 5246, section: '7.2.2' }],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'decrypt_error',
        },
        {
          flight: 'key-exchange-other-randoms',
          title: 'a ServerKeyExchange of another handshake',
          differs: "the server's signature is over other randoms than those of the two hellos, as one that was recorded elsewhere",
          references: [
            { rfc: 5246, section: '7.4.3' },
            { rfc: 8422, section: '5.4' },
          ],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'decrypt_error',
        },
        {
          flight: 'key-exchange-curve-not-offered',
          title: 'a ServerKeyExchange on a curve that was not offered',
          differs: 'the server names a curve that is not in the ClientHello',
          references: [{ rfc: 8422, section: '5.4' }],
          cwes: ['CWE-757'],
          severity: 'medium',
          answer: 'illegal_parameter',
        },
        {
          flight: 'change-cipher-spec-early',
          title: 'a ChangeCipherSpec right after the ServerHello',
          differs: 'ChangeCipherSpec comes before any key has been agreed on',
          references: [{ rfc: 5246, section: '7.1' }],
          cves: ['CVE-2014-0224'],
          cwes: ['CWE-326'],
          severity: 'high',
          answer: 'unexpected_message',
        },
        {
          flight: 'finished-in-the-clear',
          title: 'a Finished in the clear, without ChangeCipherSpec',
          differs: "the server's ChangeCipherSpec is left out, and its Finished is not encrypted",
          references: [
            { rfc: 5246, section: '7.4.9' },
            { rfc: 5246, section: '7.1' },
          ],
          cwes: ['CWE-319'],
          severity: 'high',
          answer: 'unexpected_message',
        },
        {
          flight: 'hello-done-with-content',
          title: 'a ServerHelloDone with content',
          differs: 'the ServerHelloDone, which is empty, has one octet',
          references: [
            { rfc: 5246, section: '7.4.5' },
            { rfc: 5246, section: '7.2.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'decode_error',
        },
      ] as const
    ).map(serverFlight),
  );
