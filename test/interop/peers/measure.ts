import { stripVTControlCharacters } from 'node:util';
import { createPki, startTlsServer } from '../../../src/index.ts';
import { clientFlightFaults } from '../../../src/faults/flights/client/client-flight-fault.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { ScenarioFacts, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import type { ScenarioResult } from '../../../src/scenarios/records/scenario-result.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { peerUnderTest } from './under-test.ts';

// Measures what a stack makes of every credential of the catalogue, for src/scenarios/catalogue/measured, and of every edited flight of a client. By hand:
// node test/interop/peers/measure.ts '<command of its peer program>' [TLSv1.3,TLSv1.2] [id,...]; prints a line for each answer.
// CONTROLLED=1: without the valid credential before each of the others, for a program that takes seconds to start.
const [command = '', versionList = 'TLSv1.3,TLSv1.2', ids] = process.argv.slice(2);
const [tool = '', ...args] = command.split(' ');
const versions = versionList.split(',') as TlsVersion[]; // by hand
const isChosen = ({ id }: { readonly id: string }): boolean => ids === undefined || ids.split(',').includes(id);
const pki = createPki({ name: 'measured' });
const editedFlights = protocolScenarios.filter(({ id }) => clientFlightFaults.some((name) => name === id));
const timeout = 15_000; // a JVM that starts on a busy machine needs seconds, and four round trips are waited for
const controlled = process.env['CONTROLLED'] === '1';
const folder = temporaryFolder();

for (const version of versions) {
  const { start, call } = peerUnderTest([tool, ...args], version, folder);
  for (const scenario of clientScenarios.filter(isChosen))
    report(version, scenario, await ask(() => runScenario(scenario, { pki, target: { start }, version, timeout, controlled })));
  for (const scenario of editedFlights.filter((each) => isChosen(each) && each.versions.includes(version)))
    report(version, scenario, await ask(() => runScenario(scenario, { pki, target: { start }, version, timeout })));
  for (const scenario of serverScenarios.filter(isChosen))
    report(
      version,
      scenario,
      await ask(() => runScenario(scenario, { pki, target: call, version, timeout, controlled, startPeer: startTlsServer })),
    );
}
folder[Symbol.dispose]();

async function ask(run: () => Promise<ScenarioResult>): Promise<ScenarioResult | Error> {
  return run().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

function report(version: TlsVersion, { role, id }: ScenarioFacts & { readonly role: string }, result: ScenarioResult | Error): void {
  const status = result instanceof Error ? 'threw' : result.unsuitable ? 'unsuitable' : result.status;
  const alert = result instanceof Error ? undefined : result.handshake?.alert?.name;
  process.stdout.write(
    `${[status, role, id, version, alert ?? '-', stripVTControlCharacters(result.message).replaceAll(/\s+/gu, ' ')].join('\t')}\n`,
  );
}
