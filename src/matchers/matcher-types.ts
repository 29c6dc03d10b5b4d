import type { Identity } from '../pki/identity.ts';
import type { ExpectedAcceptance, ExpectedFailure, ExpectedRejection } from './expectations.ts';
import type { AsymmetricMatcher, ExpectedCertificate } from './expected-certificate.ts';
import type { MatcherContext, MatcherResult } from './matcher-context.ts';
import type { ExpectedServerAcceptance, ExpectedServerRejection } from './server-expectations.ts';

/** The matchers on a `Handshake`. `R`: what each returns. */
export interface HandshakeMatchers<R> {
  /** The handshake was accepted by both ends, and is known to be by the evidence that is given. */
  toBeAccepted(expected?: ExpectedAcceptance): R;
  /** The handshake was rejected, and in the way that is given. */
  toBeRejected(expected?: ExpectedRejection): R;
  /** The client presented a certificate with these fields, accepted or not. */
  toHaveClientCertificate(expected?: ExpectedCertificate): R;
  /** The server presented a certificate with these fields, accepted or not. */
  toHaveServerCertificate(expected?: ExpectedCertificate): R;
}

/** All matchers. `R`: what those on a `Handshake` return. Add it to the types of your test runner's `expect`, e.g. to `jest.Matchers<R>`. */
export interface MtlsMatchers<R> extends HandshakeMatchers<R> {
  /** An observed server accepts this client; without identity, a client that presents no certificate. */
  toAccept(identity?: Identity, expected?: ExpectedServerAcceptance): Promise<void>;
  /** An observed server accepts the control and rejects this client in the way that is given. */
  toReject(identity?: Identity, expected?: ExpectedServerRejection): Promise<void>;
  /** A call of any client library fails because one end refused the handshake; any other failure does not count. */
  toFailHandshake(expected?: ExpectedFailure): Promise<void>;
}

/** The matchers that can stand for a handshake in an expected value: `expect(handshakes).toContainEqual(expect.toBeAccepted())`. */
export type MtlsAsymmetricMatchers = HandshakeMatchers<AsymmetricMatcher>;

/** The matchers as `expect.extend` takes them. */
export type Matchers = {
  readonly [Name in keyof MtlsMatchers<void>]: (
    this: MatcherContext,
    received: unknown,
    ...expected: Parameters<MtlsMatchers<void>[Name]>
  ) => Name extends keyof HandshakeMatchers<void> ? MatcherResult : Promise<MatcherResult>;
};
