import path from 'node:path';
import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { clientProgram, type Language, serverProgram, sourceOf } from './programs.ts';
import { testServer } from './server-suite.ts';

const java: Language = {
  command: (program) => Promise.resolve(['java', quickStart, path.join(sourceOf(`java-${program}`), sources[program])]),
  credentialFields: (identity, folder) => [folder.write('identity.p12', identity.pkcs12('secret')), 'secret'],
};

describeWith('java')('a client of Java, with a PKCS#12 file', () => {
  testClient('java', { start: () => clientProgram(java) });
});

describeWith('java')('a server of Java, with a PKCS#12 file', () => {
  testServer('java', (pki) => serverProgram(java, pki));
});

const sources = { client: 'Client.java', server: 'Server.java' } as const;
/** The JVM does not live long enough for its second compiler to pay. */
const quickStart = '-XX:TieredStopAtLevel=1';
