import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { after } from '../clock/real-clock.ts';
import { Capture, type Side } from './capture.ts';

/**
 * A Duplex between a raw socket and a TLS engine: passes every byte on, keeps those of the handshake, and can end the connection
 * with bytes of its own in place of what the engine still wanted to send.
 */
export class Tap extends Duplex {
  readonly capture: Capture = new Capture();
  /** How the peer left, once it has: an end of stream, or the error of the raw socket. */
  peerLeft: 'end' | 'reset' | undefined;
  /** Called after the TLS engine has been given bytes; undefined when nobody looks any more. */
  afterInbound: (() => void) | undefined;
  /** Changes what is sent before it is; undefined passes everything on as it is. */
  rewrite: ((chunk: Uint8Array) => Buffer) | undefined;
  /** Asked before each write: puts it off until the promise is fulfilled. */
  hold: (() => Promise<void> | undefined) | undefined;
  readonly #raw: Socket;
  readonly #peer: Side;
  readonly #self: Side;
  readonly #allowsHalfOpen: boolean;
  #tlsSocket: TLSSocket | undefined;
  #speaksForItself = false;
  #isPaused = false;
  /** Writes what is held, at once. */
  #release: (() => void) | undefined;

  constructor(raw: Socket, peer: Side) {
    super({ allowHalfOpen: true, highWaterMark: raw.readableHighWaterMark });
    this.#raw = raw;
    this.#peer = peer;
    this.#self = peer === 'client' ? 'server' : 'client';
    this.#allowsHalfOpen = raw.allowHalfOpen;
    raw.allowHalfOpen = true; // a peer that has ended is still told what the engine had to say: the raw socket alone would refuse to write
    raw.on('data', (chunk: Buffer) => {
      this.#inbound(chunk);
    });
    raw.on('end', () => {
      this.peerLeft ??= 'end';
      this.push(null);
      // An engine that is known ends by itself, once it has written all; one that was never heard of cannot be relied on.
      if (!this.#tlsSocket && !this.#allowsHalfOpen) raw.end();
    });
    raw.on('error', (error) => {
      this.peerLeft ??= 'reset';
      this.#tlsSocket?.destroy(error);
    });
    raw.on('close', () => this.destroy());
    raw.resume(); // one that was paused, after STARTTLS or by who hands it to a server, is not set going by a listener
  }

  /** Names the TLS socket above: it is given the raw socket's errors, and ends as it would over the raw socket itself. */
  carries(tlsSocket: TLSSocket): void {
    this.#tlsSocket = tlsSocket;
    tlsSocket.allowHalfOpen = this.#allowsHalfOpen; // it has taken over the tap's
  }

  /** Sends these bytes and an end of stream, and nothing else any more; what the peer still sends is read and dropped, so that no reset overtakes them. */
  endWith(bytes: Uint8Array): void {
    if (this.#speaksForItself) return;
    this.#speaksForItself = true;
    this.capture.add(this.#self, bytes);
    this.#raw.end(bytes);
    this.#raw.resume();
    const cancel = after(lingerMs, () => this.#raw.destroy(), { unref: true });
    this.#raw.once('close', cancel);
  }

  override _read(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#outbound([chunk], callback);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this.#outbound(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  override _final(callback: () => void): void {
    if (this.#speaksForItself || this.#raw.destroyed) callback();
    else this.#raw.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#release?.(); // to the engine it was written
    // Put off by one tick: the listener that runs after Node's judgement may still want to send an alert (measured on Node 20 to 26).
    process.nextTick(() => {
      if (!this.#speaksForItself) this.#raw.destroy();
    });
    callback(error);
  }

  #outbound(chunks: readonly Buffer[], callback: () => void): void {
    const held = this.hold?.();
    if (!held) {
      this.#send(chunks, callback);
      return;
    }
    const release = (): void => {
      if (this.#release !== release) return;
      this.#release = undefined;
      this.#send(chunks, callback);
    };
    this.#release = release;
    void held.then(release);
  }

  /** A flight in one system call; an error of the write is one of the raw socket, which reports it: passed on here too, the TLS socket would get two. */
  #send(chunks: readonly Buffer[], callback: () => void): void {
    if (this.#speaksForItself || this.#raw.destroyed) {
      callback();
      return;
    }
    let room = true;
    this.#raw.cork();
    for (const given of chunks) {
      const chunk = this.rewrite ? this.rewrite(given) : given;
      this.capture.add(this.#self, chunk);
      room = this.#raw.write(chunk);
    }
    this.#raw.uncork();
    if (room) callback();
    else this.#onceWritable(callback);
  }

  /** After the raw socket has drained, or will never again. */
  #onceWritable(callback: () => void): void {
    const raw = this.#raw;
    const done = (): void => {
      raw.off('drain', done);
      raw.off('close', done);
      callback();
    };
    raw.on('drain', done);
    raw.on('close', done);
  }

  #inbound(chunk: Buffer): void {
    this.capture.add(this.#peer, chunk);
    if (this.#speaksForItself) return;
    if (!this.push(chunk)) {
      this.#isPaused = true;
      this.#raw.pause();
    }
    this.afterInbound?.();
  }
}

/** How long a refused peer is listened to, in milliseconds, before the raw socket is closed for good. */
const lingerMs = 1000;
