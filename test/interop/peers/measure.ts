import { stripVTControlCharacters } from 'node:util';
import { createPki, type Identity, startTlsServer } from '../../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue.ts';
import { runScenario } from '../../../src/scenarios/run-scenario.ts';
import type { CredentialScenario, TlsVersion } from '../../../src/scenarios/scenario.ts';
import type { ScenarioResult } from '../../../src/scenarios/scenario-result.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';
import { startChild } from './child.ts';

// Measures what a stack makes of every credential of the catalogue, for src/scenarios/measured. By hand:
// node test/interop/peers/measure.ts '<command of its peer program>' [TLSv1.3,TLSv1.2] [id,...]; prints a line for each answer that is not the expected one.
const [command = '', versionList = 'TLSv1.3,TLSv1.2', ids] = process.argv.slice(2);
const [tool = '', ...args] = command.split(' ');
const versions = versionList.split(',') as TlsVersion[]; // by hand
const isChosen = ({ id }: { readonly id: string }): boolean => ids === undefined || ids.split(',').includes(id);
const pki = createPki({ name: 'measured' });
const timeout = 6000;
const material: TemporaryFolder = temporaryFolder();
let files = 0;

for (const version of versions) {
  for (const scenario of clientScenarios.filter(isChosen))
    report(version, scenario, await ask(() => runScenario(scenario, { pki, target: { start }, version, timeout })));
  for (const scenario of serverScenarios.filter(isChosen))
    report(version, scenario, await ask(() => runScenario(scenario, { pki, target: call, version, timeout, startPeer: startTlsServer })));

  async function start(own: {
    identity: Identity;
    trust: string;
    crl?: string[] | undefined;
  }): Promise<{ host: string; port: number; servername: string; close(): unknown }> {
    const crls = own.crl ? [file(own.crl.join(''))] : [];
    const child = startChild(tool, [
      ...args,
      'server',
      file(own.trust),
      file(own.identity.chainPem),
      file(own.identity.keyPem),
      version,
      ...crls,
    ]);
    const { port } = JSON.parse(await child.line()) as { port: number };
    return { host: '127.0.0.1', port, servername: 'localhost', close: () => child[Symbol.asyncDispose]() };
  }

  async function call({
    host,
    port,
    tls,
  }: {
    host: string;
    port: number;
    tls: { key: string; cert: string; ca: string; servername?: string; crl?: string[] };
  }): Promise<void> {
    await using child = startChild(tool, [...args, 'client']);
    const fields = [
      '127.0.0.1',
      String(port),
      tls.servername ?? host,
      file(tls.ca),
      file(tls.cert),
      file(tls.key),
      version,
      tls.crl ? file(tls.crl.join('')) : '',
    ];
    child.write(`${fields.join('\t')}\n`);
    const said = JSON.parse(await child.line()) as { verdict: string; error?: string };
    if (said.verdict !== 'accepted') throw new Error(said.error ?? 'refused');
  }
}
material[Symbol.dispose]();

async function ask(run: () => Promise<ScenarioResult>): Promise<ScenarioResult | Error> {
  return run().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

function report(version: TlsVersion, { role, id }: CredentialScenario, result: ScenarioResult | Error): void {
  const status = result instanceof Error ? 'threw' : result.unsuitable ? 'unsuitable' : result.status;
  const alert = result instanceof Error ? undefined : result.handshake?.alert?.name;
  process.stdout.write(
    `${[status, role, id, version, alert ?? '-', stripVTControlCharacters(result.message).replaceAll(/\s+/gu, ' ')].join('\t')}\n`,
  );
}

function file(text: string): string {
  return material.write(`${(files += 1)}.pem`, text);
}
