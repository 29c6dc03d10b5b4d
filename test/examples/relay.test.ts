import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startRelay, writeFiles } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

/** A folder for the key log. */
function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'relay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// Node.js in place of the two programs: each runs in a process of its own, in which this library is not loaded.
const clientProgram = `
const [port, ca, cert, key] = process.argv.slice(1);
const files = Object.fromEntries(Object.entries({ ca, cert, key }).map(([name, file]) => [name, require('node:fs').readFileSync(file)]));
const socket = require('node:tls').connect({ port, servername: 'localhost', ...files }, () => socket.write('hello'));
socket.on('data', () => socket.end()).on('error', () => {});`;

// #region relay
test('between two programs that are not mine', async ({ pki, server }) => {
  const keyLogFile = path.join(temporaryFolder(), 'keys.txt');
  await using relay = await startRelay({ to: { host: server.host, port: server.port }, keyLogFile });
  using files = writeFiles(pki.client('old', { notAfter: new Date(0) }));
  const { ca, cert, key } = files;

  // The client connects to the relay in place of the server. Node.js writes its secrets for --tls-keylog; curl, Go programs and Firefox do for SSLKEYLOGFILE.
  await run(process.execPath, [`--tls-keylog=${keyLogFile}`, '-e', clientProgram, String(relay.port), ca, cert, key]);

  const handshake = await relay.nextHandshake();
  expect(handshake).toBeRejected({ by: 'server', alert: 'certificate_expired' });
  expect(handshake).toHaveClientCertificate({ commonName: 'old' });
});
// #endregion

// #region without-keys
test('without a key log the verdict follows from the records', async ({ pki, server }) => {
  await using relay = await startRelay({ to: { host: server.host, port: server.port } });
  using files = writeFiles(pki.client('old', { notAfter: new Date(0) }));
  const { ca, cert, key } = files;

  await run(process.execPath, ['-e', clientProgram, String(relay.port), ca, cert, key]);

  const handshake = await relay.nextHandshake();
  expect(handshake).toBeRejected({ by: 'server' });
  expect(handshake.evidence).toBe('record-shape'); // TLS 1.3: neither alert nor certificates
});
// #endregion
