import { MtlsFixturesError, textOf } from '../errors/index.ts';

/** `OPTION_INVALID`: what an option was given, and what it takes. */
export function invalidOption(option: string, value: unknown, expected: string): MtlsFixturesError {
  return new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(value), expected });
}
