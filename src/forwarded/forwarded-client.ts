import { invalidOption } from '../errors/index.ts';
import { isHandshake, type Handshake } from '../handshake/verdict/handshake.ts';
import type { Reason } from '../handshake/verdict/reasons/reason.ts';
import { Identity } from '../pki/identity.ts';
import { certificatesIn } from '../x509/pem-input.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import type { ForwardedClient } from './format.ts';

/** Whose certificate is forwarded; undefined: a client that presented none. */
export type ForwardedSubject = Identity | PeerCertificate | Handshake | undefined;

/** What the proxy knows besides the certificate. */
export interface ForwardedClientOptions {
  /**
   * Whether the proxy verified the certificate, or why it is not valid: OpenSSL's name, as `handshake.reason` has it. Only formats with such a header show it. Default: what the
   * handshake says, otherwise true.
   */
  readonly verified?: boolean | Reason | (string & {}) | undefined;
  /** Whether the issuers are sent too, where the format leaves that to the operator. Default true. */
  readonly chain?: boolean | undefined;
  /** The URI name of the proxy's own certificate: Envoy's `By`. Default: none. */
  readonly by?: string | undefined;
}

/** The client that a proxy has to name. Throws `OPTION_INVALID` for what is not one. */
export function forwardedClient(subject: ForwardedSubject, { verified, chain = true, by }: ForwardedClientOptions): ForwardedClient {
  const certificates = certificatesOf(subject);
  return { certificates, verified: verified ?? verifiedBy(subject), chain, by };
}

/** What the server of a handshake found; a client that refused it had not been judged. */
function verifiedBy(subject: ForwardedSubject): ForwardedClient['verified'] {
  if (!isHandshake(subject)) return true;
  const { rejectedBy, reason, authorizationError } = subject;
  return authorizationError ?? (rejectedBy === 'server' ? (reason ?? false) : true);
}

function certificatesOf(subject: ForwardedSubject): readonly Uint8Array[] {
  if (subject === undefined) return [];
  if (subject instanceof Identity) return certificatesIn('identity', subject.chainPem);
  if (isHandshake(subject)) return certificatesOf(subject.clientCertificate);
  const given: unknown = subject; // from JavaScript
  if (typeof given === 'object' && given !== null && 'pem' in given && 'chain' in given)
    return [subject, ...subject.chain].flatMap(({ pem }) => certificatesIn('certificate', pem));
  throw invalidOption('client', given, 'an Identity, a PeerCertificate, a Handshake, or undefined for a client without certificate');
}
