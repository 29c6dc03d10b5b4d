import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { intermediate } from '../../changes.ts';
import type { Change } from '../../credential-definition.ts';
import { rsaKey } from './shared-keys.ts';

/** OpenSSL's default security level refuses to load it: the presenter lowers the level. */
export function atSecurityLevel0(draft: CredentialDraft): void {
  draft.securityLevel = 0;
}

/** The leaf is issued by a CA with an RSA key, one of the scenario's own. */
export const rsaIssuer: Change = intermediate({ key: () => rsaKey(2048) });

/** A key on a curve, by OpenSSL's name. */
export function ecKey(namedCurve: string): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** The SubjectPublicKeyInfo of the same P-256 key with the parameters of the curve in place of its name (RFC 5480 2.1.1 forbids them). */
export function explicitSpki(key: KeyObject): Uint8Array {
  const named = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const explicit = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).privateKey);
  const template = explicit.export({ type: 'spki', format: 'der' });
  return Buffer.concat([template.subarray(0, template.length - pointLength), named.subarray(-pointLength)]);
}

/** Octets of an uncompressed point on P-256. */
const pointLength = 65;
