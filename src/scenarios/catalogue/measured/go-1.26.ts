import type { MeasuredStack } from './measured-stack.ts';

/** Go 1.26 alone, by `fixtures/peers/go-client` and `go-server`: as a client it takes Certificate messages of up to 256 KiB. */
export const go126: MeasuredStack = {
  stack: 'go-1.26',
  client: {},
  server: { both: ['leaf-large-120kb'] },
};
