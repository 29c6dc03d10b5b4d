import type tls from 'node:tls';
import type { Capture, Side } from '../../wire/tap/capture.ts';
import { decodeHandshake } from '../../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import { lastHandshakeOf } from '../../wire/decode/handshakes-of.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import { inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';
import { chainOf } from '../../x509/issuer-chain.ts';

/**
 * What the peer presented, as far as it can be had at little cost while the handshake goes on: DER, the leaf first. By `getPeerX509Certificate`, which cuts a chain
 * at a repetition and at 32 (measured on 26.10); but not on Node 22 and 24: there it takes the chain from code that asks later, on a client from Node's own
 * check of the host name included. There the chain is read from the wire; where the wire does not show it (a resumed session, in which no certificate is sent), the API is asked
 * on a server. Of a client see {@link chainAfterVerification}. `getPeerCertificate` is not used: it ends the process for keys on some curves (measured on 24.21 and 26.10).
 */
export function presentedChain(
  tlsSocket: tls.TLSSocket,
  { peer, capture }: { readonly peer: Side; readonly capture: Capture },
): readonly Uint8Array[] | undefined {
  if (isFree) {
    const leaf = tlsSocket.getPeerX509Certificate();
    return leaf && chainOf(leaf);
  }
  return sentChain(messagesOf(capture), peer) ?? (peer === 'client' ? leafOf(tlsSocket) : undefined);
}

/** What a server presented, once Node's client has verified it, where the wire did not show it on Node 22 and 24: the leaf alone. */
export function chainAfterVerification(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  return isFree ? undefined : leafOf(tlsSocket);
}

/** What one side's Certificate message held, as the wire has it; undefined where none was sent, or it cannot be read. */
export function chainOnWire(capture: Capture, side: Side): readonly Uint8Array[] | undefined {
  return sentChain(messagesOf(capture), side);
}

/** The same as the wire has it: the exact list, in order, with repetitions; where none was sent, or it cannot be read, what the API returned. */
export function exactChain(
  returned: readonly Uint8Array[],
  { peer, capture }: { readonly peer: Side; readonly capture: Capture },
): readonly Uint8Array[] {
  return sentChain(messagesOf(capture), peer) ?? returned;
}

/** What one side's Certificate message held, in the last handshake of a connection: DER, the leaf first; undefined where none was sent, or it was empty. */
export function sentChain(messages: readonly DecodedMessage[], side: Side): readonly Uint8Array[] | undefined {
  const sent = lastHandshakeOf(messages).find((message) => message.type === 'certificate' && message.sentBy === side);
  return sent?.type === 'certificate' && sent.certificates.length > 0 ? sent.certificates.map(({ der }) => der) : undefined;
}

/** What is known of one side's certificates, apart from the messages. */
interface KnownChains {
  readonly side: Side;
  /** Whether the session was resumed: its certificates were presented when it was made. */
  readonly resumed: boolean;
  /** Whether the server was observed, which knows what client a session is of; a client's API says nothing of the server of a resumed one (measured). */
  readonly isServerObserved: boolean;
  /** What the other end received, as its API returned it. */
  readonly received: readonly Uint8Array[] | undefined;
  /** What this side had to present. */
  readonly own: readonly Uint8Array[] | undefined;
}

/**
 * What one side presented in a handshake: the list of its Certificate message. Where there is no such message to read, what the other end received. What a side
 * had counts in a resumed session alone, and only where the other end cannot know what the session holds.
 */
export function chainIn(
  messages: readonly DecodedMessage[],
  { side, resumed, isServerObserved, received, own }: KnownChains,
): readonly Uint8Array[] | undefined {
  const sent = sentChain(messages, side);
  if (sent || received) return sent ?? received;
  return resumed && (side === 'server' || !isServerObserved) ? own : undefined;
}

/** What a peer presented, read: a chain ends before its first certificate that cannot be read at all; undefined where that is the leaf. */
export function readableCertificate(chain: readonly Uint8Array[]): PeerCertificate | undefined {
  const readable = readableStart(chain);
  return readable.length === 0 ? undefined : inspectChain(readable);
}

/** A chain up to its first certificate that cannot be read at all. */
export function readableStart(chain: readonly Uint8Array[]): readonly Uint8Array[] {
  const broken = chain.findIndex((certificate) => !isReadable(certificate));
  return broken < 0 ? chain : chain.slice(0, broken);
}

function isReadable(certificate: Uint8Array): boolean {
  try {
    inspectChain([certificate]);
    return true;
  } catch {
    return false; // presented on purpose, or by a hostile peer: a record must not throw for it
  }
}

function messagesOf({ chunks, secrets }: Capture): readonly DecodedMessage[] {
  return decodeHandshake(recordsOf(chunks), { keyLog: secrets.keyLog });
}

function leafOf(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  const leaf = tlsSocket.getPeerX509Certificate();
  return leaf && [leaf.raw];
}

/** Whether the API can be asked for a peer's certificate without side effects. */
export const isFree: boolean = Number.parseInt(process.versions.node, 10) >= 26;
