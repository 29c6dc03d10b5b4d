import path from 'node:path';
import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { clientProgram, type Language, pemFields, serverProgram, sourceOf } from './programs.ts';
import { testServer } from './server-suite.ts';

const python: Language = {
  command: (program) => Promise.resolve(['python3', path.join(sourceOf(`python-${program}`), `${program}.py`)]),
  credentialFields: pemFields,
};

describeWith('python3')('a client of Python', () => {
  testClient('python', { start: () => clientProgram(python) });
});

describeWith('python3')('a server of Python', () => {
  testServer('python', (pki) => serverProgram(python, pki));
});
