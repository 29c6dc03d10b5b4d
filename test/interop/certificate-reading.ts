import type { Subject } from '../../src/index.ts';
import type { NameSubtrees } from '../../src/x509/names/name-constraints.ts';
import type { Plan } from './plans.ts';

/** What one reader says of a certificate, in words that all of them share. */
export interface CertificateReading {
  /** Lower-case hexadecimal without leading zeros. */
  readonly serialNumber: string;
  /** `2026-11-23T05:10:24Z` */
  readonly notBefore: string;
  readonly notAfter: string;
  /** The parts of the name, each with its attributes as `oid=text`, sorted. */
  readonly subject: readonly (readonly string[])[];
  /** `dns:a.test`, in order; addresses as URLs have them. */
  readonly altNames: readonly string[];
  readonly keyUsage: readonly string[] | undefined;
  /** Dotted object identifiers. */
  readonly purposes: readonly string[] | undefined;
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  readonly crl: readonly string[];
  readonly ocsp: readonly string[];
  readonly caIssuers: readonly string[];
  readonly policies: readonly string[];
  readonly critical: readonly string[];
}

/** What every reader ought to say. */
export function plannedReading(plan: Plan, { isAuthority }: { readonly isAuthority: boolean }): CertificateReading {
  const { options, policies } = plan;
  const altNames = [
    ...listOf(options.dns).map((name) => `dns:${name}`),
    ...listOf(options.ip).map((address) => `ip:${canonicalAddress(address)}`),
    ...listOf(options.uri).map((uri) => `uri:${uri}`),
    ...listOf(options.email).map((mailbox) => `email:${mailbox}`),
  ];
  const subject = plannedSubject(options.subject ?? []);
  return {
    serialNumber: BigInt(options.serialNumber ?? 0).toString(16),
    notBefore: seconds(options.notBefore),
    notAfter: seconds(options.notAfter),
    subject,
    altNames,
    keyUsage: usagesOf(options.keyUsage ?? (isAuthority ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'])),
    purposes: purposesOf(options.extendedKeyUsage ?? (isAuthority ? false : ['serverAuth', 'clientAuth'])),
    isAuthority,
    pathLength: options.pathLength,
    crl: listOf(options.crlDistributionPoints),
    ocsp: listOf(options.ocsp),
    caIssuers: listOf(options.caIssuers),
    policies: policies.map(({ id }) => id),
    critical: [
      ...(subject.length === 0 && altNames.length > 0 ? ['altNames'] : []),
      'basicConstraints',
      ...(options.keyUsage === false ? [] : ['keyUsage']),
    ],
  };
}

/** What every reader ought to say of a subject: attributes go from general to specific, and texts are common names. */
function plannedSubject(subject: Subject): string[][] {
  if (typeof subject === 'string') return [[`2.5.4.3=${subject}`]];
  if (isParts(subject))
    return subject.map((part) => ('type' in part ? [part] : part).map(({ type, value }) => `${attributeId(type)}=${value}`).toSorted());
  return [...attributeIds].flatMap(([word, id]) => {
    const values = subject[word as keyof typeof subject]; // the keys of the map
    return listOf(values).map((value) => [`${id}=${value}`]);
  });
}

/** How the attributes of a subject are written: in the string type of each, and otherwise in UTF-8. */
export function plannedStringTypes(subject: CertificateReading['subject']): string[] {
  return subject.flat().map((attribute) => stringTypes.get(attribute.slice(0, attribute.indexOf('='))) ?? 'UTF8STRING');
}

/** An attribute's dotted object identifier, of its word or of itself. */
export function attributeId(type: string): string {
  return attributeIds.get(type) ?? type;
}

/** The subtrees as OpenSSL puts them, sorted. */
export function plannedSubtrees(names: NameSubtrees | undefined): string[] {
  if (!names) return [];
  return [
    ...listOf(names.dns).map((name) => `DNS:${name}`),
    ...listOf(names.ip).map((block) => `IP:${canonicalBlock(block)}`),
    ...listOf(names.uri).map((host) => `URI:${host}`),
    ...listOf(names.email).map((mailbox) => `email:${mailbox}`),
    ...(names.directory ?? []).map((name) => `DirName:${directoryText(name)}`),
  ].toSorted();
}

/** As a URL has it, which is as RFC 5952 has it. */
export function canonicalAddress(address: string): string {
  return address.includes(':') ? new URL(`https://[${address}]`).hostname.slice(1, -1) : address;
}

/** An instant to the second. */
export function seconds(date: Date | undefined): string {
  return date === undefined ? '' : `${date.toISOString().slice(0, 19)}Z`;
}

/** In the order of the bits. */
export function usagesOf(usages: readonly string[] | false): string[] | undefined {
  return usages === false ? undefined : usageNames.filter((name) => usages.includes(name));
}

/** As dotted object identifiers. */
export function purposesOf(purposes: readonly string[] | false): string[] | undefined {
  return purposes === false ? undefined : purposes.map((purpose) => purposeIds.get(purpose) ?? purpose);
}

/** `10.0.0.0/255.0.0.0`: the address without what is beyond the prefix, and the mask. */
function canonicalBlock(block: string): string {
  const [address = '', prefix = ''] = block.split('/');
  const [width, groups, base] = address.includes(':') ? [16n, 8, 16] : [8n, 4, 10];
  const all = (1n << (width * BigInt(groups))) - 1n;
  const mask = all ^ (all >> BigInt(prefix));
  return [numberOf(address) & mask, mask]
    .map((number) =>
      Array.from({ length: groups }, (_group, index) =>
        ((number >> (width * BigInt(groups - 1 - index))) & ((1n << width) - 1n)).toString(base).toUpperCase(),
      ),
    )
    .map((parts) => parts.join(base === 16 ? ':' : '.'))
    .join('/');
}

function numberOf(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  const [head = '', tail = ''] = canonicalAddress(address).split('::');
  const [left, right] = [head, tail].map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...(left ?? []), ...Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => '0'), ...(right ?? [])];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function directoryText(name: Subject): string {
  const words = new Map([
    ['2.5.4.10', 'O'],
    ['2.5.4.3', 'CN'],
  ]);
  return plannedSubject(name)
    .flat()
    .map((attribute) => attribute.replace(/^([\d.]+)=/u, (_match, id: string) => `${words.get(id)}=`))
    .join(', ');
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}

/** Array.isArray does not see a readonly list. */
function isParts(subject: Exclude<Subject, string>): subject is Extract<Subject, readonly unknown[]> {
  return Array.isArray(subject);
}

/** Attributes in the order in which those of an object are written. */
const attributeIds = new Map([
  ['domainComponent', '0.9.2342.19200300.100.1.25'],
  ['country', '2.5.4.6'],
  ['state', '2.5.4.8'],
  ['locality', '2.5.4.7'],
  ['street', '2.5.4.9'],
  ['postalCode', '2.5.4.17'],
  ['organization', '2.5.4.10'],
  ['organizationalUnit', '2.5.4.11'],
  ['title', '2.5.4.12'],
  ['givenName', '2.5.4.42'],
  ['surname', '2.5.4.4'],
  ['userId', '0.9.2342.19200300.100.1.1'],
  ['serialNumber', '2.5.4.5'],
  ['commonName', '2.5.4.3'],
  ['emailAddress', '1.2.840.113549.1.9.1'],
]);

/** RFC 5280 appendix A.1, as OpenSSL puts it. */
const stringTypes = new Map([
  ['2.5.4.5', 'PRINTABLESTRING'],
  ['2.5.4.6', 'PRINTABLESTRING'],
  ['0.9.2342.19200300.100.1.25', 'IA5STRING'],
  ['1.2.840.113549.1.9.1', 'IA5STRING'],
]);

const usageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

const purposeIds = new Map([
  ['serverAuth', '1.3.6.1.5.5.7.3.1'],
  ['clientAuth', '1.3.6.1.5.5.7.3.2'],
  ['codeSigning', '1.3.6.1.5.5.7.3.3'],
  ['emailProtection', '1.3.6.1.5.5.7.3.4'],
  ['timeStamping', '1.3.6.1.5.5.7.3.8'],
  ['ocspSigning', '1.3.6.1.5.5.7.3.9'],
  ['anyExtendedKeyUsage', '2.5.29.37.0'],
]);
