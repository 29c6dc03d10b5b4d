import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import type { Identity } from '../pki/identity.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import { matchers } from './all-matchers.ts';
import type { ExpectedAcceptance, ExpectedFailure, ExpectedRejection } from './expectations.ts';
import type { ExpectedCertificate } from './expected-certificate.ts';
import type { MatcherContext, MatcherResult } from './matcher-context.ts';
import type { ExpectedServerAcceptance, ExpectedServerRejection } from './server-expectations.ts';

/** Throws an `AssertionError` unless the handshake was accepted by both ends, and is known to be by the evidence that is given. */
export function assertAccepted(handshake: Handshake, expected?: ExpectedAcceptance): void {
  requirePass(matchers.toBeAccepted.call(withoutRunner, handshake, expected), assertAccepted);
}

/** Throws an `AssertionError` unless the handshake was rejected, and in the way that is given. */
export function assertRejected(handshake: Handshake, expected?: ExpectedRejection): void {
  requirePass(matchers.toBeRejected.call(withoutRunner, handshake, expected), assertRejected);
}

/** Throws an `AssertionError` unless the client presented a certificate with these fields, accepted or not. */
export function assertHasClientCertificate(
  handshake: Handshake,
  expected?: ExpectedCertificate,
): asserts handshake is Handshake & { readonly clientCertificate: PeerCertificate } {
  requirePass(matchers.toHaveClientCertificate.call(withoutRunner, handshake, expected), assertHasClientCertificate);
}

/** Throws an `AssertionError` unless the server presented a certificate with these fields, accepted or not. */
export function assertHasServerCertificate(
  handshake: Handshake,
  expected?: ExpectedCertificate,
): asserts handshake is Handshake & { readonly serverCertificate: PeerCertificate } {
  requirePass(matchers.toHaveServerCertificate.call(withoutRunner, handshake, expected), assertHasServerCertificate);
}

/** Rejects with an `AssertionError` unless an observed server accepts this client; without identity, a client that presents no certificate. */
export async function assertAccepts(server: ObservedServer, identity?: Identity, expected?: ExpectedServerAcceptance): Promise<void> {
  requirePass(await matchers.toAccept.call(withoutRunner, server, identity, expected), assertAccepts);
}

/** Rejects with an `AssertionError` unless an observed server accepts the control and rejects this client in the way that is given. */
export async function assertRejects(server: ObservedServer, identity?: Identity, expected?: ExpectedServerRejection): Promise<void> {
  requirePass(await matchers.toReject.call(withoutRunner, server, identity, expected), assertRejects);
}

/** Rejects with an `AssertionError` unless a call of any client library fails because one end refused the handshake; any other failure does not count. */
export async function assertFailsHandshake(call: PromiseLike<unknown> | (() => unknown), expected?: ExpectedFailure): Promise<void> {
  requirePass(await matchers.toFailHandshake.call(withoutRunner, call, expected), assertFailsHandshake);
}

/** Node's own error, so that node:test and Mocha show `actual` beside `expected`. */
function requirePass({ pass, message, actual, expected }: MatcherResult, assertion: { readonly name: string }): void {
  if (pass) return;
  const { AssertionError } = process.getBuiltinModule('node:assert');
  throw new AssertionError({ message: message(), actual, expected, operator: assertion.name });
}

const withoutRunner: MatcherContext = {};
