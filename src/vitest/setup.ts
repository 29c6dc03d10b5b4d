// A Vitest set-up file: `setupFiles: ['mtls-fixtures/vitest/setup']` adds the matchers to the `expect` of every test file.
import '../errors/check-runtime.ts';
import './register.ts';
