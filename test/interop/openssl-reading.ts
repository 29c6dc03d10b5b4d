import type { CertificateReading } from './certificate-reading.ts';
import { canonicalAddress, usagesOf } from './certificate-reading.ts';
import { outputOf } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What OpenSSL says of a certificate: with the string types of the subject's attributes, the subtrees of name constraints and the features. */
export interface OpensslReading extends CertificateReading {
  readonly issuer: CertificateReading['subject'];
  /** In the order of `subject`, flat: `UTF8STRING`. */
  readonly stringTypes: readonly string[];
  readonly permitted: readonly string[];
  readonly excluded: readonly string[];
  readonly statementUrls: readonly string[];
  readonly notices: readonly string[];
  readonly mustStaple: boolean;
}

/** What OpenSSL says of certificates, all of them asked about in one go. */
export async function readByOpenssl(pems: readonly string[]): Promise<OpensslReading[]> {
  using folder = temporaryFolder();
  const files = pems.map((pem, index) => folder.write(`${index}.pem`, pem));
  const output = await outputOf('sh', [
    '-c',
    `for file; do openssl x509 -in "$file" ${question} && echo "${separator}" || exit 1; done`,
    'sh',
    ...files,
  ]);
  return output.split(`${separator}\n`).slice(0, -1).map(readText);
}

function readText(text: string): OpensslReading {
  const [, head = '', subject = '', issuer = '', rest = ''] = /^(.*?)subject=\n?(.*?)\nissuer=\n?(.*?)\n(?=\S|$)(.*)$/su.exec(text) ?? [];
  const sections = new Map(
    [...rest.matchAll(/^(\S[^\n]*?): ?(critical)?\n((?: .*\n)*)/gmu)].map(([, title = '', critical, body = '']) => [
      title,
      { critical, body },
    ]),
  );
  const linesOf = (title: string): string[] =>
    (sections.get(title)?.body ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const listed = (title: string): string[] | undefined => (sections.has(title) ? linesOf(title).join('').split(', ') : undefined);
  const after = (prefix: string, lines: readonly string[]): string[] =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));

  const parts = readName(subject);
  const constraints = linesOf('X509v3 Basic Constraints').join('');
  const pathLength = /pathlen:(\d+)/u.exec(constraints)?.[1];
  const [permitted = '', excluded = ''] = (sections.get('X509v3 Name Constraints')?.body ?? '').split(/^ *Excluded:\n/mu);
  return {
    serialNumber: (/^serial=(.*)$/mu.exec(head)?.[1] ?? '').toLowerCase().replace(/^0+/u, ''),
    notBefore: instantOf(head, 'notBefore'),
    notAfter: instantOf(head, 'notAfter'),
    subject: parts.map(attributesOf),
    issuer: readName(issuer).map(attributesOf),
    stringTypes: parts.flat().map(({ type }) => type),
    altNames: (listed('X509v3 Subject Alternative Name') ?? []).map(readAltName),
    keyUsage: usagesOf(listed('X509v3 Key Usage')?.map((name) => usageWords.get(name) ?? name) ?? false),
    purposes: listed('X509v3 Extended Key Usage')?.map((name) => purposeIds.get(name) ?? name),
    isAuthority: constraints.startsWith('CA:TRUE'),
    pathLength: pathLength === undefined ? undefined : Number(pathLength),
    crl: after('URI:', linesOf('X509v3 CRL Distribution Points')),
    ocsp: after('OCSP - URI:', linesOf('Authority Information Access')),
    caIssuers: after('CA Issuers - URI:', linesOf('Authority Information Access')),
    policies: after('Policy: ', linesOf('X509v3 Certificate Policies')),
    statementUrls: after('CPS: ', linesOf('X509v3 Certificate Policies')),
    notices: after('Explicit Text: ', linesOf('X509v3 Certificate Policies')),
    critical: [...extensionWords].filter(([title]) => sections.get(title)?.critical !== undefined).map(([, word]) => word),
    permitted: subtreesIn(permitted),
    excluded: subtreesIn(excluded),
    mustStaple: linesOf('TLS Feature').includes('status_request'),
  };
}

interface Attribute {
  readonly id: string;
  readonly type: string;
  readonly value: string;
}

function attributesOf(part: readonly Attribute[]): string[] {
  return part.map(({ id, value }) => `${id}=${value}`);
}

function readName(lines: string): Attribute[][] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readPart);
}

/** `2.5.4.3=UTF8STRING:\# text`, escaped as RFC 2253 says, control characters as `\0A`; several of them with plus signs between. */
function readPart(line: string): Attribute[] {
  return line
    .replace(/^ {4}/u, '')
    .split(/ \+ (?=[\d.]+=[A-Z\d]+STRING:)/u)
    .map((attribute) => {
      const [, id = '', type = '', escaped = ''] = /^([\d.]+)=([A-Z\d]+):(.*)$/su.exec(attribute) ?? [];
      const value = escaped.replaceAll(
        /\\(?:([0-9A-F]{2})|(.))/gsu,
        (_match, hex?: string, character?: string) => character ?? String.fromCharCode(Number.parseInt(hex ?? '', 16)),
      );
      return { id, type, value };
    })
    .toSorted((a, b) => (`${a.id}=${a.value}` < `${b.id}=${b.value}` ? -1 : 1));
}

function readAltName(name: string): string {
  if (name.startsWith('IP Address:')) return `ip:${canonicalAddress(name.slice(11))}`;
  return name.replace(/^(?:DNS|URI):/u, (kind) => kind.toLowerCase());
}

/** The year of the first millennium is padded with a blank. */
function instantOf(head: string, field: string): string {
  const [, day = '', time = ''] = new RegExp(`^${field}=(.*?)(\\d\\d:\\d\\d:\\d\\d)Z$`, 'mu').exec(head) ?? [];
  return `${day.trim().padStart(10, '0')}T${time}Z`;
}

/** Later versions put no blanks around the equals signs of a name. */
function subtreesIn(body: string): string[] {
  return body
    .split('\n')
    .map((line) => line.trim().replaceAll(' = ', '='))
    .filter((line) => line !== '' && line !== 'Permitted:')
    .toSorted();
}

const separator = '-- end of certificate --';

const extensionWords = new Map([
  ['X509v3 Subject Alternative Name', 'altNames'],
  ['X509v3 Basic Constraints', 'basicConstraints'],
  ['X509v3 Key Usage', 'keyUsage'],
  ['X509v3 Extended Key Usage', 'extendedKeyUsage'],
]);

const question = [
  '-noout -serial -dates -dateopt iso_8601 -subject -issuer -nameopt sep_multiline,oid,utf8,esc_2253,esc_ctrl,show_type -ext',
  'subjectAltName,keyUsage,extendedKeyUsage,basicConstraints,nameConstraints,crlDistributionPoints,authorityInfoAccess,certificatePolicies,tlsfeature',
].join(' ');

const usageWords = new Map([
  ['Digital Signature', 'digitalSignature'],
  ['Non Repudiation', 'nonRepudiation'],
  ['Key Encipherment', 'keyEncipherment'],
  ['Data Encipherment', 'dataEncipherment'],
  ['Key Agreement', 'keyAgreement'],
  ['Certificate Sign', 'keyCertSign'],
  ['CRL Sign', 'cRLSign'],
  ['Encipher Only', 'encipherOnly'],
  ['Decipher Only', 'decipherOnly'],
]);

const purposeIds = new Map([
  ['TLS Web Server Authentication', '1.3.6.1.5.5.7.3.1'],
  ['TLS Web Client Authentication', '1.3.6.1.5.5.7.3.2'],
  ['Code Signing', '1.3.6.1.5.5.7.3.3'],
  ['E-mail Protection', '1.3.6.1.5.5.7.3.4'],
  ['Time Stamping', '1.3.6.1.5.5.7.3.8'],
  ['OCSP Signing', '1.3.6.1.5.5.7.3.9'],
  ['Any Extended Key Usage', '2.5.29.37.0'],
  ['Microsoft Smartcard Login', '1.3.6.1.4.1.311.20.2.2'],
  ['Microsoft Server Gated Crypto', '1.3.6.1.4.1.311.10.3.3'],
  ['Netscape Server Gated Crypto', '2.16.840.1.113730.4.1'],
]);
