import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { wolfssl } from './languages.ts';
import { clientProgram, serverProgram } from './programs.ts';
import { testServer } from './server-suite.ts';

describeWith('wolfssl')('a client of wolfSSL', () => {
  testClient('wolfssl', { namesAlerts: false, start: () => clientProgram(wolfssl) });
});

describeWith('wolfssl')('a server of wolfSSL', () => {
  testServer('wolfssl', (pki) => serverProgram(wolfssl, pki));
});
