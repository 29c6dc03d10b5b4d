import { MtlsFixturesError } from '../errors/index.ts';

/** A header that no proxy sends in this form. */
export function malformed(header: string, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('FORWARDED_INVALID', { header, problem });
}

/** The same for what a reader of certificates has thrown. */
export function malformedBy(header: string, error: unknown): MtlsFixturesError {
  const { problem } = Object(error instanceof MtlsFixturesError ? error.facts : undefined) as { readonly problem?: unknown }; // of PEM_INVALID and DER_INVALID
  return malformed(header, `it holds no certificate that can be read${typeof problem === 'string' ? `: ${problem}` : ''}`);
}
