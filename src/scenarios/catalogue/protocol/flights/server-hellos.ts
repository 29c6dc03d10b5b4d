import { forStacks } from '../../divergences.ts';
import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers whose ServerHello or HelloRetryRequest does not answer what the client has offered. */
export const serverHellos = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'hello-cipher-suite-not-offered',
          title: 'a ServerHello with a cipher suite that was not offered',
          differs: 'the server chooses a cipher suite of its version that is not in the ClientHello',
          references: [
            { rfc: 8446, section: '4.1.3' },
            { rfc: 5246, section: '7.4.1.3' },
          ],
          cwes: ['CWE-757'],
          severity: 'medium',
          answer: 'illegal_parameter',
        },
        {
          flight: 'hello-group-not-offered',
          title: 'a ServerHello with a group that was not offered',
          differs: 'the key share is of a group that is not in the ClientHello',
          references: [{ rfc: 8446, section: '4.2.8' }],
          cwes: ['CWE-757'],
          severity: 'medium',
          answer: 'illegal_parameter',
        },
        {
          flight: 'hello-session-id-not-echoed',
          tier: 'extended',
          title: 'a ServerHello with another session id',
          differs: "legacy_session_id_echo is not the client's",
          references: [{ rfc: 8446, section: '4.1.3' }],
          cwes: ['CWE-358'],
          answer: 'illegal_parameter',
          divergences: forStacks(['java', 'gnutls', 'rustls', 'erlang'], 'accepted'),
        },
        {
          flight: 'hello-compression',
          title: 'a ServerHello with compression',
          differs: 'the compression method is DEFLATE, which the client did not offer',
          references: [
            { rfc: 8446, section: '4.1.3' },
            { rfc: 5246, section: '7.4.1.3' },
          ],
          cwes: ['CWE-757'],
          severity: 'medium',
          answer: 'illegal_parameter',
          divergences: { erlang: { 'TLSv1.3': 'accepted' } },
        },
        {
          flight: 'hello-unsolicited-extension',
          tier: 'extended',
          title: 'a ServerHello with an extension that the client did not ask for',
          differs: 'the ServerHello has an extension that is not in the ClientHello',
          references: [
            { rfc: 8446, section: '4.2' },
            { rfc: 5246, section: '7.4.1.4' },
          ],
          cwes: ['CWE-20'],
          answer: 'unsupported_extension',
          divergences: forStacks(['go', 'java', 'gnutls', 'wolfssl', 'erlang', 'mbedtls'], { 'TLSv1.2': 'accepted' }),
        },
        {
          flight: 'hello-twice',
          title: 'a server that sends its ServerHello twice',
          differs: 'the ServerHello is sent two times in a row',
          references: [{ rfc: 5246, section: '7.4' }],
          cwes: ['CWE-358'],
          answer: 'unexpected_message',
        },
        {
          flight: 'hello-retry-request-twice',
          title: 'a server that sends a second HelloRetryRequest',
          differs: 'the second ClientHello is answered with the HelloRetryRequest again',
          references: [{ rfc: 8446, section: '4.1.4' }],
          cwes: ['CWE-358'],
          answer: 'unexpected_message',
        },
        {
          flight: 'hello-retry-request-unchanged',
          title: 'a HelloRetryRequest that asks for nothing else',
          differs: 'the HelloRetryRequest asks for a key share that the client has sent already',
          references: [{ rfc: 8446, section: '4.1.4' }],
          cwes: ['CWE-358'],
          answer: 'illegal_parameter',
          divergences: { gnutls: 'accepted' },
        },
        {
          flight: 'hello-retry-request-group-not-offered',
          title: 'a HelloRetryRequest for a group that was not offered',
          differs: 'the HelloRetryRequest asks for a key share of a group that is not in the ClientHello',
          references: [{ rfc: 8446, section: '4.2.8' }],
          cwes: ['CWE-757'],
          answer: 'illegal_parameter',
        },
        {
          flight: 'hello-wrong-renegotiation-info',
          title: 'a ServerHello that says that it renegotiates',
          differs: 'renegotiation_info of a first handshake holds the verify_data of another one',
          references: [{ rfc: 5746, section: '3.4' }],
          cves: ['CVE-2009-3555'],
          cwes: ['CWE-345'],
          severity: 'medium',
          answer: 'handshake_failure',
          divergences: { rustls: 'accepted' },
        },
      ] as const
    ).map(serverFlight),
  );
