// A Vitest set-up file: `setupFiles: ['mtls-fixtures/vitest/setup']` adds the matchers to the `expect` of every test file.
import './register.ts';
import type {} from './matcher-types.ts';
