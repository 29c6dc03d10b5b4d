import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { after } from '../../../clock/real-clock.ts';

/** The open connections of a server, which can be ended without closing the server. */
export class Connections {
  readonly #server: tls.Server;
  readonly #open = new Set<Socket>();
  readonly #ends = new Set<() => void>();
  /** Its connections of HTTP/2 are ended as such: not where another library serves them on a server of `node:tls`. */
  #hasSessions = false;
  /** How many there have been. */
  count = 0;

  constructor(server: tls.Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.count++;
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('secureConnection', (socket) => {
      this.#add(socket, () => {
        if (socket.alpnProtocol !== 'h2' || !this.#hasSessions) socket.end();
      });
    });
    server.on('session', (session: Http2Session) => {
      this.#hasSessions = true;
      this.#add(session, () => session.close());
    });
  }

  /**
   * Ends them in order, and waits until their clients have closed too: a client that has not seen the end may still send its next request over them. Sessions from before are
   * not resumed any more.
   */
  async end(): Promise<void> {
    this.#server.setTicketKeys(process.getBuiltinModule('node:crypto').randomBytes(48));
    for (const end of this.#ends) end();
    const closed = [...this.#open].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    const bound = new Promise<void>((resolve) => after(boundMs, resolve, { unref: true }));
    await Promise.race([Promise.all(closed), bound]);
    for (const socket of this.#open) socket.destroy();
  }

  #add(connection: tls.TLSSocket | Http2Session, end: () => void): void {
    this.#ends.add(end);
    connection.once('close', () => this.#ends.delete(end));
  }
}

const boundMs = 1000;
