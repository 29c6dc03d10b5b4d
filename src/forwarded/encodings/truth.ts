import { malformed } from '../malformed.ts';

/** What `true` and `false` say; undefined for a header that is absent. */
export function truthOf(header: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw malformed(header, 'it is neither true nor false');
  return text === 'true';
}
