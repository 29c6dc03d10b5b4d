import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { python } from './languages.ts';
import { clientProgram, serverProgram } from './programs.ts';
import { testServer } from './server-suite.ts';

describeWith('python3')('a client of Python', () => {
  testClient('python', { start: () => clientProgram(python) });
});

describeWith('python3')('a server of Python', () => {
  testServer('python', (pki) => serverProgram(python, pki));
});
