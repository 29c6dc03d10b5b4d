import { invalidOption } from '../../errors/index.ts';

/** An entry of `clientCertificates` in Playwright's `browser.newContext()`. */
export interface PlaywrightCertificate {
  /** The only origin to which the certificate is presented: scheme, host and port. */
  readonly origin: string;
  /** PEM: the leaf, then its intermediates. */
  readonly cert: Buffer;
  /** PKCS#8 PEM. */
  readonly key: Buffer;
}

/** The scheme, host and port of an https URL. Throws `OPTION_INVALID` for anything else, which Playwright would never match. */
export function originOf(url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:') return parsed.origin;
  throw invalidOption('origin', url, 'the URL of the server, https://host:port');
}
