import { type DerElement, readDer } from '../../asn1/der-reader.ts';

/** One attribute of a name, as it is in the certificate: `part` counts the parts, of which one may have several attributes. */
export interface RawAttribute {
  readonly part: number;
  /** Dotted object identifier. */
  readonly type: string;
  readonly value: DerElement;
}

/** A name in the order of the certificate. */
export type RawName = readonly RawAttribute[];

/** What proxies write of a certificate without reading it as text. */
export interface CertificateOctets {
  readonly serialNumber: bigint;
  readonly issuer: RawName;
  readonly subject: RawName;
  readonly notBefore: DerElement;
  readonly notAfter: DerElement;
  /** The same as elements, with the octets that they have in the certificate. */
  readonly elements: Readonly<Record<'serialNumber' | 'issuer' | 'subject', DerElement>>;
}

/** Reads them. Throws `DER_INVALID`. */
export function certificateOctets(certificate: Uint8Array): CertificateOctets {
  const element = readDer(certificate, 'certificate');
  const fields = element.children[0]?.children ?? [];
  const [serial, , issuer, validity, subject] = fields.slice(fields[0]?.tag === versionTag ? 1 : 0);
  const [notBefore, notAfter] = validity?.children ?? [];
  if (!serial || !issuer || !notBefore || !notAfter || !subject) throw element.problem('a field is missing');
  return {
    serialNumber: serial.expect(0x02, 'the serial number').integer,
    issuer: rawName(issuer),
    subject: rawName(subject),
    notBefore,
    notAfter,
    elements: { serialNumber: serial, issuer, subject },
  };
}

function rawName(name: DerElement): RawName {
  return name.expect(0x30, 'a name').children.flatMap((set, part) =>
    set.expect(0x31, 'a part of a name').children.map((attribute) => {
      const [type, value] = attribute.expect(0x30, 'an attribute of a name').children;
      if (!type || !value) throw name.problem('an attribute of a name has no value');
      return { part, type: type.expect(0x06, 'the type of an attribute').objectIdentifier, value };
    }),
  );
}

const versionTag = 0xa0;
