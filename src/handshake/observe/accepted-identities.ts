import { realNow } from '../../clock/real-clock.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Trust } from '../server/trust.ts';
import type { Handshake } from '../verdict/handshake.ts';

/** A client that a server has accepted, and how it was tried. */
export interface AcceptedClient {
  readonly identity: Identity;
  /** What it trusted, where that was not the identity's own. */
  readonly trust?: Trust | undefined;
}

/** What an attempt used that decides whether it shows that the server accepts an identity. */
interface AttemptedWith {
  readonly identity?: Identity | undefined;
  readonly trust?: Trust | undefined;
  readonly servername?: string | undefined;
  readonly certificateMessage?: unknown;
}

/** The identities that one server accepted last, for each name that was asked for: `toReject` tries one of them again as its control. */
export class AcceptedIdentities {
  readonly #byName = new Map<string, AcceptedClient[]>();

  /**
   * Notes the identity of an attempt, where the server verified it in this very handshake: not where it let the client in without its certificate or in spite of it, nor
   * where a session was resumed or other certificates were sent.
   */
  note(handshake: Handshake, { identity, trust, servername = usualName, certificateMessage }: AttemptedWith): void {
    if (!identity || certificateMessage !== undefined || !isVerified(handshake)) return;
    const others = (this.#byName.get(servername) ?? []).filter((accepted) => !isSame(accepted.identity, identity));
    this.#byName.delete(servername);
    this.#byName.set(servername, [{ identity, trust }, ...others].slice(0, mostOfName));
    for (const name of [...this.#byName.keys()].slice(0, -mostNames)) this.#byName.delete(name);
  }

  /** The last of them that is still a good credential, as far as its dates and its authority say, and is not this one. */
  last(servername: string = usualName, but?: Identity): AcceptedClient | undefined {
    return this.#byName.get(servername)?.find(({ identity }) => !(but && isSame(identity, but)) && isGood(identity));
  }
}

/** Whether the server accepted the client for the certificate that it presented in this handshake. */
export function isVerified({ verdict, clientAuthenticated, resumed }: Handshake): boolean {
  return verdict === 'accepted' && clientAuthenticated && !resumed;
}

function isSame(one: Identity, other: Identity): boolean {
  return one.certificatePem === other.certificatePem;
}

/** One that has expired or was revoked since may still be accepted, by a server that does not look: it shows nothing. */
function isGood({ certificate, authority }: Identity): boolean {
  const now = realNow();
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) return false;
  const serialNumber = BigInt(`0x${certificate.serialNumber}`);
  return !authority?.revoked.some((entry) => entry.serialNumber === serialNumber && entry.reason !== 'removeFromCRL');
}

const usualName = 'localhost';
const mostOfName = 4;
const mostNames = 50;
