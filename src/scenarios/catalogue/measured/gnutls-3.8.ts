import type { MeasuredStack } from './measured-stack.ts';

/** GnuTLS 3.8.13 of Debian sid alone, by `fixtures/peers/gnutls`: its gnutls-serv asks client certificates for their purpose, and takes no CA for clients whose purposes are "any" alone. */
export const gnutls38: MeasuredStack = {
  stack: 'gnutls-3.8',
  client: { both: ['intermediate-eku-any'] },
  server: {},
};
