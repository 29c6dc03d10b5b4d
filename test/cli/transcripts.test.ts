import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPki, restorePki, type SerializedPki } from '../../src/index.ts';
import { applicationBehind } from './application-behind.ts';
import { masked, runCommand, sectionOf, sectionsOf } from './transcripts.ts';

const folder = 'fixtures/cli';

// In their order: a command finds what those before it have written.
describe.for(['help', 'scenarios', 'pki', 'probe'])('of the commands of %s.txt', (name) => {
  const file = path.join(folder, `${name}.txt`);
  const sections = sectionsOf(readFileSync(file, 'utf8'));
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-cli-'));
  const ports = new Map<string, number>();
  const servers: (Server & Pick<https.Server, 'closeAllConnections'>)[] = [];
  const current: string[] = [];
  afterAll(() => {
    if (process.env['UPDATE_CLI'] === '1') writeFileSync(file, `${current.join('\n\n')}\n`);
    rmSync(cwd, { recursive: true, force: true });
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  test.for(sections)('$args prints what it says', async ({ args, text }) => {
    for (const [, port = ''] of args.matchAll(/localhost:(844\d)/gu)) await openPort(port);
    const real = args.replaceAll(/localhost:(844\d)/gu, (address, port: string) => address.replace(port, String(ports.get(port))));

    const outcome = await runCommand(real.split(' '), cwd);

    const output = [...ports].reduce((rest, [port, actual]) => rest.replaceAll(`:${actual}`, `:${port}`), outcome.output);
    const printed = sectionOf(args, { ...outcome, output: masked(output.replaceAll(cwd, '<dir>')) });
    current.push(printed);
    expect(printed).toBe(text);
  });

  /**
   * 8443 is a server as it should be, 8444 one that accepts every client, 8445 one that trusts another PKI; 8446 is an application as it should be behind a proxy, 8447 one that lets in
   * every request. Without a written PKI no server is called.
   */
  async function openPort(port: string): Promise<void> {
    if (ports.has(port)) return;
    const written = readJson(path.join(cwd, 'pki', 'pki.json'));
    if (!written) return void ports.set(port, Number(port));
    const server =
      port === '8446' || port === '8447' ? applicationBehind('nginx', port === '8446' ? 'client' : undefined) : serverOf(written, port);
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ports.set(port, (server.address() as AddressInfo).port); // of a TCP server
  }
});

function serverOf(written: SerializedPki, port: string): https.Server {
  const material = restorePki(written).server().tls;
  return https.createServer(
    { ...material, ca: port === '8445' ? createPki().anchors : material.ca, requestCert: true, rejectUnauthorized: port !== '8444' },
    (_request, response) => response.end('hello'),
  );
}

function readJson(file: string): SerializedPki | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SerializedPki; // what the command wrote
  } catch {
    return undefined;
  }
}
