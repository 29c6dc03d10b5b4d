import { decodePem } from '../../asn1/pem.ts';
import type tls from 'node:tls';
import type { Identity } from '../../pki/identity.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from './trust.ts';

/** What a rotation replaces of one name of a server; what is left out stays as it is. */
export interface RotatedCredentials {
  readonly identity?: Identity | undefined;
  readonly trust?: Trust | undefined;
  /** An empty list: no CRLs are checked any more. */
  readonly crl?: RevocationLists | undefined;
}

/** Node's options with these in place of those before, and the anchors where they are replaced: with an identity come its own. */
export function rotatedContext(
  before: tls.SecureContextOptions,
  { identity, trust, crl }: RotatedCredentials,
  who: string,
): { readonly context: tls.SecureContextOptions; readonly trust: string | undefined } {
  const ca = trust !== undefined || identity ? anchorsPem(trust ?? identity?.anchors ?? '', () => who) : undefined;
  const context = {
    ...before,
    ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    ...(ca !== undefined && { ca }),
    ...(crl !== undefined && { crl: crlList(crl) }),
  };
  return { context, trust: ca };
}

/** PEM of the anchors that an identity brings along; undefined for none. */
export function ownAnchors(identity: Identity | undefined): string | undefined {
  return identity && identity.anchors !== '' ? identity.anchors : undefined;
}

/** DER of what an identity presents, the leaf first. */
export function chainOf(identity: Identity): Uint8Array[] {
  return decodePem(identity.chainPem).map(({ der }) => der);
}

/** The CRLs among Node's options, where they are texts. */
export function listsOf({ crl }: tls.SecureContextOptions): readonly string[] | undefined {
  return Array.isArray(crl) && crl.every((list) => typeof list === 'string') ? crl : undefined;
}
