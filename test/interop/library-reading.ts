import 'reflect-metadata'; // which the next import demands
import * as peculiar from '@peculiar/x509';
import type { PeerCertificate } from '../../src/index.ts';
import { canonicalAddress, type CertificateReading, seconds, usagesOf } from './certificate-reading.ts';

/** What `@peculiar/x509` says of a certificate, and the raw values of its extensions. */
export function readByPeculiar(der: Uint8Array<ArrayBuffer>): CertificateReading & { readonly extensions: readonly RawExtension[] } {
  const certificate = new peculiar.X509Certificate(der);
  const constraints = certificate.getExtension(peculiar.BasicConstraintsExtension);
  const usage = certificate.getExtension(peculiar.KeyUsagesExtension)?.usages;
  const access = certificate.getExtension(peculiar.AuthorityInfoAccessExtension);
  return {
    serialNumber: certificate.serialNumber.replace(/^0+/u, ''),
    notBefore: seconds(certificate.notBefore),
    notAfter: seconds(certificate.notAfter),
    subject: peculiarName(certificate.subjectName),
    altNames: (certificate.getExtension(peculiar.SubjectAlternativeNameExtension)?.names.items ?? []).map(readName),
    keyUsage: usagesOf(usage === undefined ? false : [...usageFlags].filter(([flag]) => usage & flag).map(([, name]) => name)),
    purposes: certificate.getExtension(peculiar.ExtendedKeyUsageExtension)?.usages.map(String),
    isAuthority: constraints?.ca ?? false,
    pathLength: constraints?.pathLength === undefined ? undefined : Number(constraints.pathLength), // a large one is text
    crl: (certificate.getExtension(peculiar.CRLDistributionPointsExtension)?.distributionPoints ?? []).flatMap(
      ({ distributionPoint }) => distributionPoint?.fullName?.map((name) => name.uniformResourceIdentifier ?? '') ?? [],
    ),
    ocsp: (access?.ocsp ?? []).map(({ value }) => value),
    caIssuers: (access?.caIssuers ?? []).map(({ value }) => value),
    policies: certificate.getExtension(peculiar.CertificatePolicyExtension)?.policies ?? [],
    critical: [...extensionWords].filter(([id]) => certificate.getExtension(id)?.critical).map(([, word]) => word),
    extensions: certificate.extensions.map(({ type, critical, value }) => ({
      oid: type,
      critical,
      value: Buffer.from(value).toString('hex'),
    })),
  };
}

export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** Hexadecimal. */
  readonly value: string;
}

/** The parts of a name, each with its attributes as `oid=text`, sorted. */
export function peculiarName(name: peculiar.Name): string[][] {
  return name.toJSON().map((part) =>
    Object.entries(part)
      .flatMap(([type, values]) => values.map((value) => `${shortNames.get(type) ?? type}=${value}`))
      .toSorted(),
  );
}

/** What `inspectCertificate` says, as far as it goes; its subject is flat. */
export function readByInspection(
  certificate: PeerCertificate,
): Omit<CertificateReading, 'subject' | 'crl' | 'ocsp' | 'caIssuers' | 'policies' | 'critical' | 'purposes'> {
  const { altNames } = certificate;
  return {
    serialNumber: certificate.serialNumber.toLowerCase().replace(/^0+/u, ''),
    notBefore: seconds(certificate.notBefore),
    notAfter: seconds(certificate.notAfter),
    altNames: (['dns', 'ip', 'uri', 'email'] as const).flatMap((kind) => altNames[kind].map((name) => `${kind}:${name}`)),
    keyUsage: usagesOf(certificate.keyUsage ?? false),
    isAuthority: certificate.isAuthority,
    pathLength: certificate.pathLength,
  };
}

function readName({ type, value }: peculiar.GeneralName): string {
  if (type === 'ip') return `ip:${canonicalAddress(value)}`;
  return `${type === 'url' ? 'uri' : type}:${value}`;
}

const extensionWords = new Map([
  ['2.5.29.17', 'altNames'],
  ['2.5.29.19', 'basicConstraints'],
  ['2.5.29.15', 'keyUsage'],
  ['2.5.29.37', 'extendedKeyUsage'],
]);

const usageFlags = new Map(
  (
    [
      'digitalSignature',
      'nonRepudiation',
      'keyEncipherment',
      'dataEncipherment',
      'keyAgreement',
      'keyCertSign',
      'cRLSign',
      'encipherOnly',
      'decipherOnly',
    ] as const
  ).map((name) => [peculiar.KeyUsageFlags[name], name]),
);

const shortNames = new Map([
  ['CN', '2.5.4.3'],
  ['L', '2.5.4.7'],
  ['ST', '2.5.4.8'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['C', '2.5.4.6'],
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['E', '1.2.840.113549.1.9.1'],
  ['G', '2.5.4.42'],
  ['I', '2.5.4.43'],
  ['SN', '2.5.4.4'],
  ['T', '2.5.4.12'],
]);
