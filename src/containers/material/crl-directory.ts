import { createHash } from 'node:crypto';
import { DerElement } from '../../asn1/der-reader.ts';
import { sequence, setOf, utf8String } from '../../asn1/der-writer.ts';
import { decodePem } from '../../asn1/pem.ts';

/** CRLs by the file names of a directory after `openssl rehash`: `<hash of the issuer's name>.r<number>`; for servers that read no file of several. */
export function crlDirectory(crls: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const block of decodePem(crls)) {
    const hash = nameHash(issuerOf(block.der));
    let number = 0;
    while (`${hash}.r${number}` in files) number += 1;
    files[`${hash}.r${number}`] = `${block.text.trimEnd()}\n`;
  }
  return files;
}

/** CertificateList → tbsCertList → version (there in version 2), signature, issuer (RFC 5280 5.1). */
function issuerOf(crl: Uint8Array): DerElement {
  const list = new DerElement(crl, 'CRL');
  const fields = list.children[0]?.children ?? [];
  const issuer = fields[fields[0]?.tag === integerTag ? 2 : 1];
  if (!issuer) throw list.problem('there is no issuer');
  return issuer.expect(0x30, 'the issuer');
}

/** X509_NAME_hash of OpenSSL: the first four octets, least significant first, of the SHA-1 of the name in its canonical form. */
function nameHash(name: DerElement): string {
  const hash = createHash('sha1');
  for (const set of name.children) hash.update(setOf(...set.children.map(canonicalAttribute)));
  return hash.digest().readUInt32LE(0).toString(16).padStart(8, '0');
}

/** The text as UTF8String, white space collapsed, ASCII letters in lower case. */
function canonicalAttribute(attribute: DerElement): Uint8Array {
  const [type, value] = attribute.children;
  if (!type || !value) throw attribute.problem('an attribute of a name has no value');
  if (!stringTags.has(value.tag)) return attribute.bytes;
  const text = value.text.replace(/[ \t\n\v\f\r]+/gu, ' ').replace(/^ | $/gu, '');
  const lower = text.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  return sequence(type.bytes, utf8String(lower));
}

const integerTag = 0x02;

/** UTF8String, PrintableString, TeletexString, IA5String, VisibleString, UniversalString, BMPString. */
const stringTags: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e]);
