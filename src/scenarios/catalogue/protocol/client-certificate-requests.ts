import { createPki, type Pki } from '../../../pki/pki.ts';
import type { ClientProtocolScenario } from '../protocol-scenario.ts';
import { uncommonCiphers } from './cipher-lists.ts';
import { accepted, forClients, rejectedBy } from '../protocol-definition.ts';

/** Whom a client shows its certificate, and a server with which it cannot agree. */
export const clientCertificateRequests = (): readonly ClientProtocolScenario[] =>
  forClients(
    {
      id: 'presents-its-certificate',
      title: 'a server that insists on a client certificate',
      tier: 'control',
      reference: 'RFC 8446 4.3.2, 4.4.2',
      differs: 'the server lets in only clients that present their certificate',
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
      reference: 'RFC 8446 4.2.4, 4.4.2.3; RFC 5246 7.4.4',
      differs: "the CertificateRequest names another root only; the client may present nothing or its own, never somebody else's",
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
      reference: 'RFC 8446 4.3.2',
      differs: 'the server sends no CertificateRequest; a client may refuse to talk to one that does not know it',
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
      title: 'to show its certificate to a server that it does not trust',
      tier: 'varies',
      reference: 'RFC 8446 4.4.2.4, E.1.4',
      differs: "the server's root is unknown, and it asks for a certificate; judged is whether it gets to see the client's",
      expected: rejectedBy('client'),
      // In TLS 1.3 Node.js looks at the server's certificate before its own has left (measured on 26.10).
      acceptedBy: [{ stack: 'node', version: 'TLSv1.2' }],
      arrange: (_pki, valid) => ({
        kind: 'peer',
        identity: valid.server(anotherPki()),
        options: { clientAuth: 'request' },
        judged: 'disclosure',
      }),
    },
    {
      id: 'no-shared-cipher-client',
      title: 'a server with which it has no cipher suite in common',
      tier: 'core',
      reference: 'RFC 8446 4.1.1; RFC 5246 7.4.1.3',
      differs: 'the only suites of the server are TLS_AES_128_CCM_8_SHA256, in TLS 1.2 those without encryption',
      expected: rejectedBy('server', 'NO_SHARED_CIPHER', 'handshake_failure'),
      arrange: (pki, valid) => ({ kind: 'peer', identity: valid.server(pki), options: { ciphers: uncommonCiphers }, judged: 'verdict' }),
    },
  );

function anotherPki(): Pki {
  return createPki({ name: 'another authority' });
}
