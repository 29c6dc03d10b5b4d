import { readDer } from '../../../asn1/der-reader.ts';
import { decodeName } from '../../../x509/names/distinguished-name.ts';
import { serialText } from '../../../x509/inspect-certificate.ts';

/** What a next step says of a CRL that is checked. */
export interface KnownCrl {
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Serial numbers that it lists, as certificates show them. */
  readonly revoked: ReadonlySet<string>;
}

/** Reads one from DER (RFC 5280 5.1). Throws `DER_INVALID`. */
export function readKnownCrl(der: Uint8Array): KnownCrl {
  const fields = readDer(der, 'CRL').expect(0x30, 'it').children[0]?.expect(0x30, 'the signed part').children ?? [];
  const [, issuer, thisUpdate, ...rest] = fields.slice(fields[0]?.tag === 0x02 ? 1 : 0);
  if (!issuer || !thisUpdate) throw readDer(der, 'CRL').problem('a field is missing');
  const nextUpdate = rest.find(({ tag }) => tag === 0x17 || tag === 0x18);
  const entries = rest.find(({ tag }) => tag === 0x30)?.children ?? [];
  return {
    issuer: decodeName(issuer).text,
    thisUpdate: thisUpdate.time,
    nextUpdate: nextUpdate?.time,
    revoked: new Set(entries.flatMap(({ children: [serial] }) => (serial ? [serialText(serial.integer)] : []))),
  };
}
