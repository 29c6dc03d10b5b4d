import { unreachable } from '../../handshake/verdict/client-errors/other-failure.ts';

/**
 * What kept a call from being judged: nothing listens, a name that does not resolve, a time-out, a mistake in the code, an error of this library (a
 * rejected handshake is a value, never one). Undefined for anything else.
 */
export function obstacleIn(error: unknown): string | undefined {
  for (let next: unknown = error; typeof next === 'object' && next !== null; next = 'cause' in next ? next.cause : undefined) {
    const code = 'code' in next && typeof next.code === 'string' ? next.code : '';
    const name = 'name' in next && typeof next.name === 'string' ? next.name : '';
    if (unreachable.has(code)) return outOfReach;
    if (code === 'ETIMEDOUT' || name === 'TimeoutError' || name === 'AbortError') return timedOut;
    if (code.startsWith('ERR_OSSL_') || code.startsWith('ERR_INVALID_')) return unusableMaterial;
    if (name === 'MtlsFixturesError') return `a call of this library failed with ${code}`; // by name: the tests may have loaded the package twice
    if (isMistake(next, name)) return 'the code itself failed';
  }
  return undefined;
}

/** The obstacle of a client that reached no server. */
export const outOfReach = 'the target could not be reached';

/** The obstacle of a client that waited as long as it does. */
export const timedOut = 'the call timed out';

/** The obstacle of a client whose library does not take its key, certificate or anchors. */
export const unusableMaterial = 'the client could not use what it was given';

/** A TypeError that carries a cause is undici's way to say that the request failed. */
function isMistake(error: object, name: string): boolean {
  return mistakes.has(name) && !('cause' in error && error.cause !== undefined) && !('code' in error);
}

const mistakes: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError']);
