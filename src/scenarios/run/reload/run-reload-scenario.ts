import type { ReloadScenario, ReloadTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { type ScenarioResult, type Seen, unsuitable } from '../../records/scenario-result.ts';
import { type ReloadedServer, serialOf } from './reloaded-server.ts';
import { runFailedReload } from './run-failed-reload.ts';
import { runOpenConnection } from './run-open-connection.ts';
import { runReloaded } from './run-reloaded.ts';
import { runStart } from './run-start.ts';
import { runUnderLoad } from './run-under-load.ts';
import { openFor, servesStill, settled, tryValid } from './try-client.ts';

/** Runs a scenario about material that changes, and leaves the server as it was. */
export async function runReloadScenario(
  scenario: ReloadScenario,
  server: ReloadedServer,
  demanded: ExpectedOutcome | undefined,
): Promise<ScenarioResult> {
  const { version } = server.settings;
  const expected = demanded ?? scenario.expected[version];
  const lacksCrl = scenario.needsCrl === true && !server.readsCrl;
  const { message, handshake, ...assessment } = lacksCrl
    ? withoutCrl
    : await server.alone(() => runTrial(scenario.trial, server, expected));
  return { id: scenario.id, expected, ...assessment, ...(handshake && { handshake }), message: `${scenario.id} (${version}): ${message}` };
}

/** The positive control, before any reload: the valid client is accepted, with the certificate of the files, and no other client is. Undefined where that is so. */
export async function refusalBeforeReload(server: ReloadedServer): Promise<Seen | undefined> {
  const valid = await settled(server, () => tryValid(server));
  if (valid.status !== 'as-expected') return valid;
  const other = await servesStill(server, serialOf(server.identity), 'in its files before any reload');
  if (other) return other;
  return openFor(server, 'before any reload');
}

function runTrial(trial: ReloadTrial, server: ReloadedServer, expected: ExpectedOutcome): Promise<Seen> {
  switch (trial.kind) {
    case 'reloaded':
      return runReloaded(trial, server, expected);
    case 'open-connection':
      return runOpenConnection(trial, server, expected);
    case 'under-load':
      return runUnderLoad(trial, server);
    case 'failed-reload':
      return runFailedReload(trial, server);
    case 'start':
    default:
      return runStart(trial, server);
  }
}

const withoutCrl: Seen = unsuitable('the server checks no CRLs: its start does not read crlFile');
