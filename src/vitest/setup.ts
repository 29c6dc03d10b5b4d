// A Vitest set-up file: `setupFiles: ['mtls-fixtures/vitest/setup']` adds the matchers to the `expect` of every test file.
import './register.ts';
