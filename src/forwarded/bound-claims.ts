import { invalidOption, textOf } from '../errors/index.ts';
import { isHandshake, type Handshake } from '../handshake/verdict/handshake.ts';
import type { Identity } from '../pki/identity.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';

/** The claims of a token that is bound to a certificate (RFC 8705 3.1). */
export interface BoundClaims {
  readonly cnf: { readonly 'x5t#S256': string };
}

/**
 * The claims that bind an access token to a client's certificate, to be spread into those of the token: `{ ...boundClaims(identity), sub }`. Of a handshake that of the client which it
 * saw. Throws `OPTION_INVALID` for what has no certificate.
 */
export function boundClaims(client: Identity | PeerCertificate | Handshake): BoundClaims {
  const certificate: unknown = isHandshake(client) ? client.clientCertificate : client; // the rest from JavaScript
  if (typeof certificate === 'object' && certificate !== null && 'thumbprint' in certificate && typeof certificate.thumbprint === 'string')
    return { cnf: { 'x5t#S256': certificate.thumbprint } };
  throw invalidOption(
    'client',
    isHandshake(client) ? 'a Handshake without client certificate' : textOf(client),
    'an Identity, a PeerCertificate, or a Handshake whose client presented a certificate',
  );
}
