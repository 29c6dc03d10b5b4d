/**
 * What an attempt rejects with when the client has read why it was refused. In TLS 1.3 a client writes before it is judged; octets that reach a server which has closed
 * are answered by a reset, and Node then fails the write before it reads the alert that came first (measured on Node 26.10 under load). Such an attempt tells nothing, so
 * another is made, fifty in all (on a busy machine five in a row were seen to tell nothing); one that is let in ends it at once.
 */
export async function refusalTold(attempt: () => Promise<unknown>): Promise<unknown> {
  for (let left = 49; left > 0; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isReset(error)) throw error;
    }
  }
  return attempt();
}

function isReset(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && resets.has(error.code)) return true;
  return isReset(error.cause);
}

/** The last is undici's own. */
const resets: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
