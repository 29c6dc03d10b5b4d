import { textOf } from './error-of.ts';
import { MtlsFixturesError } from './mtls-fixtures-error.ts';

/** `OPTION_INVALID`: what an option was given, and what it takes. */
export function invalidOption(option: string, value: unknown, expected: string, options?: ErrorOptions): MtlsFixturesError {
  return new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(value), expected }, options);
}
