import { Duplex } from 'node:stream';
import { asError } from '../../../errors/index.ts';
import type { EngineConnection } from '../../../wire/engine/engine-connection.ts';
import type { ApplicationDataStream } from '../../server/fault-server-options.ts';

/** What a fault server learns of a connection after its handshake. */
interface StreamListener {
  /** At application data of the client. */
  readonly onData: () => void;
  /** At the end of a connection that did not end with close_notify or the end of the stream. */
  readonly onError: (error: unknown) => void;
}

/** An engine's connection as a stream, which servers of `node:http` and `node:http2` take. */
export class EngineStream extends Duplex implements ApplicationDataStream {
  readonly alpnProtocol: string | false;
  readonly #connection: EngineConnection;
  readonly #listener: StreamListener;

  constructor(connection: EngineConnection, listener: StreamListener) {
    super({ allowHalfOpen: true });
    this.alpnProtocol = connection.agreed.alpnProtocol ?? false;
    this.#connection = connection;
    this.#listener = listener;
    this.on('error', () => {}); // the listener has been told; without one of its own the process would end
  }

  override _read(): void {
    void this.#readOn();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    void settle(() => this.#connection.write(chunk), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    void settle(() => this.#connection.close(), callback);
  }

  async #readOn(): Promise<void> {
    try {
      const bytes = await this.#connection.read();
      if (bytes) this.#listener.onData();
      this.push(bytes ?? null);
    } catch (error) {
      this.#listener.onError(error);
      this.destroy();
    }
  }
}

async function settle(act: () => Promise<void>, callback: (error?: Error | null) => void): Promise<void> {
  const failure = await act().then(
    () => null,
    (error: unknown) => asError(error),
  );
  callback(failure);
}
