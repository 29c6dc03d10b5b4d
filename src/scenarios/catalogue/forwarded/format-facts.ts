import type { ForwardedFormat } from '../../../forwarded/format.ts';

/** How a format writes the certificate: Base64 between colons, PEM with percent escapes or with blanks for line ends, Base64 of DER, a key of Envoy's header; or a name alone. */
type Encoding = 'byte-sequence' | 'percent-pem' | 'spaced-pem' | 'base64-der' | 'xfcc' | 'identity';

/** What decides which scenarios apply to a format. */
export interface FormatFacts {
  readonly encoding: Encoding;
  /** How it writes the proxy's verdict: `SUCCESS`, OpenSSL's number, or `true`. Absent where no header says it. */
  readonly verify?: 'word' | 'number' | 'boolean';
  /** Where the issuers are: in a header of their own, behind commas, or as further PEM. Absent where they are not sent. */
  readonly chain?: 'header' | 'list' | 'text' | 'key';
  /** It has a field for the distinguished name beside the certificate. */
  readonly subject?: true;
  /** Percent escapes leave `+`, `/` and `=` as they are. */
  readonly keepsPlus?: true;
  /** A client without certificate has headers too. */
  readonly saysAbsent?: true;
  /** The service verifies no certificate by itself. */
  readonly neverVerifies?: true;
}

/** Of each format; docs/forwarded.md says where they come from. */
export const formatFacts: Readonly<Record<ForwardedFormat, FormatFacts>> = {
  rfc9440: { encoding: 'byte-sequence', chain: 'header' },
  envoy: { encoding: 'xfcc', chain: 'key', subject: true },
  nginx: { encoding: 'percent-pem', verify: 'word', subject: true, saysAbsent: true },
  apache: { encoding: 'spaced-pem', verify: 'word', subject: true, saysAbsent: true },
  haproxy: { encoding: 'base64-der', verify: 'number', subject: true, saysAbsent: true },
  traefik: { encoding: 'base64-der', chain: 'list', subject: true },
  caddy: { encoding: 'base64-der', subject: true, saysAbsent: true },
  'aws-alb': { encoding: 'percent-pem', subject: true, keepsPlus: true },
  'aws-alb-passthrough': { encoding: 'percent-pem', chain: 'text', keepsPlus: true, neverVerifies: true },
  gcp: { encoding: 'byte-sequence', verify: 'boolean', chain: 'header', subject: true, saysAbsent: true },
  'azure-app-service': { encoding: 'base64-der', neverVerifies: true },
  cloudflare: { encoding: 'base64-der', verify: 'boolean', subject: true, saysAbsent: true },
  'kubernetes-front-proxy': { encoding: 'identity' },
};

/** The formats that a condition holds for. */
export function formatsWhere(holds: (facts: FormatFacts, format: ForwardedFormat) => boolean): readonly ForwardedFormat[] {
  const formats = Object.keys(formatFacts) as ForwardedFormat[]; // its own keys
  return formats.filter((format) => holds(formatFacts[format], format));
}

/** Whether a format forwards the certificate itself. */
export function hasCertificate({ encoding }: FormatFacts): boolean {
  return encoding !== 'identity';
}

/** Whether it is Base64 in a header's value, without escapes. */
export function isPlainBase64({ encoding }: FormatFacts): boolean {
  return encoding === 'byte-sequence' || encoding === 'base64-der';
}

/** Whether it is PEM in some form. */
export function isPem({ encoding }: FormatFacts): boolean {
  return encoding === 'percent-pem' || encoding === 'spaced-pem' || encoding === 'xfcc';
}

/** Whether it has percent escapes. */
export function isEscaped({ encoding }: FormatFacts): boolean {
  return encoding === 'percent-pem' || encoding === 'xfcc';
}
