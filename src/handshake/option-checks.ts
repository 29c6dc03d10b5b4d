import { MtlsFixturesError } from '../errors/index.ts';

/** Refuses what is not a positive, finite number of milliseconds. */
export function requireMilliseconds(option: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 2 ** 31 - 1)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option,
      value: String(value),
      expected: 'a positive number of milliseconds below 2^31',
    });
}

/** Refuses what is not one of the words. */
export function requireOneOf(option: string, value: string, words: readonly string[]): void {
  if (!words.includes(value))
    throw new MtlsFixturesError('OPTION_INVALID', { option, value: String(value), expected: `one of ${words.join(', ')}` });
}

/** Refuses what is no list of DER to present, and one without an identity: a proof of possession needs a key. */
export function requireCertificateMessage(certificates: unknown, identity: unknown): void {
  if (certificates === undefined) return;
  const isList = Array.isArray(certificates) && certificates.every((certificate) => certificate instanceof Uint8Array);
  if (!isList || identity === undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'certificateMessage',
      value: isList ? 'without identity' : typeof certificates,
      expected: 'a list of DER certificates, beside an identity whose key signs',
    });
}
