import '../errors/check-runtime.ts';
export type { ExpectedEvidence } from '../matchers/evidences.ts';
export type { ExpectedAcceptance, ExpectedFailure, ExpectedRejection } from '../matchers/expectations.ts';
export type { ExpectedCertificate } from '../matchers/expected-certificate.ts';
export type { MtlsAsymmetricMatchers, MtlsMatchers } from '../matchers/matcher-types.ts';
export type { ExpectedServerAcceptance, ExpectedServerRejection } from '../matchers/server-expectations.ts';
export type { ProvidedPki } from './provided-context.ts';
export { expect, matchers } from './register.ts';
export { describeBoundTokensUnderTest } from './suites/describe-bound-tokens-under-test.ts';
export { describeClientUnderTest } from './suites/describe-client-under-test.ts';
export { describeForwardedUnderTest } from './suites/describe-forwarded-under-test.ts';
export { describeReloadUnderTest } from './suites/describe-reload-under-test.ts';
export { describeServerUnderTest } from './suites/describe-server-under-test.ts';
export { describeSpiffeUnderTest } from './suites/describe-spiffe-under-test.ts';
export type { BoundTokensContext, BoundTokensSource, StartedResourceServer } from '../scenarios/run/bound-tokens/bound-token-settings.ts';
export type { TokenClaims } from '../scenarios/run/bound-tokens/token-claims.ts';
export type { BoundTokensSuiteOptions } from './suites/bound-tokens-options.ts';
export type {
  ForwardedAddress,
  ForwardedContext,
  ForwardedSource,
  StartedForwardedApplication,
} from '../scenarios/run/forwarded/forwarded-source.ts';
export type { HttpAnswer } from '../scenarios/run/forwarded/http-answers.ts';
export type { ForwardedSuiteOptions } from './suites/forwarded-options.ts';
export type { ReloadMaterial, ReloadSource } from '../scenarios/run/reload/reload-source.ts';
export type { ReloadSuiteOptions } from './suites/reload-options.ts';
export type { SpiffeContext, SpiffeJwt, SpiffeSource } from '../scenarios/run/spiffe/spiffe-source.ts';
export type { SpiffeSuiteOptions } from './suites/spiffe-options.ts';
export type { ClientSuiteOptions, ServerSuiteOptions, ServerUnderTestSource, SuiteOptions } from './suites/suite-options.ts';
export { test, type MtlsFixtures, type ScopedFixtures } from './test.ts';
