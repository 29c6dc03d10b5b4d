import { pause } from '../../../clock/pause.ts';
import type { RevocationRequest } from '../../../revocation/revocation-request.ts';
import type { RevocationServer } from '../../../revocation/revocation-server.ts';
import { startRevocationServer } from '../../../revocation/start-revocation-server.ts';
import { serialText } from '../../../x509/inspect-certificate.ts';
import { nothingSeen, type Observation, type PresentedCredential, type UserAttempt } from '../../assess/observation.ts';
import type { ArrangedCredential, ArrangedWith, ClientScenario } from '../../catalogue/scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import type { RunSettings } from '../run-settings.ts';
import type { ServerTarget } from '../target.ts';
import { presentCredential } from './present-credential.ts';
import { withServerFor } from './server-under-test.ts';
import { refusalIn } from './valid-client.ts';

/** Where a credential is presented, and how. */
interface Presenting {
  readonly target: ServerTarget;
  readonly settings: RunSettings;
}

/**
 * Presents a credential whose certificates name an OCSP responder, which is started for it. The control is the same credential with the answer "good": a server that accepts
 * it and has not asked does not check, and the rest would show nothing.
 */
export async function presentWithResponder(scenario: ClientScenario, presenting: Presenting): Promise<Observation> {
  const { pki, expected } = presenting.settings;
  const control = await presentOnce((needs) => scenario.control(pki, needs), presenting);
  const refusal = refusalIn(control.observation);
  if (refusal?.unsuitable) return nothingSeen(unsuitable(refusal.message));
  if (refusal)
    return nothingSeen(
      notJudged(`not judged: the valid client was refused, whose OCSP responder says "good" and ${control.asked}: ${refusal.message}`),
      refusal.handshake,
    );
  if (!control.wasAsked) unasked.add(running(presenting.target));
  // A user who says what to expect knows that the server is to ask.
  if (!control.wasAsked && !expected) return nothingSeen({ ...unsuitable(neverAsked), common: neverAsked }, control.observation.handshake);
  const { observation, asked } = await presentOnce((needs) => scenario.arrange(pki, needs), presenting);
  if (observation.kind !== 'presented-credential' && observation.kind !== 'user-attempt') return observation;
  const isSoft = scenario.id === 'ocsp-client-responder-down' && isAccepted(observation);
  return { ...observation, note: `the OCSP responder ${asked}${isSoft ? ', which the server takes for good: it fails softly' : ''}` };
}

function isAccepted(observation: PresentedCredential | UserAttempt): boolean {
  return observation.kind === 'presented-credential'
    ? observation.handshake.verdict === 'accepted'
    : observation.result.kind === 'resolved';
}

/** What was seen of one credential, and what the responder was asked about it. */
interface Presented {
  readonly observation: Observation;
  readonly wasAsked: boolean;
  /** `was asked by POST and answered "good"`. */
  readonly asked: string;
}

async function presentOnce(mint: (needs: ArrangedWith) => ArrangedCredential, presenting: Presenting): Promise<Presented> {
  const { pki, responderHost } = presenting.settings;
  const minted: ArrangedCredential[] = []; // after the responder, whose URL is in it
  const responder = await startRevocationServer(pki, {
    host: responderHost,
    exposed: responderHost !== undefined,
    ocsp: ({ serialNumber }) => minted.find((credential) => serialOf(credential) === serialNumber)?.ocsp?.reply ?? {},
  });
  try {
    const credential = mint({ ocspUrl: responder.ocspUrl });
    minted.push(credential);
    return await presentWhileAnswered(credential, responder, presenting);
  } finally {
    await responder.close();
  }
}

async function presentWhileAnswered(
  credential: ArrangedCredential,
  responder: RevocationServer,
  { target, settings }: Presenting,
): Promise<Presented> {
  if (credential.ocsp) responder.crlUrl(credential.ocsp.issuer); // which it answers for from now on
  const observation = await withServerFor(target, credential, {
    settings,
    use: (server) => presentCredential(server, credential, { ...settings, silenceAfterSign: responderMs }),
  });
  const requests = (): readonly RevocationRequest[] => requestsAbout(credential, responder);
  if (requests().length === 0 && !unasked.has(running(target))) await askedLate(requests);
  return { observation, wasAsked: requests().length > 0, asked: describeRequests(requests()) };
}

function requestsAbout(credential: ArrangedCredential, responder: RevocationServer): readonly RevocationRequest[] {
  return responder.requests.filter(({ kind, serialNumber }) => kind === 'ocsp' && serialNumber === serialOf(credential));
}

/** What stays the same when a suite runs one scenario after another. */
function running(target: ServerTarget): object {
  return 'running' in target ? (target.running ?? target) : target;
}

/** Targets that asked no responder in the time that one may come late: the next scenario does not wait that long again. One that asks at all is heard while it decides. */
const unasked = new WeakSet<object>();

/** A server that is waited for as an endpoint may ask a moment after the client has taken its silence for acceptance. */
async function askedLate(requests: () => readonly RevocationRequest[]): Promise<void> {
  for (let waited = 0; waited < lateMs && requests().length === 0; waited += stepMs) await pause(stepMs);
}

function describeRequests(requests: readonly RevocationRequest[]): string {
  const said = [...new Set(requests.map(({ method, answer }) => `was asked by ${method} and answered "${answer}"`))];
  return said.length === 0 ? 'was not asked' : said.join(', ');
}

/** As the requests name it. */
function serialOf({ identity }: ArrangedCredential): string {
  return serialText(BigInt(`0x${identity.certificate.serialNumber}`));
}

/** Once for all scenarios of a suite. */
const neverAsked =
  'no request came to the OCSP responder that the certificate names, and the client was accepted: the server does not check revocation by OCSP in the handshake, so there is nothing to judge (give { attempt } where its application asks with each request)';
/** A server that asks a third party decides later than one that has all it needs, and may have sent its ticket before. */
const responderMs = 2000;
const lateMs = 500;
const stepMs = 25;
