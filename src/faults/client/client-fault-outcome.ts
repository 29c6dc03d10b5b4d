import { deferred } from '../../clock/deferred.ts';
import type { Socket } from 'node:net';
import { after, monotonicNow } from '../../clock/real-clock.ts';
import { type Alert, alertOf, alertOnTheWire } from '../../wire/records/alert-record.ts';
import type { StreamEnd } from '../../wire/decode/stream-end.ts';
import { beginningOf } from '../../net/answer-beginning.ts';
import { Capture } from '../../wire/tap/capture.ts';
import { serverHelloOf } from '../../wire/hello/hello.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';

/** What a server did with a client that misbehaves. */
export interface ClientFaultOutcome {
  /** How the connection ended, from whichever side; `still-open`: the server had not ended it when the bound was reached. */
  readonly ended: 'closed' | 'reset' | 'still-open';
  /** Whether the fault was committed: false where the connection ended before, or a message to be corrupted never came to be sent. */
  readonly faultSent: boolean;
  /** The server's fatal alert, where it can be read: in the clear, or by a real client. What answers a bare ClientHello of TLS 1.3 is encrypted. */
  readonly alert?: Alert;
  /** The version that the server chose, where it answered with a ServerHello, e.g. `TLSv1.2`. */
  readonly protocol?: string;
  /** Octets that the server sent. */
  readonly bytesReceived: number;
  /** The beginning of what it sent, where that is not TLS: printable, with dots for the rest. */
  readonly plaintext?: string;
  /** Whether it answered with an HTTP status line in the clear. */
  readonly plaintextResponse: boolean;
  /** The status of that response, e.g. 400. */
  readonly plaintextStatus?: number;
  /** Whether it sent application data after a handshake, as a server does that has accepted the client. */
  readonly applicationData: boolean;
  /** Milliseconds from the connection to its end. */
  readonly durationMs: number;
  /** Of an edited flight: what was sent, and how far the handshake came. */
  readonly flight?: FlightReport;
}

/** What a client with an edited flight sent and saw. */
export interface FlightReport {
  /** The message that was edited, and how: `CertificateVerify (left out)`. */
  readonly edited: string;
  /** The messages of the flight that was edited, as they were sent, by the names of the registry; empty where it was not reached. */
  readonly sent: readonly string[];
  /** The messages of both sides as they passed, decrypted: a ladder as that of `explain()`, with the edited message named: `CertificateVerify (left out by the scenario)`. */
  readonly transcript: string;
  /** The connection as a capture file (pcapng) that Wireshark opens decrypted; it holds the connection's secrets. The TCP/IP packets are made up. */
  readonly capture: Uint8Array;
  /** Whether the server showed that it had completed the handshake: by its Finished in TLS 1.2, by a session ticket in TLS 1.3. */
  readonly isCompleted: boolean;
  /** Whether the session was resumed that was to be. */
  readonly isResumed?: boolean;
  /** Whether that was a session of TLS 1.3 in TLS 1.2, which has no master secret to go on from. */
  readonly isResumedAcrossVersions?: true;
  /** Whether the server went on in TLS 1.2 where its HelloRetryRequest was of TLS 1.3. */
  readonly isVersionLowered?: true;
  /** Whether the server asked for the client's certificate; absent where the handshake did not come so far. */
  readonly isAsked?: boolean;
  /** Whether the server sent data that it may have written before the client's Finished arrived, and no other. */
  readonly sentEarlyData?: true;
  /** Why the edit would be no fault towards this server, which then was not sent it. */
  readonly unfit?: string;
  /** What the server sent against the RFC, so that the client left. */
  readonly problem?: string;
  /** How the handshake ended, and at which message; absent where it was completed and nothing refused it afterwards. */
  readonly end?: FlightEnd;
}

/** How a handshake by the engine for tests ended. */
export interface FlightEnd {
  readonly code: 'HANDSHAKE_ENDED';
  /** `refused`: by a fatal alert; `closed` and `reset`: without one; `silent`: nothing came in time; `wrong-answer`: what came breaks the RFC; `not-tls`: what came is not TLS. */
  readonly kind: 'refused' | 'closed' | 'reset' | 'silent' | 'wrong-answer' | 'not-tls';
  /** The message that was awaited or sent, such as `server server_hello`. */
  readonly step: string;
  /** In words: `nothing came within 5000 ms`. */
  readonly how: string;
}

/** Watches one raw connection to a server until it has ended, at most for `timeout` milliseconds, and destroys it then. */
export class OutcomeWatch {
  faultSent = false;
  applicationData = false;
  /** Of an edited flight. */
  flight: FlightReport | undefined;
  /** The number of an alert that only a TLS engine could read. */
  alertFromEngine: number | undefined;
  /** Resolves at the end of the connection. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #capture = new Capture();
  readonly #startedAt = monotonicNow();
  readonly #resolve: () => void;
  readonly #cancel: () => void;
  #bytes = 0;
  #how: ClientFaultOutcome['ended'] | undefined;
  #endedAt = 0;

  constructor(socket: Socket, timeout: number) {
    const { promise, resolve } = deferred();
    this.ended = promise;
    this.#resolve = resolve;
    this.#socket = socket;
    this.#cancel = after(timeout, () => this.#end('still-open'));
    socket.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      this.#capture.add('server', chunk);
    });
    socket.on('end', () => this.#end('closed'));
    socket.on('error', () => this.#end('reset'));
    socket.on('close', () => this.#end('closed'));
  }

  /** Resolves at the end of the connection, at the latest after this time. */
  async endedWithin(milliseconds: number): Promise<void> {
    const { promise, resolve } = deferred();
    const cancel = after(milliseconds, () => resolve());
    await Promise.race([this.ended, promise]);
    cancel();
  }

  /** Resets the connection, from this side. */
  reset(): void {
    this.#end('reset');
    this.#socket.resetAndDestroy();
  }

  /** Ends the connection, from this side: what was to be seen of it has been. */
  leave(): void {
    this.#end('closed');
    this.#socket.end();
  }

  /** Whether the bound was reached before the server had ended the connection. */
  get isStillOpen(): boolean {
    return this.#how === 'still-open';
  }

  /** How the server left, where it did. */
  get streamEnd(): StreamEnd | undefined {
    if (this.#how === undefined || this.#how === 'still-open') return undefined;
    return { sentBy: 'server', how: this.#how === 'reset' ? 'reset' : 'end', atMs: this.#endedAt - this.#startedAt };
  }

  /** What it came to; the socket is destroyed. */
  outcome(): ClientFaultOutcome {
    this.#socket.destroy();
    const records = recordsOf(this.#capture.chunks);
    const alert = this.alertFromEngine === undefined ? alertOnTheWire(records, 'server') : alertOf(this.alertFromEngine, 'server');
    const protocol = serverHelloOf(records)?.version;
    const received = Buffer.concat(this.#capture.chunks.map(({ bytes }) => bytes));
    const { status } = beginningOf(received);
    const isPlaintext = records[0]?.type === 'not-tls';
    return {
      ended: this.#how ?? 'still-open',
      faultSent: this.faultSent,
      ...(alert && { alert }),
      ...(protocol !== undefined && { protocol }),
      bytesReceived: this.#bytes,
      ...(isPlaintext && { plaintext: received.toString('latin1', 0, shownLength).replaceAll(/[^\x20-\x7e]/gu, '.') }),
      plaintextResponse: status !== undefined,
      ...(status !== undefined && { plaintextStatus: status }),
      applicationData: this.applicationData,
      durationMs: this.#endedAt - this.#startedAt,
      ...(this.flight && { flight: this.flight }),
    };
  }

  #end(how: ClientFaultOutcome['ended']): void {
    if (this.#how) return;
    this.#how = how;
    this.#endedAt = monotonicNow();
    this.#cancel();
    this.#resolve();
  }
}

const shownLength = 200;
