import os from 'node:os';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { startCommand } from '../running-command.ts';
import { runCommand } from '../transcripts.ts';

const pki = createPki();

test('relay prints each handshake between a client and a server, and ends when it is interrupted', async () => {
  await using server = await startTlsServer({ pki });
  await using command = startCommand(['relay', '--to', `127.0.0.1:${server.port}`, '--json']);
  const { host, port } = JSON.parse(await command.line()) as { readonly host: string; readonly port: number };

  await attemptHandshake({ host, port }, { identity: pki.client('alice') });
  const first: object = JSON.parse(await command.line());
  await attemptHandshake({ host, port }, { identity: pki.client('old', { notAfter: new Date(0) }) });
  const second: object = JSON.parse(await command.line());

  expect(first).toMatchObject({ verdict: 'accepted', evidence: 'record-shape' });
  expect(second).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', evidence: 'record-shape' });
  expect(await command.interrupt()).toBe(0);
});

test('relay ends after the requested number of handshakes, and explains them', async () => {
  await using server = await startTlsServer({ pki, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  await using command = startCommand(['relay', '--to', `127.0.0.1:${server.port}`, '--count', '1', '--explain']);
  const [, port] = /^listening on 127\.0\.0\.1:(\d+) in front of 127\.0\.0\.1:\d+$/u.exec(await command.line()) ?? [];

  await attemptHandshake({ host: '127.0.0.1', port: Number(port) }, { identity: pki.client('old', { notAfter: new Date(0) }) });

  expect(await command.untilLine(/^Handshake /u)).toBe(
    'Handshake rejected by the server: reason not observed (alert certificate_expired, 45, sent by the server)',
  );
  expect(await command.untilLine(/evidence/u)).toContain('decrypted: a relay between the two read the handshake');
  expect(await command.ended).toBe(0);
});

test('relay on a port that is in use is one line and code 3', async () => {
  await using server = await startTlsServer({ pki });

  const { output, exitCode } = await runCommand(['relay', '--to', 'localhost:1', '--listen', String(server.port)], os.tmpdir());

  expect(output).toMatch(/^Cannot listen on "127\.0\.0\.1" port "\d+": it is in use; [^\n]+\n$/u);
  expect(exitCode).toBe(3);
});
