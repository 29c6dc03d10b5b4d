import { mkdtempSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { describeReloadUnderTest, type ReloadMaterial, type ReloadSource } from '../../../src/vitest/index.ts';

const pki = createPki();
const only = ['after-reload-new-key', 'after-reload-old-anchor', 'lifetime-anchor-removed'];

function source(reload: (server: https.Server, read: () => https.ServerOptions) => unknown): ReloadSource {
  let running: { readonly server: https.Server; readonly read: () => https.ServerOptions } | undefined;
  const start = ({ files, trustFile }: ReloadMaterial): https.Server => {
    const read = (): https.ServerOptions => ({
      key: readFileSync(files.key),
      cert: readFileSync(files.cert),
      ca: readFileSync(trustFile),
    });
    const server = https.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end());
    running = { server, read };
    return server;
  };
  return { start, reload: () => running && reload(running.server, running.read) };
}

const correct = source((server, read) => {
  server.setSecureContext(read());
});

describeReloadUnderTest('correct', correct, { pki, only, skip: { 'after-reload-old-anchor': 'not here' } });
describeReloadUnderTest('expects an end', correct, {
  pki,
  only: ['lifetime-anchor-removed'],
  expected: { 'lifetime-anchor-removed': { verdict: 'rejected', by: 'server' } },
});
describeReloadUnderTest('does not start', { start: () => Promise.reject(new Error('no port')) }, { pki, only });
describeReloadUnderTest('never starts', { start: () => new Promise(() => {}) }, { pki, only, timeout: 300 });
describeReloadUnderTest(
  'throws',
  source(() => {
    throw new Error('no reload');
  }),
  { pki, only },
);
describeReloadUnderTest('never ends', { ...source(() => new Promise(() => {})), within: 300 }, { pki, only });
describeReloadUnderTest('reloads nothing', { ...source(() => {}), within: 300 }, { pki, only });
describeReloadUnderTest(
  'accepts every client',
  {
    start: ({ files }) =>
      https.createServer({ key: readFileSync(files.key), cert: readFileSync(files.cert), requestCert: true, rejectUnauthorized: false }),
  },
  { pki, only },
);
describeReloadUnderTest(
  'answers nothing',
  { start: (material) => silent(material) },
  { pki, only: ['after-reload-open-connection'], timeout: 500 },
);

function silent({ files, trustFile }: ReloadMaterial): https.Server {
  const material = { key: readFileSync(files.key), cert: readFileSync(files.cert), ca: readFileSync(trustFile) };
  return https.createServer({ ...material, requestCert: true, rejectUnauthorized: true }, () => {});
}

describe.concurrent('over one folder', () => {
  const directory = path.join(mkdtempSync(path.join(tmpdir(), 'reload-suite-')), 'one');
  describeReloadUnderTest('the first', correct, { pki, only: ['after-reload-under-load'], directory });
  describeReloadUnderTest('the second', { start: () => Promise.reject(new Error('it was started')) }, { pki, only, directory });
});
