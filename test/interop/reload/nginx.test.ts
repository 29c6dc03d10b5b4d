import https from 'node:https';
import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { describeReloadUnderTest, type ReloadSource, type ReloadSuiteOptions } from '../../../src/vitest/index.ts';
import { byNewWorkers, byProcess, hasProgram, rowsBySignal } from './process-server.ts';

/** Of the run's last start: `attempt` is given no port. */
let port = 0;
const nginx = byProcess({
  command: 'nginx',
  files: ({ port: chosen, folder, material: { files, trustFile, crlFile } }) => {
    port = chosen;
    return {
      'nginx.conf': `
        daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
        events {}
        http {
          access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
          server {
            listen 127.0.0.1:${port} ssl;
            ssl_certificate ${files.cert}; ssl_certificate_key ${files.key};
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_client_certificate ${trustFile}; ssl_crl ${crlFile}; ssl_verify_client on; ssl_verify_depth 4;
            location / { return 200 "ok"; }
          }
        }`,
    };
  },
  options: (folder) => ['-e', `${folder}/error.log`, '-p', folder, '-c', `${folder}/nginx.conf`],
  signal: 'SIGHUP',
  within: 3000,
}) satisfies ReloadSource;

/** It completes the handshake with every client, and answers 400 to those whose certificate it rejects. */
const attempt: ReloadSuiteOptions['attempt'] = (tls) =>
  new Promise((resolve, reject) => {
    const request = https.get({ ...tls, host: '127.0.0.1', port, servername: 'localhost', agent: false }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve(undefined);
      else reject(new Error(`HTTP ${response.statusCode}`));
    });
    request.on('error', reject);
  });

describe.skipIf(!(await hasProgram('nginx')))('nginx', () => {
  describeReloadUnderTest('reloads at SIGHUP', nginx, {
    pki: createPki({ name: 'nginx' }),
    attempt,
    only: [...rowsBySignal, 'after-reload-under-load'],
    expected: byNewWorkers,
  });
});
