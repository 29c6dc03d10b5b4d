import type { CapturedChunk, Side } from '../tap/capture.ts';
import type { StreamEnd } from '../decode/stream-end.ts';
import type { ConnectionAddresses } from './connection-addresses.ts';
import { encodeIpPacket } from './ip-packet.ts';
import { encodeTcpSegment, largestSegment, tcpFlag } from './tcp-segment.ts';

/** One packet of the made-up conversation. */
export interface TcpPacket {
  readonly atMs: number;
  /** From the IP header on. */
  readonly bytes: Uint8Array;
}

/** A TCP conversation in which each side sends its chunks: opened, acknowledged, and closed where the ends were seen. */
export function tcpPackets(chunks: readonly CapturedChunk[], { ends, addresses }: ConversationOptions): TcpPacket[] {
  const conversation = new TcpConversation(addresses);
  const endsAfter = Map.groupBy(ends, (end) => positionOf(end, chunks));
  const leave = (position: number): void => endsAfter.get(position)?.forEach((end) => conversation.end(end));
  conversation.open();
  leave(-1);
  chunks.forEach(({ sentBy, atMs, bytes }, position) => {
    conversation.data(sentBy, { atMs, bytes });
    leave(position);
  });
  conversation.acknowledgeAll();
  return conversation.packets;
}

/** The chunk that a side's end comes after: its own last one, and all that came before it in time. -1 for before the first. */
function positionOf({ sentBy, atMs = Infinity }: StreamEnd, chunks: readonly CapturedChunk[]): number {
  let position = chunks.findLastIndex((chunk) => chunk.sentBy === sentBy);
  for (let next = chunks[position + 1]; next && next.atMs <= atMs; next = chunks[position + 1]) position += 1;
  return position;
}

class TcpConversation {
  readonly packets: TcpPacket[] = [];
  readonly #addresses: ConnectionAddresses;
  readonly #ends: Readonly<Record<Side, EndState>> = {
    client: { next: 1000, seen: 0, hasLeft: false },
    server: { next: 5000, seen: 0, hasLeft: false },
  };
  #atMs = 0;

  constructor(addresses: ConnectionAddresses) {
    this.#addresses = addresses;
  }

  open(): void {
    this.#send('client', { flags: tcpFlag.syn });
    this.#send('server', { flags: tcpFlag.syn | tcpFlag.ack });
    this.#send('client', { flags: tcpFlag.ack });
  }

  data(sentBy: Side, { atMs, bytes }: { readonly atMs: number; readonly bytes: Uint8Array }): void {
    this.#passTime(atMs);
    for (let at = 0; at < bytes.length; at += largestSegment)
      this.#send(sentBy, { flags: tcpFlag.psh | tcpFlag.ack, payload: bytes.subarray(at, at + largestSegment) });
  }

  end({ sentBy, how, atMs = 0 }: StreamEnd): void {
    const end = this.#ends[sentBy];
    if (end.hasLeft) return;
    this.#passTime(atMs);
    this.#send(sentBy, { flags: (how === 'reset' ? tcpFlag.rst : tcpFlag.fin) | tcpFlag.ack });
    end.hasLeft = true;
    if (how === 'reset') this.#ends[other[sentBy]].seen = end.next; // a reset is not answered
  }

  /** What is still open in the end is acknowledged: the tap saw it arrive, or be sent. */
  acknowledgeAll(): void {
    for (const side of ['client', 'server'] as const)
      if (this.#ends[side].seen !== this.#ends[other[side]].next) this.#send(side, { flags: tcpFlag.ack });
  }

  /** The sequence and acknowledgement numbers follow from what has been sent: every segment acknowledges all of the other side's. */
  #send(sentBy: Side, { flags, payload = nothing }: { readonly flags: number; readonly payload?: Uint8Array }): void {
    const self = this.#ends[sentBy];
    const peer = this.#ends[other[sentBy]];
    const addresses = { source: this.#addresses[sentBy], destination: this.#addresses[other[sentBy]] };
    const acknowledged = flags & tcpFlag.ack ? peer.next : 0;
    const segment = encodeTcpSegment({ ...addresses, sequence: self.next, acknowledged, flags, payload });
    this.packets.push({ atMs: this.#atMs, bytes: encodeIpPacket(segment, addresses) });
    self.seen = peer.next;
    self.next = (self.next + payload.length + (flags & (tcpFlag.syn | tcpFlag.fin) ? 1 : 0)) >>> 0;
  }

  /** Time does not run backwards, whatever the chunks say. */
  #passTime(atMs: number): void {
    if (Number.isFinite(atMs) && atMs > this.#atMs) this.#atMs = atMs;
  }
}

interface ConversationOptions {
  readonly ends: readonly StreamEnd[];
  readonly addresses: ConnectionAddresses;
}

interface EndState {
  /** The next sequence number. */
  next: number;
  /** What it has acknowledged of the other side. */
  seen: number;
  hasLeft: boolean;
}

const other = { client: 'server', server: 'client' } as const;
const nothing = new Uint8Array(0);
