import { createPki, type Pki } from '../../../pki/pki.ts';
import type { ClientProtocolScenario } from '../protocol-scenario.ts';
import { uncommonCiphers } from './negotiation.ts';
import { accepted, forClients, rejectedBy } from '../protocol-definition.ts';

/** Servers that ask for a client certificate or not, and one with which a client cannot agree on a cipher suite. */
export const clientCertificateRequests = (): readonly ClientProtocolScenario[] =>
  forClients(
    {
      id: 'presents-its-certificate',
      title: 'a server that requires a client certificate',
      tier: 'control',
      differs: 'the server accepts only clients that present their certificate',
      references: [
        { rfc: 8446, section: '4.3.2' },
        { rfc: 8446, section: '4.4.2' },
      ],
      cves: ['CVE-2026-9697'],
      expected: accepted,
      arrange: (pki, valid) => ({
        kind: 'peer',
        identity: valid.server(pki),
        options: { clientAuth: 'require' },
        judged: 'verdict',
        presents: 'own',
      }),
    },
    {
      id: 'certificate-request-ca-names',
      title: 'a server that asks for a certificate of other authorities',
      tier: 'varies',
      differs: "the CertificateRequest names another root only; the client may present nothing or its own, never another client's",
      references: [
        { rfc: 8446, section: '4.2.4' },
        { rfc: 8446, section: '4.4.2.3' },
        { rfc: 5246, section: '7.4.4' },
      ],
      expected: accepted,
      arrange: (pki, valid) => ({
        kind: 'peer',
        identity: valid.server(pki),
        options: { clientAuth: 'request', trust: anotherPki().anchors },
        judged: 'verdict',
        presents: 'own-or-none',
      }),
    },
    {
      id: 'server-asks-no-certificate',
      title: 'a server that asks for no certificate',
      tier: 'varies',
      differs: 'the server sends no CertificateRequest; a client may refuse a server that does not authenticate it',
      references: [{ rfc: 8446, section: '4.3.2' }],
      expected: accepted,
      arrange: (pki, valid) => ({
        kind: 'peer',
        identity: valid.server(pki),
        options: { clientAuth: 'none' },
        judged: 'verdict',
        presents: 'none',
      }),
    },
    {
      id: 'certificate-sent-to-untrusted-server',
      title: 'a server that is not trusted and asks for a certificate',
      tier: 'varies',
      differs: "the server's root is unknown, and it asks for a certificate; what is judged is whether the client sends its own",
      references: [
        { rfc: 8446, section: '4.4.2.4' },
        { rfc: 8446, section: 'E.1.4' },
      ],
      cwes: ['CWE-201'],
      severity: 'low',
      expected: rejectedBy('client'),
      // In TLS 1.3 Node.js looks at the server's certificate before its own has left (measured on 26.10).
      divergences: { node: { 'TLSv1.2': 'accepted' } },
      arrange: (_pki, valid) => ({
        kind: 'peer',
        identity: valid.server(anotherPki()),
        options: { clientAuth: 'request' },
        judged: 'disclosure',
      }),
    },
    {
      id: 'no-shared-cipher-client',
      title: 'a server with no cipher suite in common',
      tier: 'core',
      differs: 'the only suites of the server are TLS_AES_128_CCM_8_SHA256, in TLS 1.2 those without encryption',
      references: [
        { rfc: 8446, section: '4.1.1' },
        { rfc: 5246, section: '7.4.1.3' },
      ],
      cwes: ['CWE-327'],
      severity: 'medium',
      expected: rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      arrange: (pki, valid) => ({ kind: 'peer', identity: valid.server(pki), options: { ciphers: uncommonCiphers }, judged: 'verdict' }),
    },
  );

function anotherPki(): Pki {
  return createPki({ name: 'another authority' });
}
