export { MtlsFixturesError, type ErrorCode } from './mtls-fixtures-error.ts';
export { meanToListenOn, requireExposed, warnOfExposure } from './exposure-warning.ts';
export type { ErrorFacts } from './sentences.ts';
