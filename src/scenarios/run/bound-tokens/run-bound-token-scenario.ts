import { MtlsFixturesError } from '../../../errors/index.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import type { BoundTokenRequest, BoundTokenScenario } from '../../catalogue/bound-tokens/bound-token-scenario.ts';
import { accepted, rejectedBy } from '../../catalogue/protocol-definition.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { notJudged, type ScenarioResult, type Seen, unsuitable } from '../../records/scenario-result.ts';
import type { AnswerSeen } from '../forwarded/assess-answer.ts';
import { compare } from '../forwarded/run-exchange.ts';
import { BoundTokenParties } from './bound-token-parties.ts';
import { type ClientRequest, clientRequests } from './prepared-requests.ts';
import { reached } from '../forwarded/run-forwarded-scenario.ts';
import { RequestSequence } from './request-sequence.ts';
import type { ResourceServer } from './resource-server.ts';

/** Runs a scenario about bound tokens, after the controls. */
export async function runBoundTokenScenario(
  scenario: BoundTokenScenario,
  server: ResourceServer,
  demanded: ExpectedOutcome | undefined,
): Promise<ScenarioResult> {
  const { version } = server.settings;
  const expected = demanded ?? scenario.expected[version];
  const { message, handshake, ...assessment }: Seen = await reached(() => runTrial(scenario, server, expected));
  return {
    id: scenario.id,
    expected,
    ...assessment,
    ...(handshake && { handshake }),
    message: `${scenario.id} (${server.source.format ?? version}): ${message}`,
  };
}

/** The positive control: a token that is bound to the certificate of its client is accepted. */
export async function tryOwnToken(server: ResourceServer): Promise<Seen> {
  const own = await tryTokens(server, [{ boundTo: 'client' }], accepted);
  return own.status === 'as-expected' ? own : { ...own, message: `a token that is bound to the certificate of its client: ${own.message}` };
}

/** The negative control: a request without a token is refused. */
export async function tryWithoutToken(server: ResourceServer): Promise<Seen> {
  const without = await tryTokens(server, [], rejectedBy('server'));
  return without.status === 'as-expected' ? without : { ...without, message: `a request without a token: ${without.message}` };
}

function tryTokens(server: ResourceServer, tokens: BoundTokenRequest['tokens'], expected: ExpectedOutcome): Promise<Seen> {
  const parties = new BoundTokenParties(server.settings.pki);
  return reached(() => judgeLast([{ presents: 'client', tokens }], { server, parties, connections: 'own', expected }));
}

async function runTrial(
  { tier, trial: { where, requests, connections } }: BoundTokenScenario,
  server: ResourceServer,
  expected: ExpectedOutcome,
): Promise<Seen> {
  const { format } = server.source;
  if (where === 'header' && format === undefined)
    return unsuitable('the resource server ends TLS itself: give format where its proxy does');
  if (where === 'handshake' && format !== undefined) return unsuitable('the resource server does not end TLS itself');
  const parties = new BoundTokenParties(server.settings.pki);
  const presents = requests.at(-1)?.presents;
  if (tier !== 'control' && presents !== undefined && presents !== 'client') {
    const own = await judgeLast([{ presents, tokens: [{ boundTo: presents }] }], {
      server,
      parties,
      connections: 'own',
      expected: accepted,
    });
    if (own.status === 'unexpected')
      return {
        ...unsuitable(`the resource server does not accept this client with its own token either: ${own.message}`),
        handshake: own.handshake,
      };
    if (own.status !== 'as-expected') return own;
  }
  return judgeLast(requests, { server, parties, connections, expected });
}

/** How requests are sent and judged. */
interface Judging {
  readonly server: ResourceServer;
  readonly parties: BoundTokenParties;
  readonly connections: BoundTokenScenario['trial']['connections'];
  readonly expected: ExpectedOutcome;
}

/** Sends the requests, and compares the answer to the last one with what is expected. */
async function judgeLast(requests: readonly BoundTokenRequest[], judging: Judging): Promise<Seen> {
  const prepared: (readonly ClientRequest[])[] = [];
  for (const request of requests) {
    const ready = await prepare(request, judging);
    if ('status' in ready) return ready;
    prepared.push(ready);
  }
  const last = prepared.pop() ?? [];
  let seen: Seen = unsuitable('the formats of other proxies have the same headers as its own');
  for (const request of last) {
    seen = await judge([...prepared.flat(), request], judging);
    if (seen.status !== 'as-expected') return seen;
  }
  return seen;
}

async function prepare(request: BoundTokenRequest, { server, parties }: Judging): Promise<readonly ClientRequest[] | Seen> {
  try {
    const ready = await clientRequests(request, { parties, server });
    return ready ?? unsuitable('the tokens of issueToken are not signed JWTs, so a client cannot change them');
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw error; // of what it has returned
    return unsuitable(`there is no such token: issueToken threw ${describeErrors(error)}`);
  }
}

async function judge(requests: readonly ClientRequest[], { server, connections, expected }: Judging): Promise<Seen> {
  const sequence = new RequestSequence(server, connections);
  try {
    for (const [index, request] of requests.entries()) {
      const sent = await sequence.send(request);
      if ('status' in sent) return sent;
      const { seen, handshake } = sent;
      if (index === requests.length - 1) return { ...compare(withRequest(seen, request), expected), handshake };
      if (seen.verdict !== 'accepted')
        return { ...notJudged(`not judged: request ${index + 1}, with the client's own token, was ${seen.words}`), handshake };
    }
    throw new TypeError('there is a request'); // a scenario has one at least
  } finally {
    await sequence.close();
  }
}

function withRequest(seen: AnswerSeen, { what }: ClientRequest): AnswerSeen {
  return what === '' ? seen : { ...seen, words: `${seen.words}, ${what}` };
}
