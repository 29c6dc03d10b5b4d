import { X509Certificate } from 'node:crypto';
import { decodePem, firstArmour } from '../asn1/pem.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { textList } from '../options/checks.ts';

/** Trust anchors as PEM text, or something that has them (a `Pki`, an `Authority`, an `Identity`). */
export type Trust = string | { readonly anchors: string } | readonly (string | { readonly anchors: string })[];

/**
 * The anchors as one PEM text. Refuses what Node takes for "the public roots" or for a silent empty store: undefined, null, '',
 * an empty list, text without a certificate (measured on Node 20 to 26).
 */
export function anchorsPem(trust: Trust, who: string): string {
  const list = Array.isArray(trust) ? trust : [trust];
  const texts = list.map((entry: unknown) => anchorsOf(entry));
  if (texts.every((text) => text.trim() === '')) throw new MtlsFixturesError('TRUST_MISSING', { who });
  for (const text of texts) requireCertificates(text);
  return texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('');
}

/**
 * Certificate revocation lists, each as a text of its own: of several in one text Node 22 and 24 load only the first (measured on
 * 22.23 and 24.21; 26.10 loads all).
 */
export function crlList(crl: string | readonly string[]): string[] {
  return textList('crl', crl).flatMap((text) => {
    const blocks = decodePem(textOf(text));
    if (blocks.length === 0 || blocks.some(({ label }) => label !== 'X509 CRL')) {
      throw new MtlsFixturesError('PEM_INVALID', {
        what: 'crl',
        value: firstArmour(textOf(text)),
        problem: 'it holds something other than BEGIN X509 CRL',
      });
    }
    return blocks.map((block) => block.text);
  });
}

function anchorsOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry === 'object' && entry !== null && 'anchors' in entry && typeof entry.anchors === 'string') return entry.anchors;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: 'trust',
    value: entry === null ? 'null' : typeof entry,
    expected: 'PEM text of certificates, a Pki, an Authority, or a list of these',
  });
}

function requireCertificates(text: string): void {
  if (found.has(text)) return;
  const blocks = decodePem(text);
  const wrong = blocks.find(({ label }) => !label.endsWith('CERTIFICATE'));
  if (blocks.length === 0 || wrong) {
    const problem = wrong ? `it holds a ${wrong.label}, not a certificate` : 'it holds no certificate';
    throw new MtlsFixturesError('PEM_INVALID', { what: 'trust', value: firstArmour(text), problem });
  }
  try {
    blocks.forEach(({ der }) => new X509Certificate(der));
  } catch (cause) {
    throw new MtlsFixturesError(
      'PEM_INVALID',
      { what: 'trust', value: firstArmour(text), problem: 'a certificate in it cannot be parsed' },
      { cause },
    );
  }
  if (found.size >= mostFound) found.clear();
  found.add(text);
}

/** Texts that hold nothing but certificates: the anchors of one PKI are given again with every attempt. */
const found = new Set<string>();
const mostFound = 100;
