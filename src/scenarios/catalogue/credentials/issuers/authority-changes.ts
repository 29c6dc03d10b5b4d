import type { Side } from '../../../../wire/tap/capture.ts';
import { basicConstraints, extendedKeyUsage, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import type { CertificateFields } from '../../changes.ts';

/** The extendedKeyUsage of a role. */
export function purpose(role: Side): Extension {
  return extendedKeyUsage([role === 'client' ? 'clientAuth' : 'serverAuth']);
}

/** The other role. */
export function otherThan(role: Side): Side {
  return role === 'client' ? 'server' : 'client';
}

/** basicConstraints says that it is not a CA. */
export const notCa: CertificateFields = { extend: [basicConstraints({ ca: false })] };

/** No CA may be below it. */
export const pathLengthZero: CertificateFields = { extend: [basicConstraints({ ca: true, pathLength: 0 })] };

/** Its key may not sign certificates. */
export const signsCrlsOnly: CertificateFields = { extend: [keyUsage(['cRLSign'])] };

/** Version 1 has no extensions. */
export const versionOne: CertificateFields = { version: 1, extensions: [] };

/** It has neither basicConstraints nor keyUsage. */
export const withoutAuthority: CertificateFields = { omit: [oid.basicConstraints, oid.keyUsage] };
