import '../errors/check-runtime.ts';
export { matchers } from './all-matchers.ts';
export {
  assertAccepted,
  assertAccepts,
  assertFailsHandshake,
  assertHasClientCertificate,
  assertHasServerCertificate,
  assertRejected,
  assertRejects,
} from './assertions.ts';
export type { ExpectedEvidence } from './evidences.ts';
export type { ExpectedAcceptance, ExpectedFailure, ExpectedRejection } from './expectations.ts';
export type { AsymmetricMatcher, Expected, ExpectedCertificate, ExpectedFields } from './expected-certificate.ts';
export type { MatcherContext, MatcherResult } from './matcher-context.ts';
export type { HandshakeMatchers, Matchers, MtlsAsymmetricMatchers, MtlsMatchers } from './matcher-types.ts';
export { snapshotSerializer, type SnapshotSerializer } from './snapshot-serializer.ts';
export type { ExpectedServerAcceptance, ExpectedServerRejection } from './server-expectations.ts';
