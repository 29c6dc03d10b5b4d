import { MtlsFixturesError } from '../../../errors/index.ts';
import { type OpenConnection, openConnection } from '../../../handshake/attempt/open-connection.ts';
import { beginningOf, describeBeginning, isUnclear } from '../../../net/answer-beginning.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { ReloadedServer } from './reloaded-server.ts';

/** Uses a connection of this client, by default the valid one, and closes it. */
export async function withConnection<Result>(
  server: ReloadedServer,
  use: (connection: OpenConnection) => Promise<Result>,
  identity: Identity = server.clients.client('client'),
): Promise<Result> {
  const connection = await connect(server, identity);
  try {
    await logIn(connection, server);
    return await use(connection);
  } finally {
    await connection.close();
  }
}

function connect(server: ReloadedServer, identity: Identity): Promise<OpenConnection> {
  const { pki, version, timeout } = server.settings;
  return openConnection(server.target, { identity, trust: pki.anchors, minVersion: version, maxVersion: version, timeout });
}

async function logIn(connection: OpenConnection, { settings: { login, timeout } }: ReloadedServer): Promise<void> {
  if (login !== undefined && connection.handshake.verdict === 'accepted') await connection.exchange(login, { timeout });
}

/** Why a request, or the rest of one, is not answered on an open connection, or is answered by turning the client away; undefined where it is served. */
export async function requestFailure(
  connection: OpenConnection,
  request: Uint8Array,
  { settings }: ReloadedServer,
): Promise<string | undefined> {
  try {
    const received = await connection.exchange(request, {
      timeout: settings.timeout,
      until: (octets) => beginningOf(octets).kind !== 'incomplete',
    });
    const answer = beginningOf(received);
    return isUnclear(answer) || refusals.has(answer.status ?? 0) ? `it was answered ${describeBeginning(answer)}` : undefined;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error.message;
    throw error;
  }
}

/** What the server is known to answer. */
export function requestOf({ settings: { exchange = usualRequest } }: ReloadedServer): Buffer {
  return Buffer.from(exchange);
}

/** The statuses of a client that is not authorized, or not at this host (RFC 9110 15.5.2, 15.5.4, 15.5.20). */
const refusals: ReadonlySet<number> = new Set([401, 403, 421]);
const usualRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
