import { pause } from '../../../clock/pause.ts';
import { monotonicNow } from '../../../clock/real-clock.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import type { ApiChange, UpdateClient, UpdateTrial } from '../../catalogue/spiffe/spiffe-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import { assessCalled, callService } from './call-service.ts';
import type { SpiffeService } from './spiffe-service.ts';

/** Changes what the Workload API delivers, and calls the service as one client. */
export async function runUpdate(trial: UpdateTrial, service: SpiffeService, expected: ExpectedOutcome): Promise<Seen> {
  const before = { authorized: service.authorized, federated: service.federated };
  for (const change of trial.changes) {
    const problem = await service.change(change);
    if (problem !== undefined) return trial.client === 'authorized' ? unexpected(problem) : notJudged(`not judged: ${problem}`);
  }
  if (trial.stays) await service.settle();
  const identity = clientOf(trial.client, service, before);
  const seen = keptSvid(await settled(trial, { service, identity, expected }), trial, service);
  if (seen.status !== 'as-expected' || !isReachable(trial.changes)) return seen;
  return (await refusalOfAuthorized(trial, service)) ?? seen;
}

/** Tries again, for as long as the service may take to do what is expected. */
async function settled(
  { changes, client, stays }: UpdateTrial,
  {
    service,
    identity,
    expected,
  }: { readonly service: SpiffeService; readonly identity: Identity | undefined; readonly expected: ExpectedOutcome },
): Promise<Seen> {
  const startedAt = monotonicNow();
  const ceases = client === 'authorized' && changes.at(-1) === 'revoked' && expected.verdict === 'rejected';
  for (;;) {
    const called = await callService(service, identity);
    // Without an SVID it may as well perform no handshake, or not listen.
    if (called.verdict !== 'accepted' && (ceases || isAway(changes, expected)))
      return { ...asExpected(`was not served, as expected: ${called.words}`), ...(called.handshake && { handshake: called.handshake }) };
    const seen = assessCalled(called, expected, identity);
    if (seen.status === 'as-expected' || stays || monotonicNow() - startedAt >= service.within) return seen;
    await pause(pollMs);
  }
}

/** Where a message cannot be used the SVID of before stays, which the authorized client is shown. */
function keptSvid(seen: Seen, { changes, client }: UpdateTrial, { domains: { delivered } }: SpiffeService): Seen {
  const presented = seen.handshake?.serverCertificate?.serialNumber;
  if (seen.status !== 'as-expected' || client !== 'authorized' || typeof changes.at(-1) !== 'object') return seen;
  if (presented === undefined || presented === delivered?.certificate.serialNumber) return seen;
  return { ...seen, ...unexpected(`the service presents the certificate ${presented}, which has come in a message that cannot be used`) };
}

function clientOf(
  client: UpdateClient,
  { authorized, federated, domains: { clients } }: SpiffeService,
  before: { readonly authorized: Identity; readonly federated: Identity | undefined },
): Identity | undefined {
  switch (client) {
    case 'authorized':
      return authorized;
    case 'authorized-before':
      return before.authorized;
    case 'federated':
      return federated;
    case 'federated-before':
      return before.federated;
    case 'other-workload':
      return clients.home.svid(`spiffe://${clients.authorized.split('/')[2] ?? ''}/mtls-fixtures-other`);
    case 'untrusted':
      return clients.untrusted.svid(clients.authorized);
    case 'without-certificate':
    default:
      return undefined;
  }
}

/** Beside a client that is refused the authorized one is accepted, where the service has what it needs. */
async function refusalOfAuthorized({ client }: UpdateTrial, service: SpiffeService): Promise<Seen | undefined> {
  if (client === 'authorized') return undefined;
  const identity = service.authorized;
  const beside = assessCalled(await callService(service, identity), { verdict: 'accepted' }, identity);
  return beside.status === 'as-expected'
    ? undefined
    : { ...beside, status: 'not-judged', message: `not judged: beside it the authorized client: ${beside.message}` };
}

/** Whether the authorized client has to be accepted after these changes. */
function isReachable(changes: readonly ApiChange[]): boolean {
  const last = changes.at(-1);
  return last !== 'revoked' && last !== 'expired' && typeof last !== 'object';
}

/** A service without SVID or without a bundle may refuse every client in whatever way. */
function isAway(changes: readonly ApiChange[], expected: ExpectedOutcome): boolean {
  const last = changes.at(-1);
  return expected.verdict === 'rejected' && (last === 'revoked' || last === 'expired' || typeof last === 'object');
}

const pollMs = 20;
