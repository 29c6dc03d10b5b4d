import { MtlsFixturesError } from '../errors/index.ts';
import { isBytes } from '../options/bytes.ts';

/** Refuses what is no list of DER to present, and one without an identity: a proof of possession needs a key. */
export function requireCertificateMessage(certificates: unknown, identity: unknown): void {
  if (certificates === undefined) return;
  const isList = Array.isArray(certificates) && certificates.every(isBytes);
  if (!isList || identity === undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'certificateMessage',
      value: isList ? 'without identity' : typeof certificates,
      expected: 'a list of DER certificates, beside an identity whose key signs',
    });
}

/** Refuses what has no key and no chain. */
export function requireIdentity(identity: unknown): void {
  if (typeof identity !== 'object' || identity === null || !('keyPem' in identity))
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'identity',
      value: identity === null ? 'null' : typeof identity,
      expected: 'an Identity, e.g. pki.server()',
    });
}
