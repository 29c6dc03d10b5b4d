import { MtlsFixturesError } from '../../../errors/index.ts';
import type { OpenConnection } from '../../../handshake/attempt/open-connection.ts';
import { verdictSentence } from '../../../handshake/verdict/verdict-sentence.ts';
import type { LoadTrial } from '../../catalogue/reload/reload-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import { runChangesUnderLoad } from '../under-load.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { requestFailure, requestOf, withConnection } from './requests.ts';
import { tryValidUnderLoad } from './try-client.ts';

/** Replaces the files again and again while clients connect. */
export async function runUnderLoad({ reloads }: LoadTrial, server: ReloadedServer): Promise<Seen> {
  const isAnswered = await answers(server);
  return runChangesUnderLoad({
    what: 'reloads',
    times: reloads,
    change: () => server.renew(server.clients, { underLoad: true }),
    connect: () => (server.settings.attempt ? tryValidUnderLoad(server) : requested(server, isAnswered)),
  });
}

/** Whether it answers a request when it does not reload. */
function answers(server: ReloadedServer): Promise<boolean> {
  return withConnection(
    server,
    async (connection) => connection.isOpen && (await requestFailure(connection, requestOf(server), server)) === undefined,
  );
}

async function requested(server: ReloadedServer, isAnswered: boolean): Promise<Seen> {
  try {
    return await withConnection(server, (connection) => requestedOn(connection, server, isAnswered));
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    // A busy machine is late as well.
    if (error.code === 'HANDSHAKE_TIMEOUT') return notJudged(error.message);
    return unexpected(`a connection during the reloads failed: ${error.message}`);
  }
}

async function requestedOn(connection: OpenConnection, server: ReloadedServer, isAnswered: boolean): Promise<Seen> {
  const { handshake } = connection;
  if (handshake.verdict === 'rejected')
    return { status: 'unexpected', message: `a connection during the reloads was ${verdictSentence(handshake)}`, handshake };
  const failure = isAnswered ? await requestFailure(connection, requestOf(server), server) : undefined;
  return failure === undefined ? asExpected('accepted') : unexpected(`a request during the reloads failed: ${failure}`);
}
