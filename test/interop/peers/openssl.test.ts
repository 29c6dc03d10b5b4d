import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { sClient, sServer } from './openssl.ts';
import { testServer } from './server-suite.ts';

describeWith('openssl')("OpenSSL's s_client", () => {
  testClient('openssl', { start: () => Promise.resolve(sClient()) });
});

describeWith('openssl')("OpenSSL's s_server", () => {
  testServer('openssl', (pki) => Promise.resolve(sServer(pki)));
});
