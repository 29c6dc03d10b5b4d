import { malformed } from '../malformed.ts';

/** What nginx and Apache say of the verification, as `verified`. Throws for other words, and for words that contradict whether there is a certificate. */
export function readVerifyWords(
  header: string,
  words: string | undefined,
  { hasCertificate, generous = false }: { readonly hasCertificate: boolean; readonly generous?: boolean },
): boolean | undefined {
  if (words === undefined) return undefined;
  const isKnown = words === 'NONE' || words === 'SUCCESS' || (generous && words === 'GENEROUS') || /^FAILED:[\x20-\x7e]+$/u.test(words);
  if (!isKnown) throw malformed(header, `it is neither NONE, nor SUCCESS, nor FAILED: and a reason${generous ? ', nor GENEROUS' : ''}`);
  if (hasCertificate && words === 'NONE') throw malformed(header, 'it says NONE, and there is a certificate');
  if (!hasCertificate && words !== 'NONE') throw malformed(header, 'it does not say NONE, and there is no certificate');
  return words === 'SUCCESS';
}
