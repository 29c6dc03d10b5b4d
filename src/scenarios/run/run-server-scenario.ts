import { nothingSeen, type Observation } from '../assess/observation.ts';
import { type Authorization, decidedBy, notConcerned } from '../catalogue/authorization.ts';
import type { ArrangedCredential, ServerScenario } from '../catalogue/scenario.ts';
import { unsuitable } from '../records/scenario-result.ts';
import { callServer } from './client/call-server.ts';
import { needsServername } from './client/needs-servername.ts';
import { namesNotPermitted } from './permitted-names.ts';
import type { CallSettings } from './run-settings.ts';
import { type Refusal, refusalIn } from './server/valid-client.ts';
import type { ClientCall } from './target.ts';

/** Lets a client under test call a server with the credential of a scenario, after it called one with a valid credential. */
export async function runServerScenario(scenario: ServerScenario, call: ClientCall, settings: CallSettings): Promise<Observation> {
  const { pki, version, authorizes } = settings;
  // The scenario's own words: no stack of the client's, and no demand, makes a server present it.
  const { [version]: usual } = scenario.expected;
  if (usual.verdict === 'rejected' && usual.by === 'server')
    return nothingSeen(unsuitable(`a server of Node.js cannot present the credential of ${scenario.id} with ${version}`));
  const decision = decidedBy(scenario, authorizes);
  if (decision === 'unsuitable') return nothingSeen(unsuitable(notConcerned(scenario.id)));
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return nothingSeen(unsuitable(outside));
  const refusal = isControlled(credential, decision, settings)
    ? undefined
    : refusalIn(await callServer(call, scenario.control(pki), settings));
  return refusal ? validRefused(refusal, credential) : callServer(call, credential, settings);
}

/** The earlier control holds for what the client is given as it was there: the usual name, the PKI's anchors, no CRLs. */
function isControlled({ host, trust, crl }: ArrangedCredential, decision: Authorization, { controlled, pki }: CallSettings): boolean {
  return decision === 'tls' && controlled && host === 'localhost' && trust === pki.anchors && crl === undefined;
}

function validRefused({ handshake, ...control }: Refusal, { host, spelling }: ArrangedCredential): Observation {
  if (spelling !== undefined)
    return nothingSeen(
      unsuitable(`the client does not take "${spelling}" for ${host}, whose valid server it refused: ${control.message}`),
      handshake,
    );
  const name = !needsServername({ host }) ? '' : `, asked for by the name "${host}" (pass tls.servername on)`;
  return nothingSeen(
    { ...control, status: 'not-judged', message: `not judged: the valid server${name} was refused: ${control.message}` },
    handshake,
  );
}
