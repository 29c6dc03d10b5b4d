import type { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';

/**
 * Makes a client of ours safe from its server's certificate. Node's client calls `getPeerCertificate(true)` of its own socket to verify the host name, and that ends the process
 * (SIGSEGV) for a key on a curve without a NIST name, such as brainpoolP256r1 or secp256k1 (measured on Node 24.21 and 26.10; `getPeerX509Certificate` is safe on 22, 24 and 26).
 * In place of that call, where `mayCrash` says so (default: always), the same facts come from the X509Certificate.
 */
export function makePeerCertificateSafe(tlsSocket: tls.TLSSocket, mayCrash: () => boolean = () => true): void {
  const usual = tlsSocket.getPeerCertificate.bind(tlsSocket);
  tlsSocket.getPeerCertificate = (isDetailed?: boolean) =>
    (mayCrash() ? factsOf(tlsSocket.getPeerX509Certificate()) : usual(isDetailed)) as tls.DetailedPeerCertificate; // as Node types the result of both kinds of call
}

/** Whether one of the certificates (DER) may crash Node: it names a curve other than the three usual ones. Looked for among all octets, so that it needs no valid certificate. */
export function hasUnusualCurve(certificates: readonly Uint8Array[]): boolean {
  return certificates.some((der) => {
    const bytes = Buffer.from(der.buffer, der.byteOffset, der.length);
    for (let at = bytes.indexOf(ecPublicKey); at >= 0; at = bytes.indexOf(ecPublicKey, at + 1)) {
      const curve = bytes.subarray(at + ecPublicKey.length);
      if (curve[0] === objectIdentifierTag && !usualCurves.some((usual) => curve.subarray(0, usual.length).equals(usual))) return true;
    }
    return false;
  });
}

/** What `getPeerCertificate` returns, without the parts of the public key and without issuers; `{}` where there is no certificate, as Node's. */
function factsOf(certificate: X509Certificate | undefined): object {
  if (!certificate) return {};
  return {
    subject: attributesOf(certificate.subject),
    issuer: attributesOf(certificate.issuer),
    subjectaltname: certificate.subjectAltName,
    infoAccess: undefined,
    ca: certificate.ca,
    valid_from: certificate.validFrom,
    valid_to: certificate.validTo,
    fingerprint: certificate.fingerprint,
    fingerprint256: certificate.fingerprint256,
    fingerprint512: certificate.fingerprint512,
    serialNumber: certificate.serialNumber,
    raw: certificate.raw,
  };
}

/** A name as Node writes it, an attribute a line or beside another of the same part (RFC 2253), as an object: several values are a list. */
function attributesOf(name: string): Partial<Record<string, string | readonly string[]>> {
  const pairs = name.split(/\n| \+ /u).map((pair): [string, string] => {
    const [type = '', ...value] = pair.split('=');
    return [type, value.join('=').replaceAll(/\\([\\",+;<>=# ])/gu, '$1')];
  });
  const byType = Map.groupBy(pairs, ([type]) => type);
  return Object.fromEntries(
    [...byType].map(([type, values]) => [type, values.length === 1 ? values[0]?.[1] : values.map(([, value]) => value)]),
  );
}

const objectIdentifierTag = 0x06;
/** The object identifier of EC keys, tag and length included. */
const ecPublicKey = Buffer.from('06072a8648ce3d0201', 'hex');
/** P-256, P-384, P-521. */
const usualCurves: readonly Buffer[] = ['06082a8648ce3d030107', '06052b81040022', '06052b81040023'].map((hex) => Buffer.from(hex, 'hex'));
