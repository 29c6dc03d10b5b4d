import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import timers from 'node:timers';
import type { TLSSocket } from 'node:tls';
import { Capture, type Side } from '../wire/tap/capture.ts';

/**
 * A Duplex between a raw socket and a TLS engine that passes on what comes in, and what goes out as the fault wants it: changed, one octet
 * at a time, or no more.
 */
export class InterposedSocket extends Duplex {
  /** What the peer sent and what the engine wanted to send. */
  readonly capture: Capture = new Capture();
  /** Changes what the engine sends. */
  rewrite: ((chunk: Uint8Array) => Buffer) | undefined;
  /** Sends each octet in a turn of the event loop of its own. */
  isSlow = false;
  readonly #raw: Socket;
  readonly #self: Side;
  #isCut = false;
  #isTrickling = false;

  constructor(raw: Socket, self: Side) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    this.#self = self;
    raw.setNoDelay(true);
    raw.on('data', (chunk: Buffer) => {
      this.capture.add(self === 'client' ? 'server' : 'client', chunk);
      if (!this.push(chunk)) raw.pause();
    });
    raw.on('end', () => this.push(null));
    raw.on('error', () => {}); // 'close' follows
    raw.on('close', () => this.destroy());
  }

  /** Ends the stream now: whatever the engine still wants to send, most of all its close_notify, stays unsent. */
  cut(): void {
    this.#isCut = true;
    this.#raw.end();
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.capture.add(this.#self, chunk);
    const bytes = this.rewrite ? this.rewrite(chunk) : chunk;
    if (this.isSlow) this.#trickle(bytes, 0, callback);
    else this.#send(bytes, callback);
  }

  override _final(callback: () => void): void {
    if (this.#isCut || this.#raw.destroyed) callback();
    else this.#raw.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // What the engine said last, an alert perhaps, may still be on its way octet by octet.
    if (!this.#isTrickling && !this.#isCut) this.#raw.destroy();
    callback(error);
  }

  #trickle(bytes: Buffer, at: number, callback: () => void): void {
    this.#isTrickling = at < bytes.length;
    if (this.#isTrickling) this.#send(bytes.subarray(at, at + 1), () => nextTurn(() => this.#trickle(bytes, at + 1, callback)));
    else if (this.destroyed) this.#raw.end();
    else callback();
  }

  /** An error of the write is one of the raw socket, which is closed by it. */
  #send(bytes: Uint8Array, callback: () => void): void {
    if (this.#isCut || this.#raw.destroyed) callback();
    else this.#raw.write(bytes, () => callback());
  }
}

/** What Node's TLS sockets do by default: an end of stream is answered with one. Over a Duplex they take over that it is half open. */
export function closeWithPeer(engine: TLSSocket): void {
  engine.once('end', () => engine.end());
  engine.once('error', () => engine.destroy());
}

/** Captured at import, before a test gets to fake timers. */
const { setImmediate: nextTurn } = timers;
