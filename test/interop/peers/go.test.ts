import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { go } from './languages.ts';
import { clientProgram, serverProgram } from './programs.ts';
import { testServer } from './server-suite.ts';

describeWith('go')('a client of Go', () => {
  testClient('go', { start: () => clientProgram(go) });
});

describeWith('go')('a server of Go', () => {
  testServer('go', (pki) => serverProgram(go, pki));
});
