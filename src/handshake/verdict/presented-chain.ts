import type tls from 'node:tls';
import type { Capture, Side } from '../../wire/tap/capture.ts';
import { decodeHandshake } from '../../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import { lastHandshakeOf } from '../../wire/decode/handshakes-of.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import { chainOf } from '../../x509/issuer-chain.ts';

/**
 * What the peer presented, as far as it can be had at little cost while the handshake goes on: DER, the leaf first. By `getPeerX509Certificate`, which cuts a chain
 * at a repetition and at 32 (measured on 26.10); but not on Node 22 and 24: there it takes the chain from whoever asks later, on a client Node's own
 * check of the host name included, and `getPeerCertificate` adds the roots that this end trusts (measured on 22.23 and 24.21). There the wire tells; and of a
 * resumed session, in which no certificate is sent, the second API.
 */
export function presentedChain(
  tlsSocket: tls.TLSSocket,
  { peer, capture }: { readonly peer: Side; readonly capture: Capture },
): readonly Uint8Array[] | undefined {
  if (isFree) {
    const leaf = tlsSocket.getPeerX509Certificate();
    return leaf && chainOf(leaf);
  }
  return sentChain(messagesOf(capture), peer) ?? chainWithoutRoot(tlsSocket);
}

/** The same as the wire has it: the exact list, in order, with repetitions; where none was sent, or it cannot be read, what the API told. */
export function exactChain(
  told: readonly Uint8Array[],
  { peer, capture }: { readonly peer: Side; readonly capture: Capture },
): readonly Uint8Array[] {
  return sentChain(messagesOf(capture), peer) ?? told;
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
  /** What the other end received, as its API told. */
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

function messagesOf({ chunks, secrets }: Capture): readonly DecodedMessage[] {
  return decodeHandshake(recordsOf(chunks), { keyLog: secrets.keyLog });
}

function chainWithoutRoot(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  const chain: Buffer[] = [];
  for (let next: Partial<tls.DetailedPeerCertificate> = tlsSocket.getPeerCertificate(true); next.raw; next = next.issuerCertificate ?? {}) {
    if (chain.at(-1)?.equals(next.raw) !== true) chain.push(next.raw);
    else return chain.length === 1 ? chain : chain.slice(0, -1); // a root is its own issuer
  }
  return chain.length === 0 ? undefined : chain;
}

const isFree = Number.parseInt(process.versions.node, 10) >= 26;
