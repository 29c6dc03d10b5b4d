import { ipToOctets } from '../../../x509/names/ip-address.ts';
import { inspectChain } from '../../../x509/inspect-certificate.ts';
import { certificateOctets, type RawName } from '../certificate-octets.ts';
import { goValues } from './name.ts';
import { goUri } from './uri.ts';

/** What Traefik's `info` says of one certificate: the parts in its order, by its names of them. A distinguished name is of several texts, one for each type of attribute. */
export interface InfoPart {
  readonly name: 'Subject' | 'Issuer' | 'SerialNumber' | 'NB' | 'NA' | 'SAN';
  readonly texts: readonly string[];
}

/** All parts of a certificate, an octet of UTF-8 a character. Nothing within them is escaped. Throws `DER_INVALID`. */
export function infoParts(certificate: Uint8Array): readonly InfoPart[] {
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificateOctets(certificate);
  const { dns, email, ip, uri } = inspectChain([certificate]).altNames;
  const names = [...dns, ...email, ...ip.map(goAddress), ...uri.map(goUri)];
  const parts: readonly InfoPart[] = [
    { name: 'Subject', texts: nameTexts(subject, subjectTypes) },
    { name: 'Issuer', texts: nameTexts(issuer, issuerTypes) },
    { name: 'SerialNumber', texts: [String(serialNumber)] },
    { name: 'NB', texts: [unixTime(notBefore.time)] },
    { name: 'NA', texts: [unixTime(notAfter.time)] },
    { name: 'SAN', texts: names.length === 0 ? [] : [names.join(',')] },
  ];
  return parts.filter(({ texts }) => texts.length > 0);
}

/** The text of all parts. */
export function infoText(parts: readonly InfoPart[]): string {
  return parts.map(({ name, texts }) => `${name}="${texts.join(',')}"`).join(';');
}

/** Reads the parts of one certificate that an operator selected, where they begin: what is left of them, and where they end. Undefined where the text is not of this certificate. */
export function selectedParts(
  text: string,
  { at: start, parts }: { readonly at: number; readonly parts: readonly InfoPart[] },
): { readonly selected: readonly InfoPart[]; readonly end: number } | undefined {
  const selected: InfoPart[] = [];
  let at = start;
  for (const { name, texts } of parts) {
    const separator = selected.length === 0 ? '' : ';';
    const opening = `${separator}${name}="`;
    if (!text.startsWith(opening, at)) continue;
    const chosen = selectedTexts(text, { at: at + opening.length, texts });
    if (!chosen) return undefined;
    selected.push({ name, texts: chosen });
    at += opening.length + chosen.join(',').length + 1;
  }
  return { selected, end: at };
}

/** Those of the texts, in order, that follow each other there up to a quotation mark. Each begins with another name of an attribute, so that there is one way to read them. */
function selectedTexts(
  text: string,
  { at, texts }: { readonly at: number; readonly texts: readonly string[] },
): readonly string[] | undefined {
  const chosen: string[] = [];
  let end = at;
  for (const candidate of texts) {
    const separated = chosen.length === 0 ? candidate : `,${candidate}`;
    if (!text.startsWith(separated, end)) continue;
    chosen.push(candidate);
    end += separated.length;
  }
  return chosen.length > 0 && text[end] === '"' ? chosen : undefined;
}

function nameTexts(name: RawName, types: readonly (readonly [string, string])[]): readonly string[] {
  return types
    .map(([short, type]) =>
      goValues(name, type)
        .filter((value) => value !== '' || short === 'DC')
        .map((value) => `${short}=${value}`)
        .join(','),
    )
    .filter((text) => text !== '');
}

/** Go writes an IPv4 address in IPv6 as the former. */
function goAddress(address: string): string {
  const octets = ipToOctets(address) ?? new Uint8Array(0);
  const isMapped =
    octets.length === 16 && octets.subarray(0, 10).every((octet) => octet === 0) && octets[10] === 0xff && octets[11] === 0xff;
  return isMapped ? octets.subarray(12).join('.') : address;
}

/** As Go's `uint64` of a signed number of seconds. */
function unixTime(time: Date): string {
  return String(BigInt.asUintN(64, BigInt(Math.floor(time.getTime() / 1000))));
}

/** In Traefik's order. */
const issuerTypes = [
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['C', '2.5.4.6'],
  ['ST', '2.5.4.8'],
  ['L', '2.5.4.7'],
  ['O', '2.5.4.10'],
  ['SN', '2.5.4.5'],
  ['CN', '2.5.4.3'],
] as const;
const subjectTypes = [...issuerTypes.slice(0, 5), ['OU', '2.5.4.11'], ...issuerTypes.slice(5)] as const;
