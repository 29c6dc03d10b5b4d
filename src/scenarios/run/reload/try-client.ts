import type { Identity } from '../../../pki/identity.ts';
import { assessControl } from '../../assess/assess-scenario.ts';
import type { Observation } from '../../assess/observation.ts';
import { obstacleIn, outOfReach } from '../../assess/obstacle.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import type { Seen } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import { presentCredential } from '../server/present-credential.ts';
import { tryHandshake } from '../server/run-handshake.ts';
import { type ReloadedServer, servedText } from './reloaded-server.ts';
import { pause } from '../../../clock/pause.ts';

/** Tries one client, or without a certificate where there is none, and compares with what is expected of it. */
export async function tryClient(server: ReloadedServer, identity: Identity | undefined, expected: ExpectedOutcome): Promise<Seen> {
  const observation = await present(server, identity);
  return { ...assessControl(observation, expected), handshake: observation.handshake };
}

/** Tries again where a client met what was before the reload, for as long as the server may take to reload. */
export async function settled(server: ReloadedServer, attempt: () => Promise<Seen>): Promise<Seen> {
  for (;;) {
    const seen = await attempt();
    if (seen.status === 'as-expected' || !server.mayBeReloading) return seen;
    await pause(pollMs);
  }
}

/** Tries the valid client, which has to be accepted. */
export function tryValid(server: ReloadedServer): Promise<Seen> {
  return tryClient(server, server.clients.client('client'), { verdict: 'accepted' });
}

/** Tries the valid client while the server reloads: it has to reach it and be accepted. One that is late, as on a busy machine, or fails by itself, is not judged. */
export async function tryValidUnderLoad(server: ReloadedServer): Promise<Seen> {
  const observation = await present(server, server.clients.client('client'));
  const seen = { ...assessControl(observation, { verdict: 'accepted' }), handshake: observation.handshake };
  if (seen.status === 'as-expected' || (seen.status === 'not-judged' && !isAbsent(observation))) return seen;
  return { ...seen, status: 'unexpected', message: `a connection during the reloads: ${seen.message}` };
}

/** Why the server does not do as before: accepts another client than the valid one, or not that one. Undefined where it does. */
export async function changeIn(server: ReloadedServer, when: string): Promise<Seen | undefined> {
  const valid = await settled(server, () => tryValid(server));
  if (valid.status !== 'as-expected')
    return { ...valid, status: 'unexpected', message: `the valid client is not accepted ${when}: ${valid.message}` };
  return openFor(server, when);
}

/** Which client that is to be refused is not; undefined where none is. */
export async function openFor(server: ReloadedServer, when: string): Promise<Seen | undefined> {
  const others: [string, Identity | undefined][] = [
    ['without certificate', undefined],
    ['of another CA', server.otherPki.client('client')],
    ...(server.readsCrl ? [['on the CRL', server.revoked] satisfies [string, Identity]] : []),
  ];
  for (const [who, identity] of others) {
    const seen = await settled(server, () => tryClient(server, identity, { verdict: 'rejected', by: 'server' }));
    if (seen.status !== 'as-expected') return { ...seen, message: `a client ${who}, ${when}: ${seen.message}` };
  }
  return undefined;
}

/** Why the server does not present this certificate any more; undefined where it does. */
export async function servesStill(server: ReloadedServer, serial: string, when: string): Promise<Seen | undefined> {
  const served = await server.servedSerial();
  if (served === serial) return undefined;
  return { status: 'unexpected', message: `the server does not keep what it has ${when}: ${servedText(served)} instead of ${serial}` };
}

async function present(server: ReloadedServer, identity: Identity | undefined): Promise<Observation> {
  const { pki, version, timeout, attempt } = server.settings;
  if (identity) return presentCredential(attempt ?? server.target, { identity }, { pki, version, timeout });
  const versions = { minVersion: version, maxVersion: version };
  if (!attempt) return tryHandshake(server.target, { trust: pki.anchors, ...versions, timeout });
  return { kind: 'user-attempt', result: await awaitCall(() => attempt({ ca: pki.anchors, ...versions }), timeout) };
}

/** Whether the server was not there. */
function isAbsent(observation: Observation): boolean {
  if (observation.kind !== 'user-attempt' || observation.result.kind !== 'rejected') return false;
  return obstacleIn(observation.result.error) === outOfReach;
}

const pollMs = 20;
