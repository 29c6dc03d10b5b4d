import { MtlsFixturesError } from '../../errors/index.ts';

/** Refuses a Certificate message without an identity: a proof of possession needs a key. */
export function requireIdentityBeside(certificateMessage: unknown, identity: unknown): void {
  if (certificateMessage !== undefined && identity === undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'certificateMessage',
      value: 'without identity',
      expected: 'a list of DER certificates, beside an identity whose key signs',
    });
}
