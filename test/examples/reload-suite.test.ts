// #region watch
import { X509Certificate } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import https from 'node:https';
import { describeReloadUnderTest, type ReloadMaterial } from 'mtls-fixtures/vitest';

/** The service: reads its files at the start, and whenever one of them is replaced. */
function startService({ files, trustFile }: ReloadMaterial): https.Server {
  const read = (): https.ServerOptions => {
    const [key, cert, ca] = [files.key, files.cert, trustFile].map((file) => readFileSync(file, 'utf8'));
    if (key === '') throw new Error('the key file is empty'); // Node takes it, and serves nothing
    return { key, cert, ca: String(new X509Certificate(ca ?? '')) }; // so it does with anchors that are none
  };
  const server = https.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end('ok'));
  const watcher = watch(files.directory, () => {
    try {
      server.setSecureContext(read());
    } catch {
      // Half of it is there: the next event comes when the rest is.
    }
  });
  server.on('close', () => watcher.close());
  return server;
}

describeReloadUnderTest('the service', { start: startService, within: 500 }, { layout: 'kubernetes' });
// #endregion

// #region lifetime
describeReloadUnderTest('the service ends the connections of clients that it does not trust any more', closingSource(), {
  only: ['lifetime-anchor-removed', 'lifetime-idle-after-reload'],
  expected: {
    'lifetime-anchor-removed': { verdict: 'rejected', by: 'server' },
    'lifetime-idle-after-reload': { verdict: 'rejected', by: 'server' },
  },
});
// #endregion

/** Ends every connection with each reload. */
function closingSource(): Parameters<typeof describeReloadUnderTest>[1] {
  let server: https.Server | undefined;
  let read: (() => https.ServerOptions) | undefined;
  return {
    start: ({ files, trustFile }) => {
      read = () => ({ key: readFileSync(files.key), cert: readFileSync(files.cert), ca: readFileSync(trustFile) });
      server = https.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end('ok'));
      return server;
    },
    reload: () => {
      if (read) server?.setSecureContext(read());
      server?.closeAllConnections();
    },
  };
}
