import { MtlsFixturesError } from '../../errors/index.ts';
import type { ParsedAttempt } from './attempt-options.ts';

/** The error for a server whose first bytes are none of TLS: `NOT_TLS`, and after STARTTLS, which it has agreed to, `STARTTLS_FAILED`. */
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
