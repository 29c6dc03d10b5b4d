import type { X509Certificate } from 'node:crypto';
import { decodePem } from '../asn1/pem.ts';
import { readDer } from '../asn1/der-reader.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import type { Identity } from '../pki/identity.ts';
import { inspectCertificate, type PeerCertificate } from '../x509/inspect-certificate.ts';
import { isSpiffeId } from '../x509/names/spiffe-id.ts';
import { oid } from '../x509/object-identifiers.ts';
import { extensionParts } from '../x509/verification/chain-certificate.ts';

/** A rule of X509-SVIDs that a certificate breaks. */
export interface BrokenSvidRule {
  /** E.g. `X509-SVID 4.3`. */
  readonly clause: string;
  readonly problem: string;
}

/**
 * Judges a leaf by every rule of X509-SVIDs, those of its issuer included (2, 3.1, 4.1, 4.3, 4.4): stricter than clients are towards their peers. Gives the SPIFFE id. PEM, of
 * which the first certificate counts, DER, an `X509Certificate` or an `Identity`. Throws `SVID_INVALID` with the clause; `PEM_INVALID` and `DER_INVALID` for what is not a certificate.
 */
export function assertSvid(certificate: string | Uint8Array | X509Certificate | Identity): string {
  const read = inspectCertificate(
    typeof certificate === 'object' && 'certificatePem' in certificate ? certificate.certificatePem : certificate,
  );
  const [broken] = [...brokenLeafRules(read), ...brokenIssuerRules(read)];
  if (broken) throw new MtlsFixturesError('SVID_INVALID', { certificate: nameOf(read), ...broken });
  return read.altNames.uri[0] ?? '';
}

/** What a validator must look at in the leaf of a peer (X509-SVID 5.2). */
export function brokenLeafRules({ altNames: { uri }, isAuthority, keyUsage = [] }: PeerCertificate): BrokenSvidRule[] {
  const [id = ''] = uri;
  return [
    ...rule(uri.length === 0, 'X509-SVID 2', 'it has no URI name, where its SPIFFE id belongs'),
    ...rule(uri.length > 1, 'X509-SVID 2', `it has ${uri.length} URI names, and exactly one is allowed`),
    ...rule(uri.length === 1 && !isSpiffeId(id), 'SPIFFE-ID 2', `its URI name "${id}" is not a SPIFFE id`),
    ...rule(
      uri.length === 1 && isSpiffeId(id) && id.split('/').length === 3,
      'X509-SVID 3.1',
      `its SPIFFE id "${id}" has no path: it is that of a trust domain`,
    ),
    ...rule(isAuthority, 'X509-SVID 4.1', 'it is a CA by its basicConstraints'),
    ...rule(keyUsage.includes('keyCertSign'), 'X509-SVID 4.3', 'its keyUsage has keyCertSign'),
    ...rule(keyUsage.includes('cRLSign'), 'X509-SVID 4.3', 'its keyUsage has cRLSign'),
  ];
}

/** What the issuer of a leaf has to observe beside them. */
function brokenIssuerRules(read: PeerCertificate): BrokenSvidRule[] {
  const { keyUsage, extendedKeyUsage, subject } = read;
  const critical = criticalExtensions(read);
  const purposes = ['serverAuth', 'clientAuth'].filter((purpose) => extendedKeyUsage?.includes(purpose) === false);
  const isNamed = subject.parts.length > 0;
  return [
    ...rule(
      !isNamed && !critical.has(oid.subjectAltName),
      'X509-SVID 3.1',
      'its subject is empty, and its alternative names are not critical',
    ),
    ...rule(keyUsage === undefined, 'X509-SVID 4.3', 'it has no keyUsage'),
    ...rule(keyUsage !== undefined && !critical.has(oid.keyUsage), 'X509-SVID 4.3', 'its keyUsage is not critical'),
    ...rule(keyUsage?.includes('digitalSignature') === false, 'X509-SVID 4.3', 'its keyUsage lacks digitalSignature'),
    ...rule(purposes.length > 0, 'X509-SVID 4.4', `its extendedKeyUsage lacks ${purposes.join(' and ')}`),
  ];
}

function rule(isBroken: boolean, clause: string, problem: string): BrokenSvidRule[] {
  return isBroken ? [{ clause, problem }] : [];
}

/** The identifiers of the extensions that are critical. */
function criticalExtensions({ pem }: PeerCertificate): ReadonlySet<string> {
  const [block] = decodePem(pem);
  const [tbs] = readDer(block?.der ?? new Uint8Array(0), 'certificate').children;
  const wrapper = tbs?.children.find(({ tag }) => tag === extensionsTag);
  return new Set(
    extensionParts(wrapper)
      .filter(({ critical }) => critical)
      .map(({ id }) => id),
  );
}

function nameOf({ altNames, subject, serialNumber }: PeerCertificate): string {
  return altNames.uri[0] ?? (subject.text === '' ? serialNumber : subject.text);
}

const extensionsTag = 0xa3;
