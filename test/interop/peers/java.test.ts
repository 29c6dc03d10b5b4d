import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { java } from './languages.ts';
import { clientProgram, serverProgram } from './programs.ts';
import { testServer } from './server-suite.ts';

describeWith('java')('a client of Java, with a PKCS#12 file', () => {
  testClient('java', { start: () => clientProgram(java) });
});

describeWith('java')('a server of Java, with a PKCS#12 file', () => {
  testServer('java', (pki) => serverProgram(java, pki));
});
