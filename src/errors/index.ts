export { MtlsFixturesError, type ErrorCode } from './mtls-fixtures-error.ts';
export type { ErrorFacts } from './error-facts.ts';
export { invalidOption } from './invalid-option.ts';
export { requireJudgingRuntime } from './runtime.ts';
export { asError, isError, messageOf, textOf, typeName } from './error-of.ts';
export { fileReason, readError, removeError, writeError } from './file-error.ts';
