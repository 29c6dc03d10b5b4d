import { generateKeyPairSync } from 'node:crypto';
import { encodePem } from '../../asn1/pem.ts';
import type { Authority } from '../../pki/authority.ts';
import type { Pki } from '../../pki/pki.ts';
import { subjectAltName } from '../../x509/extensions.ts';
import { uriName } from '../../x509/names/general-name.ts';
import type { X509SvidResponse } from '../protocol/messages.ts';
import { derOf } from './domain-authorities.ts';

/**
 * What can be wrong with the messages of `FetchX509SVID`; `empty-bundle` also with those of `FetchX509Bundles`. `no-svids`: none at all; `empty-bundle`, `empty-key`: a mandatory field without
 * a byte (Workload API 5.2.1); `key-of-another`: another key than that of the leaf; `issuer-first`: a root before the leaf; `pem`: PEM in place of DER; `truncated`: the certificates are cut
 * off; `trailing-bytes`: bytes that are not a certificate follow them; `ca-flag`: the leaf is a CA by its basicConstraints; `cert-sign`: its keyUsage has keyCertSign. The last two have
 * the id and the key of the leaf, and are issued by the newest root.
 */
export type MessageDamage =
  | 'no-svids'
  | 'empty-bundle'
  | 'empty-key'
  | 'key-of-another'
  | 'issuer-first'
  | 'pem'
  | 'truncated'
  | 'trailing-bytes'
  | 'ca-flag'
  | 'cert-sign';

/** Their names. */
export const messageDamages: readonly MessageDamage[] = [
  'no-svids',
  'empty-bundle',
  'empty-key',
  'key-of-another',
  'issuer-first',
  'pem',
  'truncated',
  'trailing-bytes',
  'ca-flag',
  'cert-sign',
];

/** A message with the damage in each of its SVIDs. */
export function damagedResponse(response: X509SvidResponse, damage: MessageDamage, { issuer }: Pki): X509SvidResponse {
  if (damage === 'no-svids') return { ...response, svids: [] };
  return { ...response, svids: response.svids.map((svid) => ({ ...svid, ...changes[damage](svid, issuer) })) };
}

type Svid = X509SvidResponse['svids'][number];

const changes: Readonly<Record<Exclude<MessageDamage, 'no-svids'>, (svid: Svid, issuer: Authority) => Partial<Svid>>> = {
  'empty-bundle': () => ({ bundle: Buffer.alloc(0) }),
  'empty-key': () => ({ key: Buffer.alloc(0) }),
  'key-of-another': () => ({
    key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' }),
  }),
  'issuer-first': ({ certificates, bundle }) => ({ certificates: Buffer.concat([bundle, certificates]) }),
  pem: ({ certificates }) => ({ certificates: Buffer.from(encodePem('CERTIFICATE', certificates)) }),
  truncated: ({ certificates }) => ({ certificates: certificates.subarray(0, certificates.length / 2) }),
  'trailing-bytes': ({ certificates }) => ({ certificates: Buffer.concat([certificates, Buffer.from([0x30, 0x03, 0x02, 0x01])]) }),
  'ca-flag': ({ spiffeId, key }, issuer) => {
    const extensions = [subjectAltName([uriName(spiffeId)], false)];
    const authority = issuer.issueAuthority({ ...usual, key: encodePem('PRIVATE KEY', key), keyUsage: ['digitalSignature'], extensions });
    return { certificates: derOf(authority.chainPem) };
  },
  'cert-sign': ({ spiffeId, key }, issuer) => {
    const keyUsage = ['digitalSignature', 'keyCertSign'] as const;
    return { certificates: derOf(issuer.issue({ ...usual, key: encodePem('PRIVATE KEY', key), uri: spiffeId, keyUsage }).chainPem) };
  },
};

const usual = { commonName: 'workload', extendedKeyUsage: ['serverAuth', 'clientAuth'] } as const;
