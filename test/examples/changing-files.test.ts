import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, observe, writeFiles } from '../../src/index.ts';

test('a rotation and a damaged file', async () => {
  // #region reload
  const pki = createPki();
  using files = writeFiles(pki.server(), { layout: 'kubernetes' });
  const read = () => ({ key: fs.readFileSync(files.key), cert: fs.readFileSync(files.cert), ca: fs.readFileSync(files.ca) });
  const server = https.createServer({ ...read(), requestCert: true, rejectUnauthorized: true });
  await using observed = observe(server.listen(0));
  await once(server, 'listening');

  const next = pki.server();
  files.rotate(next); // what a new Secret does to the files of a container
  server.setSecureContext(read()); // the reload that is to be tested
  const handshake = await attemptHandshake(observed, { identity: pki.client() });

  expect(handshake.serverCertificate?.serialNumber).toBe(next.certificate.serialNumber);
  // #endregion

  // #region damage
  files.damage('truncated'); // the key; { file: 'cert' } for another file
  expect(() => {
    server.setSecureContext(read());
  }).toThrow(/PEM|DECODER/u); // Node keeps what it has
  expect((await attemptHandshake(observed, { identity: pki.client() })).verdict).toBe('accepted');

  files.restore();
  server.setSecureContext(read());
  // #endregion
  expect(new X509Certificate(fs.readFileSync(files.cert)).serialNumber).toBe(next.certificate.serialNumber);
});
