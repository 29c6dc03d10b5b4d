import type { MeasuredStack } from './measured-stack.ts';

/**
 * JSSE of Java 17.0.15 (Debian 12) and 25.0.2 (Temurin), by `fixtures/peers/java`; what they accept is in the rows. unexpected_message comes with "The size of the handshake message (53181) exceeds the maximum
 * allowed size (32768)", for `nc-othername-excluded` with "Unsupported handshake message: certificate" and an UnsupportedOperationException of its constraints; internal_error with an InvalidKeyException for
 * the certificate's key.
 */
export const java: MeasuredStack = {
  stack: 'java',
  client: {
    alerts: {
      unexpected_message: { both: ['nc-othername-excluded', 'chain-depth-105', 'chain-depth-105-unknown-ca', 'leaf-large-120kb'] },
    },
  },
  server: {
    alerts: {
      unexpected_message: { both: ['nc-othername-excluded', 'chain-depth-105', 'leaf-large-120kb'] },
      internal_error: { 'TLSv1.2': ['key-mismatch-type', 'leaf-rsa-pss-key-sha1-params'] },
    },
  },
};
