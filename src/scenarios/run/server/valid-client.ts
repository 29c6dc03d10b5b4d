import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { assessControl } from '../../assess/assess-scenario.ts';
import type { Observation } from '../../assess/observation.ts';
import { errorRefusesVersion } from '../../assess/version-refused.ts';
import { legitimateClient } from '../../catalogue/authorization.ts';
import type { Assessment } from '../../records/scenario-result.ts';
import { type ControlSettings, serverAnchors } from '../run-settings.ts';
import { serverRefusesVersion } from '../version-spoken.ts';
import { presentCredential } from './present-credential.ts';
import type { ServerUnderTest } from './start-server.ts';

/** Why the valid peer was not accepted. */
export interface Refusal extends Assessment {
  readonly handshake?: Handshake | undefined;
}

/** The result of trying the valid peer. */
export interface ValidPeerTried {
  /** Undefined where it was accepted. */
  readonly refusal: Refusal | undefined;
  /** Of an end that was observed. */
  readonly handshake?: Handshake | undefined;
  /** Whether it was refused for its version of TLS, as far as this one attempt shows. */
  readonly refusesVersion: boolean;
}

/** Presents the valid client to a server: undefined when it is accepted. */
export async function refusalOfValidClient(target: ServerUnderTest['target'], settings: ControlSettings): Promise<Refusal | undefined> {
  return refusalIn(await presentValidClient(target, settings));
}

/** The same, and whether the server refused the version of TLS. */
export async function tryValidClient(target: ServerUnderTest['target'], settings: ControlSettings): Promise<ValidPeerTried> {
  const observation = await presentValidClient(target, settings);
  const refusal = refusalIn(observation);
  const { handshake } = observation;
  return { refusal, handshake, refusesVersion: refusal !== undefined && (await refusesVersion(target, observation, settings)) };
}

/** Undefined where an observation shows that a valid peer was accepted. */
export function refusalIn(observation: Observation): Refusal | undefined {
  const assessment = assessControl(observation);
  return assessment.status === 'as-expected' ? undefined : { ...assessment, handshake: observation.handshake };
}

function presentValidClient(target: ServerUnderTest['target'], settings: ControlSettings): Promise<Observation> {
  return presentCredential(target, { identity: legitimateClient(settings.pki, settings.authorizes) }, settings);
}

async function refusesVersion(target: ServerUnderTest['target'], observation: Observation, settings: ControlSettings): Promise<boolean> {
  const { version, timeout } = settings;
  if (observation.kind === 'user-attempt') return observation.result.kind === 'rejected' && errorRefusesVersion(observation.result.error);
  const { handshake } = observation;
  return (
    typeof target !== 'function' &&
    handshake !== undefined &&
    serverRefusesVersion(handshake, target, { version, timeout, trust: serverAnchors(settings), servername: settings.servername })
  );
}
