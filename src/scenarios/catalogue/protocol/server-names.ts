import type { HandshakeTrial, ServerProtocolScenario } from '../protocol-scenario.ts';
import { forStacks } from '../divergences.ts';
import { accepted, forServers, noCertificate, rejectedBy } from '../protocol-definition.ts';

/** The name that a client asks for. Whatever it is, the server still has to require a certificate. */
export const serverNames = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'sni-unknown',
      at: 'default',
      title: 'a client that asks for a name which the server does not have',
      tier: 'varies',
      differs: 'server_name is unknown.mtls-fixtures.test; a server may refuse it (unrecognized_name) or serve its default',
      references: [{ rfc: 6066, section: '3' }],
      cves: ['CVE-2026-21637'],
      expected: accepted,
      arrange: (pki, valid) => askingFor(unknownName, { identity: valid.client(pki) }),
    },
    {
      id: 'sni-unknown-without-certificate',
      at: 'default',
      title: 'a client without certificate that asks for a name which the server does not have',
      tier: 'core',
      differs: 'server_name is unknown.mtls-fixtures.test, and no client certificate is presented',
      references: [{ rfc: 6066, section: '3' }],
      cves: ['CVE-2025-23048'],
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: (pki) => askingFor(unknownName, { trust: pki.anchors }),
    },
    {
      id: 'sni-absent',
      at: 'default',
      title: 'a client that asks for no name',
      tier: 'control',
      differs: 'no server_name extension',
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 8446, section: '9.2' },
      ],
      expected: accepted,
      arrange: (pki, valid) => askingFor('', { identity: valid.client(pki) }),
    },
    {
      id: 'sni-absent-without-certificate',
      at: 'default',
      title: 'a client without certificate that asks for no name',
      tier: 'core',
      differs: 'no server_name extension, and no client certificate is presented',
      references: [{ rfc: 6066, section: '3' }],
      cves: ['CVE-2025-23048'],
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: (pki) => askingFor('', { trust: pki.anchors }),
    },
    {
      id: 'sni-host-header-mismatch',
      title: "a request for another host than the handshake's",
      tier: 'varies',
      differs: "the Host field of the request is another-tenant.mtls-fixtures.test, the handshake's server_name the server's own",
      references: [
        { rfc: 9110, section: '7.4' },
        { rfc: 9110, section: '15.5.20' },
      ],
      cves: ['CVE-2025-23048'],
      cwes: ['CWE-863'],
      severity: 'medium',
      expected: rejectedBy('server'),
      // It is the application that compares them: no HTTP server that was measured does so by itself.
      divergences: forStacks(['node', 'openssl', 'gnutls', 'go', 'java'], 'accepted'),
      arrange: (pki, valid) => ({ kind: 'request', identity: valid.client(pki), host: 'another-tenant.mtls-fixtures.test' }),
    },
  );

/** It is the server that judges here, so the client takes any certificate: a default context may have one of another name. */
function askingFor(servername: string, options: HandshakeTrial['options']): HandshakeTrial {
  return { kind: 'handshake', options: { ...options, servername, rejectUnauthorized: false }, cutCounts: true };
}

const unknownName = 'unknown.mtls-fixtures.test';
