import type { AttemptOptions } from '../handshake/attempt-options.ts';
import type { Identity } from '../pki/identity.ts';
import type { ExpectedCertificate, ExpectedRejection } from './matchers.ts';
import type { ExpectedServerRejection } from './server-matchers.ts';

/** The matchers that this package adds to Vitest's `expect`. */
export interface MtlsMatchers<R> {
  /** The handshake was accepted by both ends. */
  toBeAccepted(): R;
  /** The handshake was rejected, and in the way that is given. */
  toBeRejected(expected?: ExpectedRejection): R;
  /** The client presented a certificate with these fields, accepted or not. */
  toHaveClientCertificate(expected?: ExpectedCertificate): R;
  /** The server presented a certificate with these fields, accepted or not. */
  toHaveServerCertificate(expected?: ExpectedCertificate): R;
  /** An observed server accepts this client; without identity, a client that presents no certificate. */
  toAccept(identity?: Identity, options?: Omit<AttemptOptions, 'identity'>): Promise<void>;
  /** An observed server accepts the control and rejects this client in the way that is given. */
  toReject(identity?: Identity, expected?: ExpectedServerRejection): Promise<void>;
  /** A call of any client library fails in the handshake; a bare connection error does not count. */
  toFailHandshake(expected?: ExpectedRejection): Promise<void>;
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
