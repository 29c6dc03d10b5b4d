import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { after, nextTick } from '../../clock/real-clock.ts';
import { Capture, type Side } from './capture.ts';
import { isNetSocket, isOfNetwork, takeOver, withoutNotice } from './raw-socket.ts';

/**
 * A Duplex between a raw socket and a TLS engine: passes every byte on, keeps those of the handshake, and can end the connection
 * with bytes of its own in place of what the engine still wanted to send.
 */
export class Tap extends Duplex {
  capture: Capture = new Capture();
  /** How the peer left, once it has: an end of stream, or the error of the raw socket. */
  peerLeft: 'end' | 'reset' | undefined;
  /** The raw socket was ended by the program's own code, before the peer had left. */
  endedByProgram: { readonly error: Error | undefined } | undefined;
  /** Called when it is. */
  onEndedByProgram: ((error: Error | undefined) => void) | undefined;
  /** Called after the TLS engine has been given bytes; undefined once it is no longer observed. */
  afterInbound: (() => void) | undefined;
  /** Called after the peer has sent something or has left, as long as no engine reads. */
  onInput: (() => void) | undefined;
  /** Changes what is sent before it is; undefined passes everything on as it is. */
  rewrite: ((chunk: Uint8Array) => Buffer) | undefined;
  /** Asked before each write: puts it off until the promise is fulfilled. */
  hold: (() => Promise<void> | undefined) | undefined;
  /** There is nothing to send in place of the engine any more: the raw socket is destroyed together with this. */
  isSettled = false;
  readonly #raw: Socket;
  readonly #peer: Side;
  readonly #self: Side;
  readonly #allowsHalfOpen: boolean;
  readonly #readOn: () => void;
  /** What runs here runs as if the raw socket had called it, whatever called for it. */
  readonly #scope = new AsyncResource('MTLS_FIXTURES_TAP');
  #tlsSocket: TLSSocket | undefined;
  #speaksForItself = false;
  #isPaused = false;
  #isRawClosed = false;
  /** Writes what is held, at once. */
  #release: (() => void) | undefined;

  constructor(raw: Socket, peer: Side) {
    const takesOver = peer === 'client' && isNetSocket(raw);
    super({
      allowHalfOpen: true,
      highWaterMark: raw.readableHighWaterMark,
      emitClose: !takesOver,
      autoDestroy: !takesOver, // the raw socket is open, and has its addresses, until the TLS socket is closed
    });
    this.#raw = raw;
    this.#peer = peer;
    this.#self = peer === 'client' ? 'server' : 'client';
    this.#allowsHalfOpen = raw.allowHalfOpen;
    this.#readOn = takesOver ? this.#takeOver() : this.#listen();
    // One that was paused, after STARTTLS or by who hands it to a server, is not set going by a listener; a new one reads already, and is asked at no cost.
    if (takesOver && raw.readableFlowing === null && raw.readableLength === 0) raw.read(0);
    else this.#readOn();
  }

  /** A server's raw socket, which is given to it for good. */
  #takeOver(): () => void {
    const raw = this.#raw;
    const hasEnded = raw.destroyed || raw.writableEnded; // by a listener that runs before this one
    if (hasEnded && !raw.readableEnded && !isOfNetwork(raw.errored)) this.endedByProgram = { error: raw.errored ?? undefined };
    const readOn = takeOver(raw, {
      received: (chunk) => this.#inbound(chunk),
      ended: () => {
        this.#onPeerLeft('end');
        if (this.#speaksForItself) withoutNotice(raw, () => raw.destroySoon());
      },
      failed: (error) => {
        this.#onPeerLeft('reset');
        if (this.#tlsSocket) this.#tlsSocket.destroy(error);
        else this.emit('error', error);
      },
      endedByProgram: (error) => {
        if (this.peerLeft !== undefined || this.endedByProgram) return;
        this.endedByProgram = { error };
        this.onEndedByProgram?.(error);
      },
    });
    raw.on('error', (error) => this.emit('error', error)); // the program's own: those of the network do not come here
    raw.on('close', () => {
      this.#isRawClosed = true;
      this.destroy();
      this.emit('close'); // at once, and not in a tick: the TLS socket closes before who listens to the raw one afterwards
      this.#tlsSocket?.destroy();
    });
    if (raw.readableLength > 0)
      nextTick(() => {
        for (let chunk: unknown = raw.read(); chunk !== null; chunk = raw.read()) this.#inbound(chunk as Buffer); // what a net.Socket reads
      });
    if (raw.readableEnded) nextTick(() => this.push(null));
    return readOn;
  }

  /** Any stream, which others may read as well. */
  #listen(): () => void {
    const raw = this.#raw;
    raw.allowHalfOpen = true; // a peer that has ended is still told what the engine had to say: the raw socket alone would refuse to write
    raw.on('data', (chunk: Buffer) => {
      if (this.#inbound(chunk)) return;
      raw.pause();
    });
    raw.on('end', () => {
      this.#onPeerLeft('end');
      // An engine that is known ends by itself, once it has written all; one that was never heard of cannot be relied on.
      if (!this.#tlsSocket && !this.#allowsHalfOpen) raw.end();
    });
    raw.on('error', (error) => {
      this.#onPeerLeft('reset');
      if (this.#tlsSocket) this.#tlsSocket.destroy(error);
      else if (this.#peer === 'client') this.emit('error', error);
    });
    raw.on('close', () => {
      this.#isRawClosed = true;
      this.destroy();
    });
    return () => raw.resume();
  }

  /** Names the TLS socket above: it is given the raw socket's errors, and ends as it would over the raw socket itself. */
  carries(tlsSocket: TLSSocket): void {
    this.#tlsSocket = tlsSocket;
    tlsSocket.allowHalfOpen = this.#allowsHalfOpen; // it has taken over the tap's
  }

  /** Runs what the TLS socket does once it is closed: when the raw socket is, as it would over that one itself; at once where a last word is still on its way. */
  onceClosed(callback: () => void): void {
    if (this.#isRawClosed || this.#speaksForItself) this.#scope.runInAsyncScope(callback);
    else this.#raw.once('close', callback);
  }

  /** Sends these bytes and an end of stream, and nothing else any more; what the peer still sends is read and dropped, so that no reset overtakes them. */
  endWith(bytes: Uint8Array): void {
    if (this.#speaksForItself) return;
    this.#speaksForItself = true;
    this.capture.add(this.#self, bytes);
    withoutNotice(this.#raw, () => this.#raw.end(bytes));
    this.#readOn();
    const cancel = after(
      lingerMs,
      () => {
        withoutNotice(this.#raw, () => this.#raw.destroy());
      },
      { unref: true },
    );
    this.#raw.once('close', cancel);
  }

  override _read(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#readOn();
  }

  /** Straight to the raw socket, which has a buffer of its own. What is put off goes by the stream's. */
  override write(chunk: Buffer, ...args: never[]): boolean {
    if (this.#putsOff) return super.write(chunk, ...args);
    this.#send(() => this.#pass(chunk), args.findLast((arg: unknown) => typeof arg === 'function') ?? (() => {}));
    return true;
  }

  override cork(): void {
    if (this.#putsOff) super.cork();
    else this.#raw.cork();
  }

  override uncork(): void {
    if (this.#putsOff) super.uncork();
    else this.#raw.uncork();
  }

  get #putsOff(): boolean {
    return this.hold !== undefined || this.writableEnded || this.destroyed;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#outbound(() => this.#pass(chunk), callback);
  }

  /** A flight in one system call. */
  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this.#outbound(() => {
      let hasRoom = true;
      this.#raw.cork();
      for (const { chunk } of chunks) hasRoom = this.#pass(chunk);
      this.#raw.uncork();
      return hasRoom;
    }, callback);
  }

  override _final(callback: () => void): void {
    if (this.#speaksForItself || this.#raw.destroyed) callback();
    else withoutNotice(this.#raw, () => this.#raw.end(callback));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#release?.(); // to the engine it was written
    // Put off by one tick: the listener that runs after Node's judgement may still want to send an alert (measured on Node 20 to 26).
    if (this.isSettled) this.#destroyRaw();
    else nextTick(() => this.#destroyRaw());
    callback(error);
  }

  #destroyRaw(): void {
    if (!this.#speaksForItself) withoutNotice(this.#raw, () => this.#raw.destroy());
  }

  /** `send`: whether there is room for more. */
  #outbound(send: () => boolean, callback: () => void): void {
    const held = this.hold?.();
    if (!held) {
      this.#send(send, callback);
      return;
    }
    const release = (): void => {
      if (this.#release !== release) return;
      this.#release = undefined;
      this.#send(send, callback);
    };
    this.#release = release;
    void held.then(release);
  }

  /** An error of the write is one of the raw socket, which reports it: passed on here too, the TLS socket would get two. */
  #send(send: () => boolean, callback: () => void): void {
    const isOver = this.#speaksForItself || this.#raw.destroyed || this.#raw.writableEnded;
    if (isOver || send()) callback();
    else this.#onceWritable(callback);
  }

  #pass(given: Buffer): boolean {
    const chunk = this.rewrite ? this.rewrite(given) : given;
    this.capture.add(this.#self, chunk);
    return this.#raw.write(chunk);
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

  #onPeerLeft(how: 'end' | 'reset'): void {
    this.peerLeft ??= how;
    if (how === 'end') this.push(null);
    this.onInput?.();
  }

  /** Whether the engine wants more. */
  #inbound(chunk: Buffer): boolean {
    this.capture.add(this.#peer, chunk);
    if (this.#speaksForItself) return true;
    if (!this.push(chunk)) this.#isPaused = true;
    this.afterInbound?.();
    this.onInput?.();
    return !this.#isPaused;
  }
}

/** How long a refused peer is listened to, in milliseconds, before the raw socket is closed for good. */
const lingerMs = 1000;
