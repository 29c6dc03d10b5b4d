import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import type { ReloadScenarioId } from '../../../src/scenarios/index.ts';
import { describeReloadUnderTest } from '../../../src/vitest/index.ts';
import { byProcess, hasProgram } from './process-server.ts';

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
  options: (folder) => ['-W', '-db', '-f', `${folder}/haproxy.cfg`],
  signal: 'SIGUSR2',
  within: 2000,
});

/** Each damaged file is waited out: one of each. Not `after-reload-under-load`: in some runs HAProxy 2.6 still presents an earlier certificate eight seconds after one of the twenty signals. */
const only: readonly ReloadScenarioId[] = [
  'after-reload-new-key',
  'after-reload-new-anchor',
  'after-reload-old-anchor',
  'after-reload-without-certificate',
  'after-reload-open-connection',
  'after-reload-revoked',
  'after-failed-reload-key-of-another',
  'after-failed-reload-ca-empty',
  'after-failed-reload-crl-truncated',
  'ca-garbage-at-start',
  'crl-unusable-configured',
  'lifetime-idle-after-reload',
  'lifetime-certificate-expired',
  'lifetime-anchor-removed',
  'lifetime-certificate-revoked',
];

const ended = { verdict: 'rejected', by: 'server' } as const;

describe.skipIf(!(await hasProgram('haproxy')))('HAProxy', () => {
  describeReloadUnderTest('reloads at SIGUSR2', haproxy, {
    pki: createPki({ name: 'HAProxy' }),
    only,
    expected: {
      // A worker of before answers the request that it has, and ends its other connections.
      'lifetime-idle-after-reload': ended,
      'lifetime-anchor-removed': ended,
      'lifetime-certificate-revoked': ended,
    },
  });
});
