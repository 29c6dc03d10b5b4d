import type { MeasuredStack } from './measured-stack.ts';

/**
 * JSSE of Java 17, by `fixtures/peers/java-server`; what it accepts is in the rows. For a chain that is too long it sends unexpected_message, and reports for it "The size of the
 * handshake message (53181) exceeds the maximum allowed size (32768)".
 */
export const java: MeasuredStack = {
  stack: 'java',
  client: { alerts: { unexpected_message: { both: ['chain-depth-105', 'chain-depth-105-unknown-ca'] } } },
  server: {},
};
