import { deferred } from '../../clock/deferred.ts';
import { after } from '../../clock/real-clock.ts';
import { contentType } from '../../wire/registry/content-types.ts';
import type { Capture } from '../../wire/tap/capture.ts';
import type { EndReport, Ends } from '../verdict/end-report.ts';
import { createHandshake, type Handshake } from '../verdict/handshake.ts';

/** The two ends of a TCP connection. */
interface Connection {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** The client's end of an attempt: what passed so far, and what it reports once it has judged. */
interface Client {
  readonly capture: Capture;
  readonly report: Promise<EndReport>;
}

/**
 * An attempt of this process, with the reports of both its ends. The client's end belongs to it from the start; an observed server of this process finds it by the random of
 * the ClientHello, which passes proxies, unix sockets and libraries that wrap `net.connect`, and before there is one by the client's address. Each end settles a promise
 * here, and so does the record that is made of them.
 */
export class Attempt {
  readonly #connection: string;
  readonly #clientAccepted = deferred();
  readonly #server = deferred<EndReport>();
  readonly #record = deferred<Handshake>();
  #client: Client | undefined;
  #hasClientAccepted = false;
  #serverReport: EndReport | undefined;
  /** What the client's end reported, once the attempt has its verdict from that alone. */
  #settledBy: EndReport | undefined;
  #isRecorded = false;

  constructor(socket: Connection) {
    this.#connection = connectionOf(socket.localAddress, socket.localPort, socket.remotePort);
    underWay.add(this);
  }

  /** The client has begun with TLS: its hello will be in what is captured. */
  begin(client: Client): void {
    this.#client = client;
    const onReport = ({ outcome }: EndReport): void => {
      if (outcome.kind !== 'completed') return;
      this.#hasClientAccepted = true;
      this.#clientAccepted.resolve();
    };
    client.report.then(onReport, () => {}); // one that gave up reports nothing
  }

  /** Whether this attempt is at the other end of a server's connection. */
  isAt(connection: Connection, seen: Capture): boolean {
    const random = clientRandom(seen);
    const own = this.#client && clientRandom(this.#client.capture);
    if (random !== undefined && own !== undefined) return random === own;
    return (
      this.#connection !== '' && this.#connection === connectionOf(connection.remoteAddress, connection.remotePort, connection.localPort)
    );
  }

  /** Whether the client's end has accepted by now. */
  get hasClientAccepted(): boolean {
    return this.#hasClientAccepted;
  }

  /** Settles when the client's end has accepted; never where it has not. */
  get clientAccepted(): Promise<void> {
    return this.#clientAccepted.promise;
  }

  /** What the server's end reports; of a server that is not observed in this process no report ever comes. */
  get server(): Promise<EndReport> {
    return this.#server.promise;
  }

  /** The record for the observed server's list. */
  get record(): Promise<Handshake> {
    return this.#record.promise;
  }

  /** Called by the observer of the server's end. Where the client's end has settled the attempt, the record has both. */
  serverReported(report: EndReport): void {
    this.#serverReport = report;
    this.#server.resolve(report);
    if (this.#settledBy) this.recordOf({ server: report, client: this.#settledBy });
  }

  /** The handshake as these ends saw it, which is what the server records. */
  recordOf(ends: Ends): Handshake {
    const handshake = createHandshake(ends);
    this.#isRecorded = true;
    this.#record.resolve(handshake);
    return handshake;
  }

  /**
   * The verdict of the client's end alone. Where the server is an observed one of this process its record has both ends, and the verdict is the record's
   * if they differ; where the server has not reported yet, its record will have the client's end.
   */
  settleBy(client: EndReport): Handshake {
    this.#settledBy = client;
    const alone = createHandshake({ client });
    if (!this.#serverReport) return alone;
    const record = this.recordOf({ server: this.#serverReport, client });
    return record.verdict === alone.verdict && record.rejectedBy === alone.rejectedBy ? alone : record;
  }

  /** The client is done or gave up: what it did not record is recorded from the server's end alone. */
  stop(): void {
    if (this.#settledBy && !this.#serverReport) after(lateReportMs, () => underWay.delete(this), { unref: true });
    else underWay.delete(this);
    if (this.#serverReport && !this.#isRecorded) this.recordOf({ server: this.#serverReport });
  }
}

/** The attempt of this process at the other end of a server's connection. */
export function attemptAt(connection: Connection, seen: Capture): Attempt | undefined {
  for (const attempt of underWay) if (attempt.isAt(connection, seen)) return attempt;
  return undefined;
}

/** An attempt and the server that it reaches have nothing in common but the connection between them. */
const underWay = new Set<Attempt>();

function connectionOf(clientHost: string | undefined, clientPort: number | undefined, serverPort: number | undefined): string {
  if (clientPort === undefined || serverPort === undefined) return '';
  const host = (clientHost ?? '').replace(/^::ffff:/u, ''); // a dual-stack server shows IPv4 mapped to IPv6
  return `${host}:${clientPort}>${serverPort}`;
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
  return hello.length < randomEnd || hello[0] !== contentType.handshake ? undefined : hello.toString('hex', randomStart, randomEnd);
}

/** How long a server's report may come after the attempt, in milliseconds. */
const lateReportMs = 5000;
const randomStart = 11;
const randomEnd = 43;
