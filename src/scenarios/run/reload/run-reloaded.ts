import type { ReloadedTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { settled, tryClient, tryValid } from './try-client.ts';

/** Replaces the files, has them reloaded, and tries a client. */
export async function runReloaded({ change, client }: ReloadedTrial, server: ReloadedServer, expected: ExpectedOutcome): Promise<Seen> {
  const { pki } = server.settings;
  const identity = pki.client('client');
  if (change === 'crl') {
    const before = await tryClient(server, identity, { verdict: 'accepted' });
    if (before.status !== 'as-expected')
      return { ...before, status: 'not-judged', message: `not judged: the client was refused before it was revoked: ${before.message}` };
    pki.issuer.revoke(identity);
  }
  const clients = change === 'anchors' ? server.otherPki : pki;
  // A second time: a watcher on the files that were there at the start sees the first one only.
  const problem = (await server.renew(clients)) ?? (change === 'key' && client === 'valid' ? await server.renew(clients) : undefined);
  if (problem !== undefined) return client === 'valid' ? unexpected(problem) : notJudged(`not judged: ${problem}`);

  const valid = await settled(server, () => tryValid(server));
  if (client === 'valid') return tryClientAs(server, valid, expected);
  if (valid.status !== 'as-expected')
    return { ...valid, status: 'not-judged', message: `not judged: the valid client is refused after the reload: ${valid.message}` };
  const presented = client === 'without-certificate' ? undefined : identity;
  return settled(server, () => tryClient(server, presented, server.readsCrl ? withoutReason(expected) : expected));
}

/** The valid client has been tried; only a user expects anything else of it. */
async function tryClientAs(server: ReloadedServer, valid: Seen, expected: ExpectedOutcome): Promise<Seen> {
  return expected.verdict === 'accepted' ? valid : settled(server, () => tryClient(server, server.clients.client('client'), expected));
}

/** A server that checks CRLs may say of a chain without an anchor what it says of one without a CRL (measured on Node 26.10), which is not another fault. */
function withoutReason(expected: ExpectedOutcome): ExpectedOutcome {
  if (expected.verdict === 'accepted' || expected.reason !== 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY') return expected;
  const { verdict, by, alert } = expected;
  return { verdict, by, ...(alert && { alert }) };
}
