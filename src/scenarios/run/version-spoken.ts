import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import { handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { ObservedServer } from '../../handshake/server/observed-server.ts';
import { observerOf } from '../../handshake/observe/server-observer.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { TlsVersion } from '../catalogue/scenario.ts';

/**
 * Whether a handshake that was limited to one version of TLS was refused for that version: the alert or the observed reason names it (RFC 8446 6.2), and nothing but hellos
 * came before.
 */
export function refusesVersion(handshake: Handshake): boolean {
  return namesVersion(handshake) && handshake.messages.every(({ type }) => beforeAnyCredential.has(type));
}

/** The same by the error of a client library that was limited to one version. */
export function errorRefusesVersion(error: unknown): boolean {
  const { alert, reason } = handshakeFailure(error) ?? {};
  return alert === 'protocol_version' || reason === 'UNSUPPORTED_PROTOCOL';
}

/** How a server is asked for a version. */
interface Asking {
  readonly version: TlsVersion;
  /** PEM of the anchors that vouch for the server. */
  readonly trust: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Whether a server that refused this library's own client does not speak the version. A server that answers with another version than was offered lets the client
 * say so, whatever it sent. `handshake_failure` may as well be about cipher suites: then a client that offers every suite that OpenSSL has is refused in the same way.
 */
export async function serverRefusesVersion(
  handshake: Handshake,
  server: ObservedServer | Endpoint,
  { version, trust, timeout }: Asking,
): Promise<boolean> {
  if (isVersion(handshake)) return true;
  if (!refusesHello(handshake)) return false;
  const widest = await tryToAgree(server, { version, trust, timeout, ciphers: everyCipher });
  return widest !== undefined && (isVersion(widest) || refusesHello(widest));
}

/** Whether a server does not speak the version, without a valid client that was refused: for a first look, which proves nothing. */
export async function seemsToRefuseVersion(server: ObservedServer | Endpoint, asking: Asking): Promise<boolean> {
  const handshake = await tryToAgree(server, asking);
  return handshake !== undefined && serverRefusesVersion(handshake, server, asking);
}

/** What comes after an agreement on a version is not waited for, and an observed server's tests find no trace of it. Undefined where nothing could be judged. */
async function tryToAgree(
  server: ObservedServer | Endpoint,
  { version, ...options }: Asking & { readonly ciphers?: string },
): Promise<Handshake | undefined> {
  try {
    const handshake = await attemptHandshake(server, { ...options, minVersion: version, maxVersion: version, quietPeriod: 1 });
    if (server instanceof ObservedServer) observerOf(server)?.log.withdraw(handshake);
    return handshake;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return undefined;
    throw error;
  }
}

function isVersion(handshake: Handshake): boolean {
  return refusesVersion(handshake) || (handshake.rejectedBy === 'client' && namesVersion(handshake));
}

function namesVersion({ verdict, reason, alert }: Handshake): boolean {
  return verdict === 'rejected' && (reason === 'UNSUPPORTED_PROTOCOL' || alert?.name === 'protocol_version');
}

/** `handshake_failure` in place of a ServerHello. */
function refusesHello({ verdict, alert, messages }: Handshake): boolean {
  const isBeforeHello = messages.every(({ type }) => type !== 'server_hello' && beforeAnyCredential.has(type));
  return verdict === 'rejected' && alert?.sentBy === 'server' && alert.name === 'handshake_failure' && isBeforeHello;
}

const beforeAnyCredential: ReadonlySet<string> = new Set(['client_hello', 'server_hello', 'alert', 'end_of_stream']);
const everyCipher =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0';
