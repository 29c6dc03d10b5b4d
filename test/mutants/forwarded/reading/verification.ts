import { X509Certificate } from 'node:crypto';
import type { Pki } from '../../../../src/index.ts';

/** All of a PKI's, as an application has them that is given the leaf alone. */
export function authoritiesOf({ anchors, issuer }: Pki): X509Certificate[] {
  return certificatesOfPem(anchors + issuer.chainPem);
}

/** The certificates of PEM. */
export function certificatesOfPem(pem: string): X509Certificate[] {
  // Of all of them: X509Certificate reads the first.
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? []).map((block) => new X509Certificate(block));
}

/** What an application does that has the certificate from a proxy which verifies nothing: path, dates, and usage. */
export function isValidClient(leaf: X509Certificate, issuers: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  return !leaf.ca && isForClients(leaf) && leadsTo(anchors, leaf, issuers);
}

/** RFC 5280 4.2.1.12: absent, or with clientAuth. */
export function isForClients({ keyUsage }: X509Certificate): boolean {
  const extendedKeyUsage: readonly string[] | undefined = keyUsage; // Node.js calls it that
  return extendedKeyUsage === undefined || extendedKeyUsage.includes('1.3.6.1.5.5.7.3.2');
}

/** Whether its issuers are among these, up to one that is trusted; and each is valid now. */
export function leadsTo(anchors: readonly X509Certificate[], certificate: X509Certificate, issuers: readonly X509Certificate[]): boolean {
  if (!isCurrent(certificate)) return false;
  if (anchors.some((anchor) => isCurrent(anchor) && isSignedBy(certificate, anchor))) return true;
  return issuers.some(
    (issuer) =>
      isSignedBy(certificate, issuer) &&
      leadsTo(
        anchors,
        issuer,
        issuers.filter((other) => other !== issuer),
      ),
  );
}

/** Whether its time is now. */
export function isCurrent({ validFromDate, validToDate }: X509Certificate): boolean {
  const now = Date.now();
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}

/** Whether an authority of this key has signed it. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
