import type { MeasuredStack } from './measured-stack.ts';

/** Go 1.19 of Debian 12 alone, by `fixtures/peers/go-client` and `go-server`; its own messages give the certificate or its signature as the cause of these alerts. */
export const go119: MeasuredStack = {
  stack: 'go-1.19',
  client: {
    alerts: {
      internal_error: { both: ['leaf-large-120kb'] },
      unexpected_message: { 'TLSv1.2': ['valid-leaf-followed-by-empty-entry'] },
    },
  },
  server: {
    alerts: {
      internal_error: { both: ['leaf-large-120kb'] },
      unexpected_message: { 'TLSv1.2': ['key-mismatch', 'key-mismatch-type', 'leaf-ec-p224', 'valid-leaf-followed-by-empty-entry'] },
    },
  },
};
