import type tls from 'node:tls';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import { after } from '../../clock/real-clock.ts';
import { clientHelloOf } from '../../wire/hello/hello.ts';
import { contentType } from '../../wire/registry/content-types.ts';
import { recordHeaderLength } from '../../wire/records/record-splitter.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { Tap } from '../../wire/tap/tap.ts';
import type { Credentials } from './credentials.ts';

/** A name of a server with credentials of its own. */
export interface VirtualHost extends Credentials {
  /** In lower case, with `*` for a first label that may be any. */
  readonly name: string;
  readonly identity: Identity;
  /** Issues clients that are accepted under this name, where it is known. */
  readonly pki: Pki | undefined;
  /** Holds the TLS settings of this name, and never listens: Node has no `requestCert` for each name of one server. */
  readonly server: tls.Server;
}

/** The host that a client asks for (RFC 6066 3): the exact name before a wildcard. A name that only resembles one, such as by a dot at its end, is not one. */
export function hostNamed<Host extends Pick<VirtualHost, 'name'>>(hosts: readonly Host[], asked: string | undefined): Host | undefined {
  if (asked === undefined) return undefined;
  const name = asked.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
  const wildcard = name.replace(/^[^.]+/u, '*');
  return hosts.find((host) => host.name === name) ?? hosts.find((host) => host.name === wildcard);
}

/**
 * Calls back once with the name in the client's first hello, however it is split over records and segments; with undefined where there is no name in it, and for
 * what is not a ClientHello, which is left to the TLS engine to refuse. `patience`: milliseconds until it is left to the engine whatever has come.
 */
export function onServerName(tap: Tap, patience: number, decide: (servername: string | undefined) => void): void {
  const settle = (servername?: string): void => {
    if (tap.onInput !== look) return;
    tap.onInput = undefined;
    cancel();
    decide(servername);
  };
  const look = (): void => {
    const { chunks } = tap.capture;
    const hello = clientHelloOf(recordsOf(chunks));
    if (hello) settle(hello.servername);
    else if (tap.peerLeft !== undefined || !mayBecomeHello(chunks)) settle();
  };
  const cancel = after(patience, () => settle(), { unref: true });
  tap.onInput = look;
  tap.once('close', cancel);
}

/** Whether these may be the first bytes of a ClientHello. */
function mayBecomeHello(chunks: Tap['capture']['chunks']): boolean {
  const received = Buffer.concat(chunks.filter(({ sentBy }) => sentBy === 'client').map(({ bytes }) => bytes));
  if (received.length > mostOctets) return false;
  for (let at = 0; at < received.length;) {
    if (received[at] !== contentType.handshake) return false;
    if (at + recordHeaderLength > received.length) return true;
    const length = received.readUInt16BE(at + 3);
    if (length > mostInRecord) return false;
    at += recordHeaderLength + length;
  }
  return true;
}

/** Octets of a record in the clear (RFC 8446 5.1): the engine refuses a longer one by its header. */
const mostInRecord = 16_384;

/** What OpenSSL takes for a ClientHello at most is 131,396 octets; those of clients have hundreds, with post-quantum key shares two thousand. */
const mostOctets = 32_768;
