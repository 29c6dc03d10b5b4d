import type { MeasuredStack } from './measured-stack.ts';

/** Go 1.19 and 1.26, by `fixtures/peers/go-client` and `go-server`; what was known before is in the rows. */
export const go: MeasuredStack = {
  stack: 'go',
  client: {
    both: ['ber-indefinite-length', 'non-minimal-length'],
  },
  server: {
    both: ['ber-indefinite-length', 'non-minimal-length'],
  },
};
