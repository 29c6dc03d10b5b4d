export { MtlsFixturesError, type ErrorCode } from './mtls-fixtures-error.ts';
export type { ErrorFacts } from './sentences.ts';
