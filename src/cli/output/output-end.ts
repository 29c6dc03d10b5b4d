import { writeSync } from 'node:fs';
import { fileReason, MtlsFixturesError } from '../../errors/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { failureLine } from './report-failure.ts';

/**
 * Ends the command where its output cannot be written. A reader that closed its end (`| head`) ends it without a message and with a shell's code for SIGPIPE, as other
 * programs end; Node ignores that signal and emits EPIPE instead. A full disk is reported in one line.
 */
export function endWithOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosedPipe(error)) process.exit(brokenPipe);
    report(failureLine(new MtlsFixturesError('WRITE_FAILED', { path: 'standard output', reason: fileReason(error) })));
    process.exit(exitCodes.misuse);
  });
  // The message is lost; the exit code remains.
  process.stderr.on('error', () => {});
}

/** 128 and the number of SIGPIPE. */
const brokenPipe = 141;

/** Whether the reader of the output closed its end. */
export function isClosedPipe({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}

/** At once, since the process ends now; the same disk may be full for it too. */
function report(line: string): void {
  try {
    writeSync(process.stderr.fd, `${line}\n`);
  } catch {
    // there is no other place to report it
  }
}
