import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { gnutlsCli, gnutlsServ } from './gnutls.ts';
import { testServer } from './server-suite.ts';

describeWith('gnutls')("GnuTLS's gnutls-cli", () => {
  testClient('gnutls', { start: () => Promise.resolve(gnutlsCli()) });
});

describeWith('gnutls')("GnuTLS's gnutls-serv", () => {
  testServer('gnutls', (pki) => Promise.resolve(gnutlsServ(pki)));
});
