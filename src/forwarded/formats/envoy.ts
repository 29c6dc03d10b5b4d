import { inspectChain } from '../../x509/inspect-certificate.ts';
import { readCertificateIn } from '../encodings/agreement.ts';
import { certificateOctets, type RawName } from '../encodings/certificate-octets.ts';
import { sha256Hex } from '../encodings/certificate-texts.ts';
import { certificateOfPercentEncodedPem, certificatesOfPercentEncodedPem, percentEncodedPem } from '../encodings/percent-encoded-pem.ts';
import { rfc2253Name } from '../encodings/rfc2253-name.ts';
import { type XfccElement, xfccElements, type XfccKey } from '../encodings/xfcc.ts';
import type { ForwardedClient, HeaderFormat, ParsedFields } from '../format.ts';
import { malformed } from '../malformed.ts';

const header = 'x-forwarded-client-cert';

/**
 * Envoy with `forward_client_cert_details: SANITIZE_SET` and `set_current_client_cert_details: { subject, cert, chain, uri, dns }`. `Chain` begins with the leaf. Nothing without a
 * certificate, and nothing says whether it was verified. URI and DNS names are neither quoted nor escaped (envoyproxy/envoy#32945).
 */
export const envoy: HeaderFormat = {
  format: 'envoy',
  names: { certificate: header },
  repeatable: [],
  write(client) {
    const [leaf] = client.certificates;
    return leaf ? [['certificate', elementOf(leaf, client)]] : [];
  },
  parse({ certificate: [text] = [] }, { hops }) {
    if (text === undefined) return { certificates: [], fields: {} };
    const elements = xfccElements(header, text);
    if (hops === undefined && elements.length > 1)
      throw malformed(header, `it has ${elements.length} elements; pass hops where several trusted proxies append to it`);
    // All of them: a comma in a URI name, which Envoy does not quote, makes two elements of one, of which the first then disagrees with its certificate.
    const element = elements.map(readElement).at(-(hops ?? 1));
    if (!element) throw malformed(header, `it has ${elements.length} elements and not ${hops}`);
    return element;
  },
};

function elementOf(leaf: Uint8Array, { certificates, chain, by }: ForwardedClient): string {
  const { subject, uris, dnsNames } = namesIn(leaf);
  const pairs: [XfccKey, string][] = [
    ...(by === undefined ? [] : [['By', by] satisfies [XfccKey, string]]),
    ['Hash', sha256Hex(leaf)],
    ['Cert', `"${percentEncodedPem([leaf], unescaped)}"`],
    ...(chain ? [['Chain', `"${percentEncodedPem(certificates, unescaped)}"`] satisfies [XfccKey, string]] : []),
    ['Subject', `"${subject}"`],
    ...uris.map((uri): [XfccKey, string] => ['URI', uri]),
    ...dnsNames.map((name): [XfccKey, string] => ['DNS', name]),
  ];
  return pairs.map(([key, value]) => `${key}=${value}`).join(';');
}

function readElement(element: XfccElement): ParsedFields {
  const { Cert: [cert] = [], Chain: [chain] = [], ...told } = element;
  const certificates = chain === undefined ? [] : certificatesOfPercentEncodedPem(header, chain, unescaped);
  if (cert !== undefined) {
    const leaf = certificateOfPercentEncodedPem(header, cert, unescaped);
    if (certificates[0] && !Buffer.from(certificates[0]).equals(leaf)) throw malformed(header, 'Chain does not begin with Cert');
    if (!certificates[0]) certificates.push(leaf);
  }
  if (certificates[0]) requireAgreement(element, certificates[0]);
  const { Hash: [hash] = [], Subject: [subject] = [], Issuer: [issuer] = [], ...lists } = told;
  const single = Object.entries({ Hash: hash, Subject: subject, Issuer: issuer }).filter(([, value]) => value !== undefined);
  return { certificates, fields: { ...lists, ...Object.fromEntries(single) } };
}

/** What an element says beside the certificate has to be the certificate's; a key that Envoy was not told to send is not missed. */
function requireAgreement({ Hash: hash, Subject, Issuer, URI, DNS }: XfccElement, leaf: Uint8Array): void {
  const { subject, issuer, uris, dnsNames } = readCertificateIn(header, () => namesIn(leaf));
  const compared: readonly [XfccKey, readonly string[] | undefined, readonly string[]][] = [
    ['Hash', hash, [sha256Hex(leaf)]],
    ['Subject', Subject, [subject]],
    ['Issuer', Issuer, [issuer]],
    ['URI', URI, uris],
    ['DNS', DNS, dnsNames],
  ];
  const other = compared.find(([, given, own]) => given && (given.length !== own.length || given.some((value, at) => value !== own[at])));
  if (other) throw malformed(header, `its ${other[0]} is not the certificate's`);
}

interface CertificateNames {
  readonly subject: string;
  readonly issuer: string;
  /** One empty text where there is none. */
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
}

function namesIn(leaf: Uint8Array): CertificateNames {
  const { subject, issuer } = certificateOctets(leaf);
  const { uri, dns } = inspectChain([leaf]).altNames;
  return { subject: nameText(subject), issuer: nameText(issuer), uris: uri.length === 0 ? [''] : uri, dnsNames: dns };
}

function nameText(name: RawName): string {
  return rfc2253Name(name, { beyondAscii: 'escaped', library: 'BoringSSL' });
}

/** What Envoy leaves as it is in PEM. */
const unescaped = 'A-Za-z0-9*._\\-';
