export { MtlsFixturesError, type ErrorCode } from './mtls-fixtures-error.ts';
export type { ErrorFacts } from './sentences.ts';
export { textOf } from './text-of.ts';
export { requireJudgingRuntime } from './runtime.ts';
export { asError, isError, messageOf } from './error-of.ts';
