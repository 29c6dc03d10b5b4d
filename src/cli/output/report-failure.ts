import { debuglog } from 'node:util';
import { fileReason, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { printable } from '../../errors/printable.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { foldWords } from './lines.ts';

/** Reports in one line why a command failed, and returns its exit code. A stack trace is printed on request alone: `NODE_DEBUG=mtls-fixtures`. */
export function reportFailure(error: unknown): ExitCode {
  debuglog('mtls-fixtures')('%s', Object(error).stack ?? textOf(error));
  if (error instanceof MtlsFixturesError) {
    complain(failureLine(error));
    return infrastructure.has(error.code) ? exitCodes.notJudged : exitCodes.misuse;
  }
  const { syscall } = Object(error) as NodeJS.ErrnoException; // any object reads undefined where this is missing
  const reason = syscall === undefined ? textOf(error) : fileReason(error);
  const advice = syscall === undefined ? '; this is a fault of mtls-fixtures, NODE_DEBUG=mtls-fixtures shows where' : '';
  complain(`Cannot finish the command: ${reason}${advice}`);
  return syscall === undefined ? exitCodes.notJudged : exitCodes.misuse;
}

/** The message of an error and its code, which docs/errors.md explains. */
export function failureLine({ message, code }: MtlsFixturesError): string {
  return `${message} (${code})`;
}

/** Prints one line on standard error; a terminal shows it on several, without breaking words. */
export function complain(line: string): void {
  const shown = printable(line.replaceAll(/\s*\n\s*/gu, ' '));
  process.stderr.write(`${foldWords(shown, process.stderr.isTTY ? process.stderr.columns : undefined, { indent: 2 })}\n`);
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
