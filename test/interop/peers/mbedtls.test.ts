import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { mbedtls } from './languages.ts';
import { clientProgram, serverProgram } from './programs.ts';
import { testServer } from './server-suite.ts';

describeWith('mbedtls')('a client of Mbed TLS', () => {
  testClient('mbedtls', { supported: ['TLSv1.2'], namesAlerts: false, start: () => clientProgram(mbedtls) });
});

describeWith('mbedtls')('a server of Mbed TLS', () => {
  testServer('mbedtls', (pki) => serverProgram(mbedtls, pki), ['TLSv1.2']);
});
