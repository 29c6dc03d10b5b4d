import { decodePem, encodePem } from '../../../asn1/pem.ts';
import type { FormatFacts } from './format-facts.ts';

/** The text that a certificate has in a header's value, by the format's encoding. */
export class CertificateText {
  readonly #facts: FormatFacts;

  constructor(facts: FormatFacts) {
    this.#facts = facts;
  }

  /** A certificate, as the format writes it. */
  write(der: Uint8Array): string {
    const { encoding } = this.#facts;
    if (encoding === 'byte-sequence' || encoding === 'base64-der') return Buffer.from(der).toString('base64');
    return this.writePem(encodePem('CERTIFICATE', der));
  }

  /** PEM of any kind and number, as the format writes it. */
  writePem(pem: string): string {
    const { encoding, keepsPlus } = this.#facts;
    if (encoding === 'spaced-pem') return pem.replaceAll('\n', ' ');
    const escaped = encodeURIComponent(pem);
    return keepsPlus ? escaped.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=') : escaped;
  }

  /** The certificate in such a text; of several, the first. */
  read(text: string): Uint8Array {
    const [{ der } = { der: new Uint8Array() }] = this.#isPem ? decodePem(this.readPem(text)) : [{ der: Buffer.from(text, 'base64') }];
    return der;
  }

  /** The PEM in such a text. */
  readPem(text: string): string {
    if (this.#facts.encoding !== 'spaced-pem') return decodeURIComponent(text);
    return text.replaceAll(/ (?!CERTIFICATE)/gu, '\n');
  }

  /** A header's value, with the text of the first certificate in it changed. */
  edit(value: string, change: (text: string) => string): string {
    const { encoding, chain } = this.#facts;
    if (encoding === 'byte-sequence') return value.replace(/^:(.*):$/u, (_whole, text: string) => `:${change(text)}:`);
    if (encoding === 'xfcc') return value.replace(/\bCert="([^"]*)"/u, (_whole, text: string) => `Cert="${change(text)}"`);
    if (chain !== 'list') return change(value);
    const [first = '', ...issuers] = value.split(',');
    return [change(first), ...issuers].join(',');
  }

  get #isPem(): boolean {
    const { encoding } = this.#facts;
    return encoding === 'percent-pem' || encoding === 'spaced-pem' || encoding === 'xfcc';
  }
}
