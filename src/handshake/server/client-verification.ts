import type tls from 'node:tls';
import { anchorsPem, crlList, type RevocationLists, type Trust } from './trust.ts';

/** Whether a server asks for a client certificate, and whether it goes on without a verified one. */
export type ClientAuth = 'require' | 'request' | 'none';

/** How clients are verified. */
interface ClientVerification {
  readonly trust: Trust | undefined;
  readonly crl: RevocationLists | undefined;
  readonly clientAuth: ClientAuth | undefined;
}

/** The same in Node's options. `fallback` has the anchors where `trust` is left out, `who` is for the message where there are none. */
export function verification(
  { trust, crl, clientAuth = 'require' }: ClientVerification,
  { fallback, who }: { readonly fallback: { readonly anchors: string }; readonly who: () => string },
): tls.TlsOptions {
  const isUnused = clientAuth === 'none' && trust === undefined;
  const ca = isUnused ? undefined : anchorsPem(trust ?? fallback.anchors, who);
  return {
    ...(ca !== undefined && { ca }),
    ...(crl !== undefined && { crl: crlList(crl) }),
    requestCert: clientAuth !== 'none',
    rejectUnauthorized: clientAuth === 'require',
  };
}
