import { accepted, byVersion, rejectedBy } from '../protocol-definition.ts';
import { forReloads } from './reload-definition.ts';
import type { ReloadScenario } from './reload-scenario.ts';

/** Files that are replaced by others which are as good. */
export const reloads = (): readonly ReloadScenario[] =>
  forReloads(
    'reload',
    {
      id: 'after-reload-new-key',
      title: 'the valid client with the renewed certificate, within the bound',
      differs: "the server's key and certificate were replaced, and it has reloaded",
      tier: 'core',
      references: [],
      trial: { kind: 'reloaded', change: 'key', client: 'valid' },
      expected: accepted,
    },
    {
      id: 'after-reload-new-anchor',
      title: 'a client of the new anchors after a reload',
      differs: 'the file of trust anchors holds those of another PKI since',
      tier: 'core',
      references: [],
      trial: { kind: 'reloaded', change: 'anchors', client: 'valid' },
      expected: accepted,
    },
    {
      id: 'after-reload-old-anchor',
      title: 'a client of the old anchors after a reload',
      differs: 'its CA is no longer in the file of trust anchors',
      tier: 'core',
      references: [
        { rfc: 5280, section: '6.1' },
        { rfc: 8446, section: '4.4.2.4' },
      ],
      cwes: ['CWE-296'],
      severity: 'critical',
      trial: { kind: 'reloaded', change: 'anchors', client: 'old-anchor' },
      expected: rejectedBy('server', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
    },
    {
      id: 'after-reload-without-certificate',
      title: 'a client without certificate after a reload',
      differs: 'no client certificate is presented, to a server that has reloaded',
      tier: 'core',
      references: [
        { rfc: 8446, section: '4.4.2.4' },
        { document: 'quarkusio/quarkus', section: '#55130' },
        { document: 'nginx/nginx-gateway-fabric', section: '#5332' },
      ],
      cwes: ['CWE-306'],
      severity: 'critical',
      trial: { kind: 'reloaded', change: 'key', client: 'without-certificate' },
      expected: byVersion(
        rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
        rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'handshake_failure'),
      ),
    },
    {
      id: 'after-reload-open-connection',
      title: 'the rest of a request that was begun before a reload',
      differs: 'the server reloads in the middle of a request',
      tier: 'core',
      references: [],
      trial: { kind: 'open-connection', change: 'key', state: 'in-request' },
      expected: accepted,
    },
    {
      id: 'after-reload-revoked',
      title: 'a client that is on the CRL since a reload',
      differs: "its certificate is on the CRL that was put in the old one's place",
      tier: 'core',
      references: [{ rfc: 5280, section: '6.3' }],
      cves: ['CVE-2026-53434'],
      cwes: ['CWE-299'],
      severity: 'high',
      needsCrl: true,
      trial: { kind: 'reloaded', change: 'crl', client: 'revoked' },
      expected: rejectedBy('server', 'CERT_REVOKED', 'certificate_revoked'),
    },
    {
      id: 'after-reload-under-load',
      title: 'every client that connects during twenty reloads',
      differs: 'the files are replaced twenty times while clients connect without a pause',
      tier: 'core',
      references: [],
      trial: { kind: 'under-load', reloads: 20 },
      expected: accepted,
    },
  );
