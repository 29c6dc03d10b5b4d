import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { observerOf } from '../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { isVersionRefused, refusesHello } from '../assess/version-refused.ts';
import type { TlsVersion } from '../catalogue/scenario.ts';

/** How a server is asked for a version. */
interface Asking {
  readonly version: TlsVersion;
  /** PEM of the anchors of the server's chain. */
  readonly trust: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Default: the server's own. */
  readonly servername?: string | undefined;
}

/**
 * Whether a server that refused this library's own client does not speak the version. `handshake_failure` may as well be about cipher suites: then a client that offers every suite that OpenSSL has is refused in the same way.
 */
export async function serverRefusesVersion(
  handshake: Handshake,
  server: ObservedServer | Endpoint,
  { version, ...asking }: Asking,
): Promise<boolean> {
  if (isVersionRefused(handshake)) return true;
  if (!refusesHello(handshake)) return false;
  const widest = await tryToAgree(server, { version, ...asking, ciphers: everyCipher });
  return widest !== undefined && (isVersionRefused(widest) || refusesHello(widest));
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
    observerOf(server)?.log.withdraw(handshake);
    return handshake;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return undefined;
    throw error;
  }
}

const everyCipher =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0';
