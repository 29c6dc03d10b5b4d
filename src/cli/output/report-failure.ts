import { debuglog } from 'node:util';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { printableLines } from '../../handshake/verdict/printable.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reasonOf } from './new-files.ts';

/** Reports in one line why a command failed, and returns its exit code. A stack trace is printed on request alone: `NODE_DEBUG=mtls-fixtures`. */
export function reportFailure(error: unknown): ExitCode {
  debuglog('mtls-fixtures')('%s', Object(error).stack ?? textOf(error));
  if (error instanceof MtlsFixturesError) {
    process.stderr.write(`${printableLines(error.message)}\n`);
    return infrastructure.has(error.code) ? exitCodes.notJudged : exitCodes.misuse;
  }
  const { syscall } = Object(error) as NodeJS.ErrnoException; // any object reads undefined where this is missing
  const reason = (syscall === undefined ? textOf(error) : reasonOf(error)).replaceAll(/\s*\n\s*/gu, ' ');
  const advice = syscall === undefined ? '; this is a fault of mtls-fixtures, NODE_DEBUG=mtls-fixtures shows where' : '';
  process.stderr.write(`${printableLines(`Cannot finish the command: ${reason}${advice}`)}\n`);
  return syscall === undefined ? exitCodes.notJudged : exitCodes.misuse;
}

/** Errors of the environment, not of the way the command was called. */
const infrastructure: ReadonlySet<string> = new Set([
  'CONNECT_FAILED',
  'HOST_NOT_FOUND',
  'HANDSHAKE_TIMEOUT',
  'NOT_TLS',
  'CLOSED_BEFORE_TLS',
  'CONNECTION_CUT',
  'STARTTLS_REFUSED',
  'STARTTLS_FAILED',
  'PORT_IN_USE',
]);
