import { after } from '../clock/real-clock.ts';
import type { Capture } from '../wire/capture.ts';
import { clientAddress } from './client-address.ts';
import type { EndReport } from './end-report.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import type { Recorded } from './lazy-handshake.ts';

/** What the server's end of a followed connection came to, and where the finished record goes. */
export interface ServerEnd {
  readonly report: EndReport;
  record(recorded: Recorded): void;
}

/** The two ends of a TCP connection. */
interface Ends {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * An attempt of this process, on its way to an observed server of this process: brings the server's report to the client, so that both ends become one record. The
 * server finds it by the random of the ClientHello, which passes proxies, unix sockets and libraries that wrap `net.connect`; before there is one, by the client's address.
 */
export class Follower {
  /** The server's end, once it has been judged. */
  readonly server: Promise<ServerEnd>;
  readonly #connection: string;
  #capture: Capture | undefined;
  #resolve: (end: ServerEnd) => void = () => {};
  #unrecorded: ServerEnd | undefined;
  #client: EndReport | undefined;
  #hasServer = false;
  #isClientCompleted = false;
  #onClientCompleted: () => void = () => {};

  constructor(client: Ends) {
    this.#connection = connectionOf(client.localAddress, client.localPort, client.remotePort);
    this.server = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    followers.add(this);
  }

  /** The client has begun with TLS: its hello will be in what was captured. */
  follow(capture: Capture): void {
    this.#capture = capture;
  }

  /** Whether this attempt is at the other end of a server's connection. */
  isAt(server: Ends, seen: Capture): boolean {
    const random = clientRandom(seen);
    const own = this.#capture && clientRandom(this.#capture);
    if (random !== undefined && own !== undefined) return random === own;
    return this.#connection !== '' && this.#connection === connectionOf(server.remoteAddress, server.remotePort, server.localPort);
  }

  /** The client's end has accepted: the server need not wait for evidence of it. */
  clientCompleted(): void {
    this.#isClientCompleted = true;
    this.#onClientCompleted();
  }

  /** Called by the observer: to be told when the client's end has accepted, at once if it has. */
  onClientCompleted(callback: () => void): void {
    this.#onClientCompleted = callback;
    if (this.#isClientCompleted) callback();
  }

  /** Called by the observer. */
  serverReported(end: ServerEnd): void {
    this.#unrecorded = end;
    this.#hasServer = true;
    this.#resolve(end);
    if (this.#client) this.record({ server: end.report, client: this.#client });
  }

  /**
   * The client's verdict, made from its end alone. Where the server is an observed one of this process its record has both ends, and the verdict is the record's
   * if they differ; where the server has not reported yet, its record will have the client's end.
   */
  settle(client: EndReport): Handshake {
    this.#client = client;
    const alone = createHandshake({ client });
    const server = this.#unrecorded?.report;
    if (!server) return alone;
    const record = this.record({ server, client });
    return record.verdict === alone.verdict && record.rejectedBy === alone.rejectedBy ? alone : record;
  }

  /** Records the handshake as both ends saw it. */
  record(ends: { readonly server: EndReport; readonly client: EndReport }): Handshake {
    const handshake = createHandshake(ends);
    this.#unrecorded?.record({ handshake });
    this.#unrecorded = undefined;
    return handshake;
  }

  /** The server has decided, and the client does not come to know of it: recorded from the server's end alone. */
  recordServer(end: ServerEnd): Handshake {
    const handshake = createHandshake({ server: end.report });
    end.record({ handshake });
    this.#unrecorded = undefined;
    return handshake;
  }

  /** The client is done or gave up: what it did not record is recorded from the server's end alone. */
  stop(): void {
    if (this.#client && !this.#hasServer) after(lateReportMs, () => followers.delete(this), { unref: true });
    else followers.delete(this);
    if (this.#unrecorded) this.recordServer(this.#unrecorded);
  }
}

/** The attempt of this process at the other end of a server's connection. */
export function followerAt(server: Ends, seen: Capture): Follower | undefined {
  for (const follower of followers) if (follower.isAt(server, seen)) return follower;
  return undefined;
}

/** The attempts that are under way. */
const followers = new Set<Follower>();

function connectionOf(clientHost: string | undefined, clientPort: number | undefined, serverPort: number | undefined): string {
  return clientPort === undefined || serverPort === undefined ? '' : `${clientAddress(clientHost, clientPort)}>${serverPort}`;
}

/** ClientHello.random, at a fixed place in the first record (RFC 8446 4.1.2, 5.1), in hexadecimal. */
function clientRandom({ chunks }: Capture): string | undefined {
  const sent: Uint8Array[] = [];
  let length = 0;
  for (const { sentBy, bytes } of chunks) {
    if (length >= randomEnd) break;
    if (sentBy !== 'client') continue;
    sent.push(bytes);
    length += bytes.length;
  }
  const hello = Buffer.concat(sent);
  return hello.length < randomEnd || hello[0] !== handshakeRecord ? undefined : hello.toString('hex', randomStart, randomEnd);
}

/** How long a server's report may come after the attempt, in milliseconds. */
const lateReportMs = 5000;
const handshakeRecord = 22;
const randomStart = 11;
const randomEnd = 43;
