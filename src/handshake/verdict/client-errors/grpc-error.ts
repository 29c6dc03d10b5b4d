import { reasonInWords, verifyCodeOf } from '../reasons/reasons.ts';
import { memberOf } from './errors-within.ts';

/**
 * The error of Node's that @grpc/grpc-js put into the words of its own, `14 UNAVAILABLE: No connection established. Last error: Error:
 * certificate has expired. Resolution note: `: it keeps neither the error nor its code (measured on 1.14.7). Undefined for everything else.
 */
export function grpcConnectionError(error: object): { readonly code: string | undefined; readonly message: string } | undefined {
  if (!isLocalStatus(error)) return undefined;
  const [, code, message] =
    /^(?:\w+: )?No connection established\. Last error: (?:Error(?: \[(\w+)\])?: )?(.+)$/su.exec(error.details) ?? [];
  if (message === undefined) return undefined;
  const words = message
    .replace(/\. Resolution note: .*$/su, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/u, '')
    .trim();
  return { code: code ?? codeOf(words), message: words };
}

function codeOf(words: string): string | undefined {
  return verifyCodeOf(words) ?? (reasonInWords(unnamed, words) === undefined ? undefined : unnamed);
}

/**
 * A status that the client made up itself. A server that relays the failure of its own upstream call sends the very same words; a status
 * without an answer before it comes with the headers of its HTTP response as metadata (measured on 1.14.7), a client's own comes with none.
 */
function isLocalStatus(error: object): error is { readonly details: string } {
  if (memberOf(error, 'code') !== unavailable || typeof memberOf(error, 'details') !== 'string') return false;
  const metadata = memberOf(error, 'metadata');
  return isMetadata(metadata) && Object.keys(metadata.getMap()).length === 0;
}

function isMetadata(value: unknown): value is { getMap(): object } {
  return typeof memberOf(value, 'getMap') === 'function';
}

/** `UNAVAILABLE` (grpc/grpc, doc/statuscodes.md). */
const unavailable = 14;
/** What Node calls a verify code that it has no name for. */
const unnamed = 'UNSPECIFIED';
