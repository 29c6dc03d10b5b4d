import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { describeReloadUnderTest } from '../../../src/vitest/index.ts';
import { reloadHaproxy } from './haproxy-master.ts';
import { byNewWorkers, byProcess, hasProgram, rowsBySignal } from './process-server.ts';

/** Master and workers: at SIGUSR2 the master reads its configuration again, and the worker of before goes on with the connections that it has. */
const haproxy = byProcess({
  command: 'haproxy',
  files: ({ port, folder, material: { trustFile, crlFile } }) => ({
    'haproxy.cfg': `
global
  ssl-load-extra-del-ext
  ssl-default-bind-options ssl-min-ver TLSv1.2
  hard-stop-after 5s
  # Hands the listening sockets on: without it, connections that wait to be accepted are lost at a reload.
  stats socket ${folder}/admin.sock level admin expose-fd listeners
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 5s
frontend service
  bind 127.0.0.1:${port} ssl crt ${folder}/tls.crt ca-file ${trustFile} crl-file ${crlFile} verify required
  http-request return status 200 content-type text/plain string ok
`,
  }),
  links: ({ files }) => ({ 'tls.crt': files.cert, 'tls.key': files.key }), // the key is looked for beside the certificate
  options: (folder) => ['-W', '-db', '-S', `${folder}/master.sock`, '-f', `${folder}/haproxy.cfg`],
  signal: 'SIGUSR2',
  reload: (signal, folder) => reloadHaproxy({ path: `${folder}/master.sock` }, signal),
  within: 5000,
});

describe.skipIf(!(await hasProgram('haproxy')))('HAProxy', () => {
  describeReloadUnderTest('reloads at SIGUSR2', haproxy, {
    pki: createPki({ name: 'HAProxy' }),
    only: [...rowsBySignal, 'after-reload-under-load'],
    expected: byNewWorkers,
  });
});
