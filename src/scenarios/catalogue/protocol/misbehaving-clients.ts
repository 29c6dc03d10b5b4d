import type { ClientFault } from '../../../faults/client/client-fault.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ClientFaultTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import { accepted, byVersion, forServers, rejectedBy } from '../protocol-definition.ts';

/** Clients whose bytes are no TLS, too many, too slow, or too few. Whatever comes, the server ends the connection and goes on serving others. */
export const misbehavingClients = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'plaintext-http-to-tls',
      title: 'an HTTP request in the clear',
      tier: 'core',
      reference: 'RFC 8446 5.1',
      differs: 'the first bytes are an HTTP/1.1 request; it must not be served',
      versionless: true,
      expected: rejectedBy('server', 'HTTP_REQUEST'),
      arrange: fault('plaintext-http'),
    },
    {
      id: 'http-connect-to-tls-port',
      title: 'a request for a tunnel in the clear',
      tier: 'core',
      reference: 'RFC 8446 5.1; RFC 9110 9.3.6',
      differs: 'the first bytes are an HTTP CONNECT request',
      versionless: true,
      expected: rejectedBy('server', 'HTTPS_PROXY_REQUEST'),
      arrange: fault('http-connect'),
    },
    {
      id: 'garbage-first-flight',
      title: 'bytes that are no TLS',
      tier: 'core',
      reference: 'RFC 8446 5.1, 6.2',
      differs: 'the first bytes are no TLS record',
      versionless: true,
      expected: rejectedBy('server', 'WRONG_VERSION_NUMBER'),
      arrange: fault('garbage'),
    },
    {
      id: 'sslv2-hello',
      title: 'a ClientHello of SSL 2.0',
      tier: 'core',
      reference: 'RFC 6176 3',
      differs: 'the ClientHello is in the format of SSL 2.0',
      versionless: true,
      expected: rejectedBy('server', 'UNKNOWN_PROTOCOL', 'protocol_version'),
      arrange: fault('sslv2-hello'),
    },
    {
      id: 'app-data-before-handshake',
      title: 'application data before a handshake',
      tier: 'core',
      reference: 'RFC 8446 5, 6.2',
      differs: 'the first record holds application data',
      versionless: true,
      expected: rejectedBy('server', 'UNEXPECTED_MESSAGE', 'unexpected_message'),
      arrange: fault('application-data-first'),
    },
    {
      id: 'random-bytes-after-hello',
      title: 'bytes that are no TLS after the ClientHello',
      tier: 'extended',
      reference: 'RFC 8446 5.1, 6.2',
      differs: 'a ClientHello is followed by bytes that are no TLS record',
      expected: byVersion(
        rejectedBy('server', 'BAD_RECORD_TYPE', 'unexpected_message'),
        rejectedBy('server', 'WRONG_VERSION_NUMBER', 'protocol_version'),
      ),
      // Java 17 takes them for the beginning of a longer record, and waits for the rest.
      acceptedBy: [{ stack: 'java', version: 'TLSv1.2' }],
      arrange: fault('random-bytes-after-hello'),
    },
    {
      id: 'oversized-record',
      title: 'a record that is too long',
      tier: 'core',
      reference: 'RFC 8446 5.1, 5.2; RFC 5246 6.2.1, 6.2.3',
      differs: 'the first record is longer than any version of TLS allows',
      versionless: true,
      expected: rejectedBy('server', 'DATA_LENGTH_TOO_LONG', 'record_overflow'),
      arrange: fault('oversized-record'),
    },
    {
      id: 'connect-and-close',
      title: 'a client that connects and leaves',
      tier: 'core',
      reference: 'RFC 8446 6.1',
      differs: 'the stream ends without a byte, as with a health check',
      versionless: true,
      expected: rejectedBy('client'),
      arrange: fault('connect-and-close'),
    },
    {
      id: 'truncated-client-hello',
      title: 'half a ClientHello',
      tier: 'core',
      reference: 'RFC 8446 6.1',
      differs: 'the stream ends in the middle of the ClientHello',
      expected: rejectedBy('client'),
      arrange: fault('truncated-client-hello'),
    },
    {
      id: 'stalled-handshake',
      title: 'a client that falls silent in the handshake',
      tier: 'varies',
      reference: 'RFC 9325 7.5; slow handshakes exhaust servers',
      differs: "the ClientHello stops in the middle and nothing follows; the server's time-out has to be shorter than the test's",
      expected: rejectedBy('server', 'HANDSHAKE_TIMEOUT'),
      arrange: fault('stalled-handshake'),
    },
    {
      id: 'close-after-client-hello',
      title: 'a client that leaves after its ClientHello',
      tier: 'core',
      reference: 'RFC 8446 6.1',
      differs: 'the stream ends after the ClientHello',
      expected: rejectedBy('client'),
      arrange: fault('close-after-client-hello'),
    },
    {
      id: 'reset-mid-handshake',
      title: 'a client that resets the connection in the handshake',
      tier: 'core',
      reference: 'RFC 9293 3.5.3',
      differs: 'the connection is reset after the ClientHello',
      expected: rejectedBy('client'),
      arrange: fault('reset-after-client-hello'),
    },
    {
      id: 'half-close',
      title: 'a client that leaves without a goodbye',
      tier: 'varies',
      reference: 'RFC 8446 6.1',
      differs: 'after a complete handshake the stream ends without close_notify; the server is to end its side too',
      expected: rejectedBy('client'),
      arrange: fault('half-close'),
    },
    {
      id: 'one-byte-at-a-time',
      title: 'a client whose bytes come one at a time',
      tier: 'control',
      reference: 'RFC 8446 5.1; RFC 9293 3.7.2',
      differs: 'every octet of a valid client is sent on its own',
      expected: accepted,
      arrange: fault('one-byte-at-a-time'),
    },
  );

/** A valid identity for the real client behind some faults: nothing but the fault is wrong. */
function fault(kind: Exclude<ClientFault['kind'], 'warning-alert-flood'>): (pki: Pki, valid: ValidPeers) => ClientFaultTrial {
  return (pki, valid) => ({ kind: 'client-fault', fault: { kind }, identity: valid.client(pki) });
}
