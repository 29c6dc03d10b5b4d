import '../errors/check-runtime.ts';
export { expect, matchers } from './register.ts';
export { describeClientUnderTest, type ClientSuiteOptions } from './describe-client-under-test.ts';
export { describeServerUnderTest, type ServerSuiteOptions, type ServerUnderTestSource } from './describe-server-under-test.ts';
export { test, type MtlsFixtures } from './test.ts';
export type { MtlsMatchers } from './matcher-types.ts';
export type { ExpectedCertificate, ExpectedRejection } from './matchers.ts';
export type { ExpectedServerRejection } from './server-matchers.ts';
export type { ProvidedPki } from './provided-context.ts';
