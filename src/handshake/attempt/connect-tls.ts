import type tls from 'node:tls';
import { invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import type { Tap } from '../../wire/tap/tap.ts';
import type { ParsedAttempt } from './attempt-options.ts';
import { describeError } from '../verdict/client-errors/node-error.ts';
import { nodeTls } from '../../options/engine.ts';

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

/** A check of the host name, whose objection is always an Error: Node leaves what it throws uncaught, and destroys the socket with whatever else it returns. */
function withoutThrowing(check: typeof tls.checkServerIdentity): typeof tls.checkServerIdentity {
  return (hostname, certificate) => {
    try {
      const objection: unknown = check(hostname, certificate);
      if (objection instanceof Error) return objection;
      return objection ? new Error(String(objection)) : undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}

/** The error for options that the TLS engine refuses. */
export function refusedOptions(cause: unknown): MtlsFixturesError {
  return invalidOption('tls options', describeError(cause).text, 'options that tls.connect takes', { cause });
}

/** The error for a server whose first bytes are not TLS: `NOT_TLS`, and after STARTTLS, which it has agreed to, `STARTTLS_FAILED`. */
export function notTls({ host, port, starttls }: ParsedAttempt, received: Uint8Array, cause: Error): MtlsFixturesError {
  const words = printable(received);
  if (starttls === undefined) return new MtlsFixturesError('NOT_TLS', { host, port, received: words }, { cause });
  const problem = 'went on in the clear after its go-ahead for TLS';
  return new MtlsFixturesError('STARTTLS_FAILED', { host, port, protocol: starttls, problem, answer: words }, { cause });
}

function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 40))
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/gu, '.');
}
