import type { Pki } from '../../pki/pki.ts';
import { neverSent } from '../assess/credential-sent.ts';
import { nothingSeen, type Observation } from '../assess/observation.ts';
import { decidedBy, notConcerned } from '../catalogue/authorization.ts';
import type { ArrangedCredential, ClientScenario } from '../catalogue/scenario.ts';
import { unsuitable } from '../records/scenario-result.ts';
import { namesNotPermitted } from './permitted-names.ts';
import type { RunSettings } from './run-settings.ts';
import { presentCredential } from './server/present-credential.ts';
import { presentWithResponder } from './server/present-with-responder.ts';
import { withServerFor } from './server/server-under-test.ts';
import { type Refusal, refusalIn, refusalOfValidClient } from './server/valid-client.ts';
import type { ServerTarget } from './target.ts';

/** Presents the credential of a client scenario to a server under test, after a valid one was accepted. */
export async function runClientScenario(scenario: ClientScenario, target: ServerTarget, settings: RunSettings): Promise<Observation> {
  const { pki, version, authorizes } = settings;
  const decision = decidedBy(scenario, authorizes);
  if (decision === 'unsuitable') return nothingSeen(unsuitable(notConcerned(scenario.id)));
  const unsent = typeof target === 'function' ? neverSent(scenario, version) : undefined;
  if (unsent) return nothingSeen(unsent);
  if (scenario.needsResponder) return presentWithResponder(scenario, { target, settings });
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return nothingSeen(unsuitable(outside));
  return needsConfiguration(credential, pki) || decision === 'application'
    ? presentConfigured(scenario, credential, { target, settings })
    : presentPlain(credential, { target, settings });
}

/** Whether the server must be told more than to trust the PKI. */
function needsConfiguration({ trust, crl }: ArrangedCredential, pki: Pki): boolean {
  return crl !== undefined || trust !== pki.anchors;
}

/** Where a credential is presented, and how. */
interface Presenting {
  readonly target: ServerTarget;
  readonly settings: RunSettings;
}

function presentPlain(credential: ArrangedCredential, { target, settings }: Presenting): Promise<Observation> {
  const use: Parameters<typeof withServerFor>[2]['use'] = async (server) => {
    const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
    return refusal ? validRefused(refusal) : presentCredential(server, credential, settings);
  };
  return withServerFor(target, credential, { settings, use });
}

/** The control is the same credential without its fault, to a server that is configured for it in the same way, where that is needed. */
async function presentConfigured(
  scenario: ClientScenario,
  credential: ArrangedCredential,
  { target, settings }: Presenting,
): Promise<Observation> {
  const { pki } = settings;
  const present = (presented: ArrangedCredential): Promise<Observation> =>
    withServerFor(target, presented, { settings, use: (server) => presentCredential(server, presented, settings) });

  const refusal = refusalIn(await present(scenario.control(pki)));
  if (refusal?.unsuitable) return nothingSeen({ status: 'not-judged', message: refusal.message, unsuitable: true }, refusal.handshake);
  return refusal ? validRefused(refusal) : present(credential);
}

function validRefused({ handshake, ...control }: Refusal): Observation {
  return nothingSeen(
    { ...control, status: 'not-judged', message: `not judged: the valid client was refused: ${control.message}` },
    handshake,
  );
}
