import type tls from 'node:tls';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { Tap } from '../../wire/tap/tap.ts';
import type { ParsedAttempt } from './attempt-options.ts';
import { describeError } from '../verdict/client-errors/node-error.ts';
import { nodeTls } from '../server/node-tls.ts';
import { withoutThrowing } from '../server/verify-peer.ts';

/** Starts TLS over the tap. Options that OpenSSL refuses are misuse, not a handshake: `OPTION_INVALID`. */
export function connectTls(tap: Tap, { connectOptions }: ParsedAttempt): tls.TLSSocket {
  const { checkServerIdentity } = connectOptions;
  try {
    return nodeTls().connect({
      ...connectOptions,
      ...(checkServerIdentity && { checkServerIdentity: withoutThrowing(checkServerIdentity) }),
      socket: tap,
    });
  } catch (cause) {
    tap.destroy();
    throw refusedOptions(cause);
  }
}

/** The error for options that the TLS engine refuses. */
export function refusedOptions(cause: unknown): MtlsFixturesError {
  return new MtlsFixturesError(
    'OPTION_INVALID',
    { option: 'tls options', value: describeError(cause).text, expected: 'options that tls.connect takes' },
    { cause },
  );
}
