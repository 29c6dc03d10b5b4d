import { deferred } from '../../clock/deferred.ts';
import type { Socket } from 'node:net';
import { after, monotonicNow } from '../../clock/real-clock.ts';
import { type Alert, alertOf, alertOnTheWire } from '../../wire/records/alert-record.ts';
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
}

/** Watches one raw connection to a server until it has ended, at most for `timeout` milliseconds, and destroys it then. */
export class OutcomeWatch {
  faultSent = false;
  applicationData = false;
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

  /** Resets the connection, from this side. */
  reset(): void {
    this.#end('reset');
    this.#socket.resetAndDestroy();
  }

  /** Whether the bound was reached before the server had ended the connection. */
  get isStillOpen(): boolean {
    return this.#how === 'still-open';
  }

  /** What it came to; the socket is destroyed. */
  outcome(): ClientFaultOutcome {
    this.#socket.destroy();
    const records = recordsOf(this.#capture.chunks);
    const alert = this.alertFromEngine === undefined ? alertOnTheWire(records, 'server') : alertOf(this.alertFromEngine, 'server');
    const protocol = serverHelloOf(records)?.version;
    const text = Buffer.concat(this.#capture.chunks.map(({ bytes }) => bytes)).toString('latin1');
    const status = /^HTTP\/\d\S* (\d{3})/u.exec(text)?.[1];
    const isPlaintext = records[0]?.type === 'not-tls';
    return {
      ended: this.#how ?? 'still-open',
      faultSent: this.faultSent,
      ...(alert && { alert }),
      ...(protocol !== undefined && { protocol }),
      bytesReceived: this.#bytes,
      ...(isPlaintext && { plaintext: text.slice(0, shownLength).replaceAll(/[^\x20-\x7e]/gu, '.') }),
      plaintextResponse: status !== undefined,
      ...(status !== undefined && { plaintextStatus: Number(status) }),
      applicationData: this.applicationData,
      durationMs: this.#endedAt - this.#startedAt,
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
