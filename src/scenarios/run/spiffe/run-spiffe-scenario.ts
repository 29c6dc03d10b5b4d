import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import type { ClientIdTrial, JwtTrial, SpiffeScenario, SpiffeTrial } from '../../catalogue/spiffe/spiffe-scenario.ts';
import {
  asExpected,
  describeOutcome,
  notJudged,
  type ScenarioResult,
  type Seen,
  unexpected,
  unsuitable,
} from '../../records/scenario-result.ts';
import { assessCalled, callService } from './call-service.ts';
import { runOnOpenConnection } from './run-on-open-connection.ts';
import { runRotations } from './run-rotations.ts';
import { runUpdate } from './run-update.ts';
import type { SpiffeService } from './spiffe-service.ts';
import { tokenHeader } from './token-header.ts';

/** Runs a scenario about workloads, and leaves the service and its Workload API as they were. */
export async function runSpiffeScenario(
  scenario: SpiffeScenario,
  service: SpiffeService,
  demanded: ExpectedOutcome | undefined,
): Promise<ScenarioResult> {
  const { version } = service.settings;
  const expected = demanded ?? scenario.expected[version];
  const lacksFederated = scenario.needsFederated === true && service.domains.ids.authorizedFederated === undefined;
  const { message, handshake, ...assessment } = lacksFederated
    ? withoutFederated
    : await service.alone(() => runTrial(scenario.trial, service, expected));
  return { id: scenario.id, expected, ...assessment, ...(handshake && { handshake }), message: `${scenario.id} (${version}): ${message}` };
}

/** The positive control: the authorized clients are accepted, by the SVID that is delivered. */
export async function tryAuthorized(service: SpiffeService): Promise<Seen> {
  return service.alone(async () => {
    const { delivered } = service.domains;
    const problem = delivered && (await service.awaitServed(delivered));
    if (problem !== undefined) return unexpected(problem);
    return (await refusalBeside(service)) ?? asExpected('accepts its authorized clients');
  });
}

/** The negative control: a client without certificate is refused, and so is one of a CA in no bundle. */
export async function tryUnauthorized(service: SpiffeService): Promise<Seen> {
  return service.alone(async () => {
    const { untrusted, authorized } = service.domains.clients;
    for (const [who, identity] of [
      ['without certificate', undefined] as const,
      ['of a CA in no bundle', untrusted.svid(authorized)] as const,
    ]) {
      const seen = assessCalled(await callService(service, identity), { verdict: 'rejected', by: 'server' }, identity);
      if (seen.status !== 'as-expected') return { ...seen, message: `a client ${who}: ${seen.message}` };
    }
    return asExpected('refuses a client without certificate, and one of a CA in no bundle');
  });
}

function runTrial(trial: SpiffeTrial, service: SpiffeService, expected: ExpectedOutcome): Promise<Seen> {
  switch (trial.kind) {
    case 'client':
      return runClient(trial, service, expected);
    case 'jwt':
      return runJwt(trial, service, expected);
    case 'update':
      return runUpdate(trial, service, expected);
    case 'open-connection':
      return runOnOpenConnection(trial, service, expected);
    case 'under-load':
      return runRotations(trial, service);
    case 'requests':
    default:
      return Promise.resolve(assessRequests(service, expected));
  }
}

/** The client, and beside it the authorized one. */
async function runClient({ mint }: ClientIdTrial, service: SpiffeService, expected: ExpectedOutcome): Promise<Seen> {
  const identity = mint(service.domains.clients);
  if (!identity) return unsuitable('of the id that the service authorizes there is no such other');
  return besideAuthorized(assessCalled(await callService(service, identity), expected, identity), service);
}

/** The authorized client with a token, and beside it with a valid one. The certificate is the authorized one, so that only a status tells about the token. */
async function runJwt({ mint }: JwtTrial, service: SpiffeService, expected: ExpectedOutcome): Promise<Seen> {
  const { jwt, authorized, domains } = service;
  if (!jwt) return withoutJwt;
  const token = mint(domains.tokenFacts(jwt.audience));
  const called = await callService(service, authorized, token === undefined ? {} : tokenHeader(jwt, token));
  if (called.status === undefined) return notJudged(`not judged: the request was not answered with a status: ${called.words}`);
  return besideAuthorized(assessCalled(called, expected, authorized), service);
}

async function besideAuthorized(seen: Seen, service: SpiffeService): Promise<Seen> {
  if (seen.status !== 'as-expected') return seen;
  const refusal = await refusalBeside(service);
  return refusal ? { ...refusal, status: 'not-judged', message: `not judged: beside it ${refusal.message}` } : seen;
}

/** Why an authorized client is not accepted; undefined where each is. */
async function refusalBeside(service: SpiffeService): Promise<Seen | undefined> {
  for (const identity of [service.authorized, service.federated]) {
    if (!identity) continue;
    const seen = assessCalled(await callService(service, identity), { verdict: 'accepted' }, identity);
    if (seen.status !== 'as-expected')
      return { ...seen, message: `the authorized client ${identity.certificate.subjectAltName}: ${seen.message}` };
  }
  return undefined;
}

function assessRequests({ domains: { requests } }: SpiffeService, expected: ExpectedOutcome): Seen {
  const invalid = requests.find(({ status }) => status === 'INVALID_ARGUMENT');
  if (requests.length === 0) return notJudged('not judged: the service has asked nothing');
  const isRefused = invalid !== undefined;
  const seen = isRefused ? `${invalid.method} was answered with INVALID_ARGUMENT` : `${requests.length} requests were answered`;
  return isRefused === (expected.verdict === 'rejected')
    ? asExpected(`${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`);
}

const withoutFederated: Seen = unsuitable('the service authorizes no workload of another trust domain: name one in authorizes');
const withoutJwt: Seen = unsuitable('the service authenticates no request by a JWT-SVID: name its audience in jwt');
