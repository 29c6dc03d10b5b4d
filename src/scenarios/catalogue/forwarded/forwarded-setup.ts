import type { ForwardedField, ForwardedFormat, HeaderFormat, HeaderLine, HeaderNames } from '../../../forwarded/format.ts';
import { formatNamed } from '../../../forwarded/formats.ts';
import type { ForwardedClientOptions, ForwardedSubject } from '../../../forwarded/forwarded-client.ts';
import { forwardedLines, nameOf } from '../../../forwarded/forwarded-headers.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { Pki } from '../../../pki/pki.ts';
import { legitimateClient } from '../authorization.ts';
import type { LegitimatePeer } from '../scenario.ts';
import { CertificateText } from './certificate-text.ts';
import { type FormatFacts, formatFacts } from './format-facts.ts';
import type { ForwardedArrangement } from './forwarded-scenario.ts';

/** The clients that scenarios are arranged for, and the headers by which their proxy names them. */
export class ForwardedSetup implements ForwardedArrangement {
  readonly pki: Pki;
  readonly format: ForwardedFormat;
  readonly names: HeaderNames | undefined;
  readonly row: HeaderFormat;
  readonly facts: FormatFacts;
  readonly authorizes: LegitimatePeer;
  /** How the certificate is written in a value. */
  readonly text: CertificateText;
  #plain: Identity | undefined;
  #plus: Identity | undefined;
  #other: Identity | undefined;

  /** Throws `OPTION_INVALID` for a format that does not exist. */
  constructor({ pki, format, names, authorizes = { commonName: 'client' } }: ForwardedArrangement) {
    this.pki = pki;
    this.format = format;
    this.names = names;
    this.row = formatNamed(format);
    this.facts = formatFacts[format];
    this.authorizes = authorizes;
    this.text = new CertificateText(this.facts);
  }

  /** The same clients for the same arrangement. */
  static of(arrangement: ForwardedArrangement): ForwardedSetup {
    return arrangement instanceof ForwardedSetup ? arrangement : new ForwardedSetup(arrangement);
  }

  /** The peer that the application authorizes. Its certificate has no `+` in Base64, where that can be had: only one scenario is about it. */
  get authorized(): Identity {
    return (this.#plain ??= this.#minted((base64) => !base64.includes('+')));
  }

  /** The same peer, with a certificate that has `+` and `/` in Base64. */
  get authorizedWithPlus(): Identity {
    return (this.#plus ??= this.#minted((base64) => base64.includes('+') && base64.includes('/')));
  }

  /** A valid client of the same CA, which the application does not authorize. */
  get other(): Identity {
    return (this.#other ??= this.pki.client(this.otherName));
  }

  /** The common name of clients that are not the authorized one. */
  get otherName(): string {
    return this.authorizes.commonName === 'another client' ? 'a third client' : 'another client';
  }

  /** By which name the authorized peer is known. */
  get authorizedName(): string {
    return Object.values(this.authorizes)[0] ?? '';
  }

  /** The lines that the proxy sends for a client, or for one without certificate. */
  lines(client: ForwardedSubject, options: ForwardedClientOptions = {}): readonly HeaderLine[] {
    return forwardedLines(client, this.format, { ...options, ...(this.names && { names: this.names }) });
  }

  /** Those of them that hold the certificate, or the name where the format has no certificate, and the proxy's verdict; without what names the client besides. */
  essentials(client: ForwardedSubject, options: ForwardedClientOptions = {}): readonly HeaderLine[] {
    const kept = new Set(essentialFields.map((field) => this.nameOf(field).toLowerCase()));
    return this.lines(client, options)
      .filter(([name]) => kept.has(name.toLowerCase()))
      .map(([name, value]) => [name, this.facts.encoding === 'xfcc' ? withoutNames(value) : value]);
  }

  /** The name of a field's header. */
  nameOf(field: ForwardedField): string {
    return nameOf(this.row, field, this.names);
  }

  /** The name of the header without which there is no client. */
  get mainName(): string {
    return this.nameOf(this.facts.encoding === 'identity' ? 'user' : 'certificate');
  }

  /** Lines, the one of a field with another value. */
  with(lines: readonly HeaderLine[], field: ForwardedField, edit: (value: string) => string): readonly HeaderLine[] {
    const wanted = this.nameOf(field).toLowerCase();
    return lines.map(([name, value]) => [name, name.toLowerCase() === wanted ? edit(value) : value]);
  }

  /** Lines without that of a field. */
  without(lines: readonly HeaderLine[], field: ForwardedField): readonly HeaderLine[] {
    const dropped = this.nameOf(field).toLowerCase();
    return lines.filter(([name]) => name.toLowerCase() !== dropped);
  }

  /**
   * The authorized peer's lines with its certificate written otherwise: in the value, `edit` gets the text that the certificate has there. Without what names the client besides,
   * which an application may rightly go by, unless `whole`.
   */
  rewritten(edit: (text: string) => string, { whole = false }: { readonly whole?: boolean } = {}): readonly HeaderLine[] {
    const lines = whole ? this.lines(this.authorized) : this.essentials(this.authorized);
    return this.with(lines, 'certificate', (value) => this.text.edit(value, edit));
  }

  /** Mints until the certificate fits; not for long where its signs are in what all of them have in common. */
  #minted(fits: (base64: string) => boolean): Identity {
    let identity = legitimateClient(this.pki, this.authorizes);
    let common: readonly number[] | undefined;
    for (let tries = 1; tries < mostTries; tries += 1) {
      const base64 = identity.certificate.raw.toString('base64');
      if (fits(base64) || base64.length > longestTried) return identity;
      common = common?.filter((at) => base64[at] === '+') ?? [...base64.matchAll(/\+/gu)].map(({ index }) => index);
      if (tries > 4 && common.length > 0) return identity;
      identity = legitimateClient(this.pki, this.authorizes);
    }
    return identity;
  }
}

/** Envoy's element with `By`, `Hash` and `Cert` alone, as it is where only they are configured: `Chain` has the certificate once more. */
function withoutNames(value: string): string {
  return value.replaceAll(/;(?:Subject|Issuer|Chain)="(?:[^"\\]|\\.)*"|;(?:URI|DNS)=[^;,]*/gu, '');
}

const essentialFields: readonly ForwardedField[] = ['certificate', 'chain', 'verify', 'present', 'error', 'user', 'groups', 'extra'];
/** A certificate of a P-256 key has no `+` one time in a few dozen, one of an RSA key practically never. */
const mostTries = 200;
const longestTried = 1000;
