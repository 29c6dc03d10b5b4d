import type { Identity } from '../../../pki/identity.ts';
import type { ReloadedTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { notJudged, unexpected } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { type Seen, tryClient, tryValid } from './try-client.ts';

/** Replaces the files, has them reloaded, and tries a client. */
export async function runReloaded(
  { change, client }: ReloadedTrial,
  server: ReloadedServer,
  expected: ExpectedOutcome,
): Promise<Seen> {
  const { pki } = server.settings;
  const identity = pki.client('client');
  if (change === 'crl') {
    const before = await tryClient(server, identity, { verdict: 'accepted' });
    if (before.status !== 'as-expected') return { ...notJudged(`the client was refused before it was revoked: ${before.message}`), ...before };
    pki.issuer.revoke(identity);
  }
  const problem = await server.renew(change === 'anchors' ? server.otherPki : pki);
  if (problem !== undefined) return client === 'valid' ? unexpected(problem) : notJudged(`not judged: ${problem}`);

  const valid = await tryValid(server);
  if (client === 'valid') return tryClientAs(server, valid, expected);
  if (valid.status !== 'as-expected')
    return { ...valid, status: 'not-judged', message: `not judged: the valid client is refused after the reload: ${valid.message}` };
  return tryClient(server, presented(client, identity), expected);
}

/** The valid client has been tried; only a user expects anything else of it. */
async function tryClientAs(server: ReloadedServer, valid: Seen, expected: ExpectedOutcome): Promise<Seen> {
  return expected.verdict === 'accepted' ? valid : tryClient(server, server.clients.client('client'), expected);
}

function presented(client: ReloadedTrial['client'], identity: Identity): Identity | undefined {
  return client === 'without-certificate' ? undefined : identity;
}
