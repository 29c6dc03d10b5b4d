import path from 'node:path';
import { describeWith, outputOf } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { clientProgram, type Language, pemFields, serverProgram, sourceOf } from './programs.ts';
import { testServer } from './server-suite.ts';

const go: Language = {
  async command(program, folder) {
    const built = path.join(folder.path, program);
    await outputOf('go', ['build', '-o', built, path.join(sourceOf(`go-${program}`), 'main.go')], { env: { GO111MODULE: 'off' } });
    return [built];
  },
  credentialFields: pemFields,
};

describeWith('go')('a client of Go', () => {
  testClient('go', { start: () => clientProgram(go) });
});

describeWith('go')('a server of Go', () => {
  testServer('go', (pki) => serverProgram(go, pki));
});
