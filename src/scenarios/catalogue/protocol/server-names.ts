import type { HandshakeTrial, ServerProtocolScenario } from '../protocol-scenario.ts';
import { accepted, byVersion, forServers, rejectedBy } from '../protocol-definition.ts';

const noCertificate = byVersion(
  rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
  rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'handshake_failure'),
);

/** The name that a client asks for. Whatever it is, it must not lead past the server's demand for a certificate. */
export const serverNames = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'sni-unknown',
      title: 'a client that asks for a name which the server does not have',
      tier: 'varies',
      reference: 'RFC 6066 3',
      differs: 'server_name is unknown.mtls-fixtures.test; a server may refuse it (unrecognized_name) or serve its default',
      expected: accepted,
      arrange: (pki, valid) => askingFor(unknownName, { identity: valid.client(pki) }),
    },
    {
      id: 'sni-unknown-without-certificate',
      title: 'a client without certificate that asks for a name which the server does not have',
      tier: 'core',
      reference: 'RFC 6066 3; class of CVE-2025-23048',
      differs: 'server_name is unknown.mtls-fixtures.test, and no client certificate is presented',
      expected: noCertificate,
      arrange: (pki) => askingFor(unknownName, { trust: pki.anchors }),
    },
    {
      id: 'sni-absent',
      title: 'a client that asks for no name',
      tier: 'control',
      reference: 'RFC 6066 3; RFC 8446 9.2',
      differs: 'no server_name extension',
      expected: accepted,
      arrange: (pki, valid) => askingFor('', { identity: valid.client(pki) }),
    },
    {
      id: 'sni-absent-without-certificate',
      title: 'a client without certificate that asks for no name',
      tier: 'core',
      reference: 'RFC 6066 3; class of CVE-2025-23048',
      differs: 'no server_name extension, and no client certificate is presented',
      expected: noCertificate,
      arrange: (pki) => askingFor('', { trust: pki.anchors }),
    },
    {
      id: 'sni-host-header-mismatch',
      title: "a request for another host than the handshake's",
      tier: 'varies',
      reference: 'RFC 9110 7.4, 15.5.20; class of CVE-2025-23048',
      differs: "the Host field of the request is another-tenant.mtls-fixtures.test, the handshake's server_name the server's own",
      expected: rejectedBy('server'),
      // It is the application that compares them: no HTTP server that was measured does so by itself.
      acceptedBy: ['node', 'openssl', 'gnutls', 'go', 'java'],
      arrange: (pki, valid) => ({ kind: 'request', identity: valid.client(pki), host: 'another-tenant.mtls-fixtures.test' }),
    },
  );

/** It is the server that judges here, so the client takes any certificate: a default context may have one of another name. */
function askingFor(servername: string, options: HandshakeTrial['options']): HandshakeTrial {
  return { kind: 'handshake', options: { ...options, servername, rejectUnauthorized: false }, cutCounts: true };
}

const unknownName = 'unknown.mtls-fixtures.test';
