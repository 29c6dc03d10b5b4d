import type { PeerCertificate } from '../../x509/inspect-certificate.ts';

/** What of a handshake is masked for snapshots. */
export interface MaskedFacts {
  readonly clientCertificate?: PeerCertificate | undefined;
  readonly serverCertificate?: PeerCertificate | undefined;
}

/** The facts of a handshake with the name of what it is in place of each value that no two runs have in common. */
export function maskedFacts(facts: MaskedFacts): Readonly<Record<string, unknown>> {
  const mask = maskFor(facts);
  const masked = (value: unknown, name?: string): unknown => {
    if (name !== undefined && isChanging(name)) return changing[name];
    if (typeof value === 'string') return mask(value);
    if (Array.isArray(value)) return value.map((item) => masked(item));
    return typeof value === 'object' && value !== null ? mapped(value, masked) : value;
  };
  return mapped(facts, masked);
}

/** Subjects may hold an attribute by the name of a field, which is the user's own. */
function mapped(value: object, masked: (value: unknown, name?: string) => unknown): Readonly<Record<string, unknown>> {
  const isName = 'text' in value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, isName ? masked(field) : masked(field, name)]));
}

/** Masks text about a handshake: serial numbers, fingerprints and pins of its own certificates, random names, dates, times, ports. */
export function maskFor({ clientCertificate, serverCertificate }: MaskedFacts): (text: string) => string {
  const certificates = [clientCertificate, serverCertificate].flatMap((leaf) => (leaf ? [leaf].concat(leaf.chain) : []));
  const known = certificates.flatMap((certificate) =>
    identifying.flatMap((field) => (certificate[field].length < shortest ? [] : [[certificate[field], changing[field]] as const])),
  );
  return (text) => {
    let masked = text;
    for (const [value, instead] of known) masked = masked.replaceAll(value, instead).replaceAll(value.toLowerCase(), instead);
    for (const [pattern, instead] of patterns) masked = masked.replaceAll(pattern, instead);
    return masked;
  };
}

function isChanging(name: string): name is keyof typeof changing {
  return Object.hasOwn(changing, name);
}

/** By the name of a field of a handshake or of a certificate. */
const changing = {
  durationMs: '<time>',
  notBefore: '<date>',
  notAfter: '<date>',
  serialNumber: '<serial number>',
  fingerprint256: '<fingerprint>',
  thumbprint: '<thumbprint>',
  spkiSha256: '<key id>',
  pem: '<PEM>',
} as const;

const identifying = ['serialNumber', 'fingerprint256', 'thumbprint', 'spkiSha256'] as const;
/** A serial number such as 01 is the user's choice, and would be found everywhere. */
const shortest = 8;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/mtls-fixtures [\da-f]{6}\b/gu, 'mtls-fixtures <random>'], // the name that `createPki()` gives a PKI without one
  [/\b[\dA-F]{8,}:(?=error:)/gu, ''], // OpenSSL puts the number of its thread before an error
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, '<date>'],
  [/\b\d+(?:\.\d+)? ms\b/gu, '<time>'],
  [/(?<=\b(?:localhost|\d{1,3}(?:\.\d{1,3}){3})|\]):\d{4,5}\b/gu, ':<port>'],
];
