import type { Side } from '../../../../wire/tap/capture.ts';
import { basicConstraints, extendedKeyUsage, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import type { CertificateDraft } from '../../../drafts/certificate-draft.ts';

/** The extendedKeyUsage of a role. */
export function purpose(role: Side): Extension {
  return extendedKeyUsage([role === 'client' ? 'clientAuth' : 'serverAuth']);
}

/** The other role. */
export function otherThan(role: Side): Side {
  return role === 'client' ? 'server' : 'client';
}

/** basicConstraints says that it is no CA. */
export function notCa(it: CertificateDraft): void {
  it.extend(basicConstraints({ ca: false }));
}

/** No CA may be below it. */
export function pathLengthZero(it: CertificateDraft): void {
  it.extend(basicConstraints({ ca: true, pathLength: 0 }));
}

/** Its key may not sign certificates. */
export function signsCrlsOnly(it: CertificateDraft): void {
  it.extend(keyUsage(['cRLSign']));
}

/** Version 1 has no extensions. */
export function becomeV1(it: CertificateDraft): void {
  it.version = 1;
  it.extensions = [];
}
