import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type tls from 'node:tls';

/**
 * Puts a Duplex that does nothing but pass bytes on between a server's TLS engine and each raw socket: the least that observation by Node's public API can cost.
 */
export function passThrough(server: tls.Server): tls.Server {
  const [accept] = server.listeners('connection');
  if (!accept) throw new Error('the server has no connection listener');
  server.removeAllListeners('connection');
  server.on('connection', (raw: Socket) => {
    const duplex = new PassThrough(raw);
    duplex.allowHalfOpen = raw.allowHalfOpen; // the TLS socket takes it over from what it is made of
    Reflect.apply(accept, server, [duplex]);
    duplex.allowHalfOpen = true;
  });
  return server;
}

class PassThrough extends Duplex {
  readonly #raw: Socket;

  constructor(raw: Socket) {
    super({ allowHalfOpen: true, highWaterMark: raw.readableHighWaterMark });
    this.#raw = raw;
    raw.allowHalfOpen = true; // the engine answers the peer's end with its close_notify
    raw.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) raw.pause();
    });
    raw.on('end', () => this.push(null));
    raw.on('error', (error) => this.destroy(error));
    raw.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#raw.write(chunk, callback);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#raw.cork();
    for (const [index, { chunk }] of chunks.entries()) this.#raw.write(chunk, index === chunks.length - 1 ? callback : undefined);
    this.#raw.uncork();
  }

  override _final(callback: () => void): void {
    this.#raw.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#raw.destroy();
    callback(error);
  }
}
