import { createPki, type Pki } from '../../../pki/pki.ts';
import type { CallMaterial, ClientProtocolScenario, TwoCallsTrial, ValidPeers } from '../protocol-scenario.ts';
import { accepted, forClients, rejectedBy } from '../protocol-definition.ts';

/** Two calls of one client, of which the second is judged: what it keeps from the first must not answer for the second. */
export const twoCalls = (): readonly ClientProtocolScenario[] =>
  forClients(
    {
      id: 'client-swaps-certificate-on-one-agent',
      title: 'a second call with the certificate of another client',
      tier: 'control',
      differs: 'the second call has another key and certificate; it needs a connection and a session of its own',
      references: [
        { rfc: 8446, section: '4.4.2' },
        { rfc: 8446, section: '2.2', note: 'a resumed session keeps the identity of the first' },
      ],
      cves: ['CVE-2026-8932', 'CVE-2026-56850'],
      cwes: ['CWE-287'],
      severity: 'high',
      calls: 2,
      expected: accepted,
      arrange: (pki, valid) => ({
        ...twice(pki, valid, { client: pki.client('another client') }),
        judged: 'identity',
      }),
    },
    {
      id: 'client-certificate-reloaded',
      title: 'a second call with a renewed certificate, when the connections of the first have ended',
      tier: 'control',
      differs:
        'the second call has a new key and certificate of the same name, and the server has ended the connections of the first and forgotten its sessions',
      references: [{ rfc: 8446, section: '4.4.2' }],
      cwes: ['CWE-298'],
      severity: 'medium',
      calls: 2,
      expected: accepted,
      arrange: (pki, valid) => ({
        ...twice(pki, valid, { client: pki.client() }),
        between: 'connections-end',
        judged: 'identity',
      }),
    },
    {
      id: 'client-reuses-session-for-other-name',
      title: 'a second call that asks the same server for a name which it does not have',
      tier: 'core',
      differs: 'the second call asks for 127.0.0.1, which is not in the certificate; a connection or session of localhost is open to reuse',
      references: [
        { rfc: 9525, section: '6.1' },
        { rfc: 8446, section: '4.6.1', note: 'the certificate of the session has to be valid for the name' },
      ],
      cves: ['CVE-2026-48934', 'CVE-2026-58040'],
      cwes: ['CWE-297'],
      severity: 'high',
      calls: 2,
      expected: rejectedBy('client', 'ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate'),
      arrange: (pki, valid) => ({
        ...twice(pki, valid, { host: '127.0.0.1' }),
        identity: valid.server(pki, { dns: ['localhost'], ip: [] }),
      }),
    },
    {
      id: 'client-reuses-session-after-trust-change',
      title: 'a second call that trusts another root',
      tier: 'core',
      differs: "the second call does not trust the server's root any more; a connection or session from before is open to reuse",
      references: [
        { rfc: 8446, section: '2.2' },
        { rfc: 8446, section: '4.6.1' },
      ],
      cves: ['CVE-2022-27782'],
      cwes: ['CWE-295', 'CWE-613'],
      severity: 'high',
      calls: 2,
      expected: rejectedBy('client', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
      arrange: (pki, valid) => twice(pki, valid, { trust: createPki({ name: 'another authority' }).anchors }),
    },
    {
      id: 'client-holds-serverauth-only',
      title: 'a second call with a certificate that is not for clients',
      tier: 'varies',
      differs: "extendedKeyUsage of the second call's certificate has serverAuth only; a client presents it, or reports that it does not",
      references: [
        { rfc: 5280, section: '4.2.1.12' },
        { rfc: 8446, section: '4.4.2.3', note: 'what is sent should be appropriate' },
      ],
      calls: 2,
      expected: accepted,
      arrange: (pki, valid) => ({
        ...twice(pki, valid, { client: pki.client('another client', { extendedKeyUsage: ['serverAuth'] }) }),
        judged: 'silence',
      }),
    },
    {
      id: 'server-renegotiates-other-certificate',
      title: 'a server that renegotiates with the certificate of another host',
      tier: 'core',
      differs: 'in the second call the server renegotiates before it answers, and presents a certificate for other.example.test',
      references: [
        { rfc: 7627, section: '1', note: 'the peer may change in a renegotiation' },
        { rfc: 9325, section: '3.5' },
      ],
      cves: ['CVE-2026-87018'],
      cwes: ['CWE-297'],
      severity: 'medium',
      versions: ['TLSv1.2'],
      calls: 2,
      expected: rejectedBy('client', 'ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate'),
      // It compares names itself, in the first handshake of a connection alone (measured on 7.88 with OpenSSL).
      divergences: { curl: 'accepted' },
      arrange: (pki, valid) => ({
        kind: 'renegotiation-by-server',
        identity: valid.server(pki),
        second: valid.server(pki, { dns: ['other.example.test'], ip: [] }),
      }),
    },
  );

/** Two calls that differ in one respect. */
function twice(pki: Pki, valid: ValidPeers, second: Partial<CallMaterial>): TwoCallsTrial {
  const first: CallMaterial = { client: pki.client(), trust: pki.anchors, host: 'localhost' };
  return {
    kind: 'two-calls',
    identity: valid.server(pki),
    first,
    second: { ...first, ...second },
    between: 'nothing',
    judged: 'verdict',
  };
}
