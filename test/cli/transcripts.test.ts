import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPki, restorePki, type SerializedPki } from '../../src/index.ts';
import { commandsOf, masked, runCommand, transcriptOf } from './transcripts.ts';

const folder = 'fixtures/cli';

test.for(['help', 'scenarios', 'pki', 'probe'])('the commands of %s.txt print what it says', async (name) => {
  const file = path.join(folder, `${name}.txt`);
  const transcript = readFileSync(file, 'utf8');
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-cli-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));

  const ports = new Map<string, number>();
  const runs = [];
  for (const args of commandsOf(transcript)) {
    for (const [, port = ''] of args.matchAll(/localhost:(844\d)/gu))
      if (!ports.has(port)) ports.set(port, await startServer(port, path.join(cwd, 'pki', 'pki.json')));
    const real = args.replaceAll(/localhost:(844\d)/gu, (address, port: string) => address.replace(port, String(ports.get(port))));
    runs.push({ args, outcome: await runCommand(real.split(' '), cwd) });
  }

  const current = transcriptOf(runs, (output) => {
    const places = output.replaceAll(cwd, '<dir>');
    return masked([...ports].reduce((text, [port, actual]) => text.replaceAll(`:${actual}`, `:${port}`), places));
  });
  if (process.env['UPDATE_CLI'] === '1') writeFileSync(file, current);
  expect(current).toBe(transcript);
});

/** 8443 is a server as it should be, 8444 one that lets everybody in, 8445 one that trusts another PKI. Where no PKI was written, nobody is called. */
async function startServer(port: string, pkiFile: string): Promise<number> {
  const written = readJson(pkiFile);
  if (!written) return Number(port);
  const pki = restorePki(written);
  const material = pki.server().tls;
  const server = https.createServer(
    { ...material, ca: port === '8445' ? createPki().anchors : material.ca, requestCert: true, rejectUnauthorized: port !== '8444' },
    (_request, response) => response.end('hello'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port; // of a TCP server
}

function readJson(file: string): SerializedPki | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SerializedPki; // what the command wrote
  } catch {
    return undefined;
  }
}
