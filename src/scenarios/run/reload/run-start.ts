import { MtlsFixturesError } from '../../../errors/index.ts';
import type { ServerFileDamage } from '../../../pki/files/server-files.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { StartTrial } from '../../catalogue/reload/reload-scenario.ts';
import { asExpected, notJudged, type Seen } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { tryClient } from './try-client.ts';

/** Starts the server with files that cannot be used: it must not start, or not accept any client. */
export async function runStart({ damaged }: StartTrial, server: ReloadedServer): Promise<Seen> {
  await server.stop();
  let answers: Seen | undefined;
  for (const each of damaged) answers ??= await startWith(each, server);
  await server.start(); // which it did before, and does again if the files were what kept it
  return answers ?? asExpected('accepted no client, as expected');
}

async function startWith(damaged: ServerFileDamage, server: ReloadedServer): Promise<Seen | undefined> {
  server.damage(damaged);
  try {
    await server.start();
    return await acceptedBy(server, `with a file of ${damaged.file === 'ca' ? 'trust anchors' : 'CRLs'} that is ${damaged.damage}`);
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    return error.code === 'SERVER_START_TIMEOUT' ? notJudged(`not judged: ${error.message}`) : undefined;
  } finally {
    await server.stop();
    server.restore();
  }
}

/** Which client a server that has started accepts. */
async function acceptedBy(server: ReloadedServer, how: string): Promise<Seen | undefined> {
  const clients: readonly (readonly [string, Identity | undefined])[] = [
    ['a client without certificate', undefined],
    ['a client of another CA', server.otherPki.client('client')],
    ['a revoked client', server.revoked],
    ['the valid client', server.clients.client('client')],
  ];
  for (const [who, identity] of clients) {
    const { status, handshake } = await tryClient(server, identity, { verdict: 'accepted' });
    if (status === 'as-expected')
      return { status: 'unexpected', message: `expected no service, but a server that was started ${how} accepts ${who}`, handshake };
  }
  return undefined;
}
