import { MtlsFixturesError } from './mtls-fixtures-error.ts';

/** Our error for one that the file system gave while `path` was written: `FILE_EXISTS` or `WRITE_FAILED`. Any other error as it is. */
export function writeError(error: unknown, path: string): unknown {
  if (!isOfFileSystem(error)) return error;
  if (error.code === 'EEXIST') return new MtlsFixturesError('FILE_EXISTS', { path }, { cause: error });
  return new MtlsFixturesError('WRITE_FAILED', { path, reason: fileReason(error) }, { cause: error });
}

/** The same for what was to be read: `READ_FAILED`. `advice`: where it should have come from. */
export function readError(error: unknown, path: string, advice: string): unknown {
  return isOfFileSystem(error)
    ? new MtlsFixturesError('READ_FAILED', { path, reason: fileReason(error), advice }, { cause: error })
    : error;
}

/** The same for what was to be removed: `REMOVE_FAILED`. */
export function removeError(error: unknown, path: string): unknown {
  return isOfFileSystem(error) ? new MtlsFixturesError('REMOVE_FAILED', { path, reason: fileReason(error) }, { cause: error }) : error;
}

/** "ENOSPC: no space left on device", without the call and the path that Node adds. */
export function fileReason(error: unknown): string {
  return String(Object(error).message).replace(/, \w+(?: '.*')?$/su, '');
}

/** By its shape: in Vitest's `vmThreads` Node's errors are of another realm. */
function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }; // whatever was thrown
  return !(error instanceof MtlsFixturesError) && typeof code === 'string' && typeof message === 'string';
}
