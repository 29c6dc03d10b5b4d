import { MtlsFixturesError } from '../../errors/index.ts';
import type { FieldLines, ForwardedField, HeaderNames } from '../format.ts';
import { malformed, malformedBy } from '../malformed.ts';

/** The texts of fields, by what they say. */
export type FieldTexts = Readonly<Partial<Record<ForwardedField, string>>>;

/** Refuses every header but `certificate` and `verify` that says something else than the proxy sends for this certificate, or for none. What `expected` lacks, it does not send. */
export function requireAgreement(
  names: HeaderNames,
  lines: FieldLines,
  { expected, hasCertificate }: { readonly expected: FieldTexts; readonly hasCertificate: boolean },
): void {
  for (const [field, [given = '']] of givenFields(lines)) {
    const value = expected[field];
    if (value === undefined || withoutBlanks(given) !== withoutBlanks(value))
      throw malformed(
        names[field] ?? field,
        `it is not what the proxy sends ${hasCertificate ? 'for the certificate' : 'without a certificate'}`,
      );
  }
}

/** The names that came, where something in them has to be escaped: vendors document "RFC 2253", and no example of an escape. They are taken as they are, and compared with nothing. */
export function namesAsGiven({ issuer, subject }: FieldTexts, given: FieldLines): FieldTexts {
  return {
    ...(issuer?.includes('\\') === true && given.issuer?.[0] !== undefined && { issuer: given.issuer[0] }),
    ...(subject?.includes('\\') === true && given.subject?.[0] !== undefined && { subject: given.subject[0] }),
  };
}

/** What is read in a certificate of any bytes; one that cannot be read is malformed. */
export function readCertificateIn<Read>(header: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw malformedBy(header, error);
    throw error;
  }
}

/** Every field that came but the certificate, as text: octets are read as UTF-8. */
export function fieldTexts(lines: FieldLines): FieldTexts {
  const texts = Object.entries(lines).map(([field, [value = '']]) => [field, Buffer.from(value, 'latin1').toString('utf8')]);
  return Object.fromEntries(texts.filter(([field]) => field !== 'certificate'));
}

function givenFields(lines: FieldLines): readonly [ForwardedField, readonly string[]][] {
  const entries = Object.entries(lines) as [ForwardedField, readonly string[]][]; // its own keys
  return entries.filter(([field]) => field !== 'certificate' && field !== 'verify');
}

/** HTTP removes blanks around a value (RFC 9110 5.5). By hand: an expression for the end takes quadratic time. */
export function withoutBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value[start])) start += 1;
  while (end > start && isBlank(value[end - 1])) end -= 1;
  return value.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
