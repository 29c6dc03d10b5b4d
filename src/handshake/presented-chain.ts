import type tls from 'node:tls';
import type { Capture, Side } from '../wire/capture.ts';
import { decodeHandshake } from '../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../wire/decode/decoded-message.ts';
import { lastHandshakeOf } from '../wire/decode/handshakes-of.ts';
import { isTls13Suite } from '../wire/protected-record.ts';
import { recordsOf } from '../wire/tls-record.ts';
import { chainOf } from '../x509/inspect-certificate.ts';
import type { SessionFacts } from './end-report.ts';
import { shared } from './own-chain.ts';

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

/**
 * What a client presented to a server, told when it is asked for: of a full handshake the wire tells, and the API, which makes an object of every certificate, is left alone.
 * Where the wire cannot tell for sure the API is asked at once: a refused socket has lost its peer's certificate afterwards.
 */
export function presentedByClient(
  tlsSocket: tls.TLSSocket,
  { session, capture }: { readonly session: SessionFacts; readonly capture: Capture },
): () => readonly Uint8Array[] | undefined {
  // As bytes: an X509Certificate that is kept costs ten kilobytes.
  if (!isToldByWire(session, capture)) return constant(presentedChain(tlsSocket, { peer: 'client', capture })?.map(shared));
  let told: { readonly chain: readonly Uint8Array[] | undefined } | undefined;
  return () => (told ??= { chain: sentChain(messagesOf(capture), 'client') }).chain;
}

/** A function that always gives the same. */
export function constant<Value>(value: Value): () => Value {
  return () => value;
}

/**
 * Whether the client has a certificate, once Node has verified it. Node authorizes a client without one in a resumed session and by a pre-shared key alone.
 */
export function hasPresented(
  tlsSocket: tls.TLSSocket,
  { session: { resumed, cipher }, chain }: { readonly session: SessionFacts; readonly chain: () => readonly Uint8Array[] | undefined },
): boolean {
  if (tlsSocket.authorized && !resumed && cipher !== undefined && !cipher.includes('PSK')) return true;
  return isFree && !tlsSocket.destroyed ? tlsSocket.getPeerX509Certificate() !== undefined : chain() !== undefined;
}

/** A full handshake of which nothing is missing: certificates are in the clear before TLS 1.3, and can be opened in it with the suites that this library knows. */
function isToldByWire({ protocol, cipher, resumed }: SessionFacts, capture: Capture): boolean {
  if (resumed || capture.isFull || protocol === undefined || cipher === undefined) return false;
  return protocol !== 'TLSv1.3' || (isTls13Suite(cipher) && capture.secrets.hasNew('CLIENT_HANDSHAKE_TRAFFIC_SECRET'));
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
