import { derOfBer } from '../../../asn1/ber.ts';
import { type DerElement, readDer } from '../../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { decrypt, part, unsupported } from './decrypt.ts';
import { bag, bagAttribute, pkcs7, x509Certificate } from './identifiers.ts';
import { verifyMac } from './verify-mac.ts';

/** What a bag holds, with its attributes. */
export interface Pkcs12Entry {
  /** A certificate, or a private key as PKCS#8. */
  readonly der: Uint8Array;
  readonly friendlyName: string | undefined;
  /** Hexadecimal; a key and its certificate have the same. */
  readonly localKeyId: string | undefined;
  /** Java's attribute of a certificate that it trusts. */
  readonly isTrusted: boolean;
}

/** The keys and certificates of a PKCS#12 file, in its order. */
export interface Pkcs12Content {
  readonly keys: readonly Pkcs12Entry[];
  readonly certificates: readonly Pkcs12Entry[];
}

/**
 * Reads a PKCS#12 file (RFC 7292), DER or BER. Throws `PKCS12_PASSWORD_WRONG`, `PKCS12_MAC_MISSING`, `PKCS12_ALGORITHM_UNSUPPORTED`, and `DER_INVALID` for what is cut off or is not such a file.
 */
export function readPkcs12(file: Uint8Array, password: string): Pkcs12Content {
  const pfx = parse(file).expect(sequenceTag, 'it');
  const [version, safes, mac] = pfx.children;
  if (version?.tag !== integerTag || version.integer !== 3n) throw pfx.problem('its version is not 3: it is not a PKCS#12 file');
  const content = contentOf(part(safes, pfx));
  if (!mac) throw new MtlsFixturesError('PKCS12_MAC_MISSING', {});
  verifyMac(mac, content, password);

  const keys: Pkcs12Entry[] = [];
  const certificates: Pkcs12Entry[] = [];
  for (const info of parse(content).children) collect(parse(safeContent(info, password)), 0);
  return { keys, certificates };

  function collect(bags: DerElement, depth: number): void {
    if (depth > deepest) throw bags.problem('its bags are nested too deep');
    for (const each of bags.children) {
      const [type, wrapper, attributes] = each.children;
      const kind = part(type, each).expect(objectIdentifierTag, 'the kind of a bag').objectIdentifier;
      const value = part(wrapper, each).inner();
      if (kind === bag.nested) collect(value, depth + 1);
      else if (kind === bag.key) keys.push({ der: value.bytes, ...attributesOf(attributes) });
      else if (kind === bag.shroudedKey) keys.push({ der: shroudedKey(value, password), ...attributesOf(attributes) });
      else if (kind === bag.certificate && value.children[0]?.objectIdentifier === x509Certificate)
        certificates.push({ der: part(value.children[1], value).inner().content, ...attributesOf(attributes) });
    }
  }
}

function safeContent(info: DerElement, password: string): Uint8Array {
  if (part(info.children[0], info).objectIdentifier !== pkcs7.encryptedData) return contentOf(info);
  const [, encrypted] = part(info.children[1], info).inner().children;
  const [, algorithm, content] = part(encrypted, info).children;
  const octets = part(content, info);
  // In pieces it is constructed (BER): each an octet string.
  const whole = octets.tag === 0xa0 ? Buffer.concat(octets.children.map((piece) => piece.content)) : octets.content;
  return decrypt(part(algorithm, info), whole, password);
}

function contentOf(info: DerElement): Uint8Array {
  const [type, wrapper] = info.children;
  const kind = part(type, info).expect(objectIdentifierTag, 'the kind of its content').objectIdentifier;
  if (kind !== pkcs7.data) throw unsupported(kind);
  return part(wrapper, info).inner().expect(octetStringTag, 'its content').content;
}

/** The key alone: a block cipher's padding has been taken off, and nothing else follows. */
function shroudedKey(value: DerElement, password: string): Uint8Array {
  const [algorithm, encrypted] = value.children;
  return parse(decrypt(part(algorithm, value), part(encrypted, value).content, password)).bytes;
}

function attributesOf(set: DerElement | undefined): Omit<Pkcs12Entry, 'der'> {
  const values = new Map<string, DerElement | undefined>();
  for (const attribute of set?.children ?? []) {
    const [type, list] = attribute.children;
    values.set(part(type, attribute).objectIdentifier, list?.children[0]);
  }
  const localKeyId = values.get(bagAttribute.localKeyId)?.content;
  return {
    friendlyName: values.get(bagAttribute.friendlyName)?.text,
    localKeyId: localKeyId && Buffer.from(localKeyId).toString('hex'),
    isTrusted: values.has(bagAttribute.trustedKeyUsage),
  };
}

function parse(bytes: Uint8Array): DerElement {
  return readDer(derOfBer(bytes, what), what);
}

const what = 'PKCS#12 file';
const integerTag = 0x02;
const octetStringTag = 0x04;
const objectIdentifierTag = 0x06;
const sequenceTag = 0x30;
const deepest = 8;
