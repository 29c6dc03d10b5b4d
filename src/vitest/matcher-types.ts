import type { Identity } from '../pki/identity.ts';
import type { ExpectedAcceptance, ExpectedCertificate, ExpectedFailure, ExpectedRejection } from './matchers.ts';
import type { ExpectedServerAcceptance, ExpectedServerRejection } from './server-matchers.ts';

/** The matchers that this package adds to Vitest's `expect`. */
export interface MtlsMatchers<R> {
  /** The handshake was accepted by both ends, and is known to be by the evidence that is given. */
  toBeAccepted(expected?: ExpectedAcceptance): R;
  /** The handshake was rejected, and in the way that is given. */
  toBeRejected(expected?: ExpectedRejection): R;
  /** The client presented a certificate with these fields, accepted or not. */
  toHaveClientCertificate(expected?: ExpectedCertificate): R;
  /** The server presented a certificate with these fields, accepted or not. */
  toHaveServerCertificate(expected?: ExpectedCertificate): R;
  /** An observed server accepts this client; without identity, a client that presents no certificate. */
  toAccept(identity?: Identity, expected?: ExpectedServerAcceptance): Promise<void>;
  /** An observed server accepts the control and rejects this client in the way that is given. */
  toReject(identity?: Identity, expected?: ExpectedServerRejection): Promise<void>;
  /** A call of any client library fails because one end refused the handshake; nothing else that goes wrong counts. */
  toFailHandshake(expected?: ExpectedFailure): Promise<void>;
}

/**
 * Vitest makes its assertions from those of Chai, promises where they are to be awaited. Its own `Matchers` takes other type parameters in each
 * major version: to add to it would make the types of this package fit one of them only.
 */
declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Chai's types are in one
  namespace Chai {
    interface Assertion extends MtlsMatchers<void> {}
  }
}
