import { readDer } from '../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { decodeName } from '../../x509/names/distinguished-name.ts';
import type { ForwardedField, HeaderNames } from '../format.ts';
import { malformed } from '../malformed.ts';
import type { FieldTexts } from './agreement.ts';
import { bytesOfBase64 } from './base64-der.ts';

/** What Google's headers say besides the certificates, decoded: lists of names, and names from DER. */
export function googleFields(names: HeaderNames, texts: FieldTexts): Record<string, string | readonly string[]> {
  const fields = Object.entries(texts) as [ForwardedField, string][]; // its own keys
  return Object.fromEntries(
    fields
      .filter(([field]) => field !== 'certificate' && field !== 'chain')
      .map(([field, text]) => [field, decoders[field]?.(names[field] ?? field, text) ?? text]),
  );
}

const decoders: Readonly<Partial<Record<ForwardedField, (header: string, text: string) => string | readonly string[]>>> = {
  uris: textList,
  dnsNames: textList,
  issuer: nameText,
  subject: nameText,
};

function textList(header: string, text: string): readonly string[] {
  return text.split(',').map((item) => Buffer.from(bytesOfBase64(header, item)).toString('utf8'));
}

function nameText(header: string, text: string): string {
  const bytes = bytesOfBase64(header, text);
  try {
    return decodeName(readDer(bytes, 'name')).text;
  } catch (error) {
    throw malformed(header, error instanceof MtlsFixturesError ? error.message : 'it is not a name in DER');
  }
}
