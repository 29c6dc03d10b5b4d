import type tls from 'node:tls';
import { presentedBy } from '../../handshake/observe/connection/socket-facts.ts';
import { verifyCode } from '../../handshake/verdict/session-facts.ts';
import { readableCertificate } from '../../handshake/verdict/presented-chain.ts';
import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import type { ForwardedClient, HeaderFormat, HeaderLine, HeaderNames } from '../format.ts';
import { linesOf } from '../forwarded-headers.ts';

/** How clients are named. */
export interface Naming {
  readonly row: HeaderFormat;
  readonly names: HeaderNames;
  readonly chain: boolean;
  /** The URI name of the certificate that the gateway presents under a server name. */
  readonly by: (servername: unknown) => string | undefined;
}

/** The client of one connection, as its handshake left it, and its header lines; read when the first request asks. */
export class ConnectedClient {
  readonly #socket: tls.TLSSocket;
  readonly #naming: Naming;
  #named: { readonly lines: readonly HeaderLine[]; readonly certificate: PeerCertificate | undefined } | undefined;

  constructor(socket: tls.TLSSocket, naming: Naming) {
    this.#socket = socket;
    this.#naming = naming;
  }

  /** Throws what the format's writer throws for a certificate that it cannot name. */
  named(): { readonly lines: readonly HeaderLine[]; readonly certificate: PeerCertificate | undefined } {
    return (this.#named ??= this.#read());
  }

  #read(): { readonly lines: readonly HeaderLine[]; readonly certificate: PeerCertificate | undefined } {
    const { row, names, chain, by } = this.#naming;
    const certificates = presentedBy(this.#socket) ?? [];
    const client: ForwardedClient = {
      certificates,
      verified: this.#socket.authorized ? true : (verifyCode(this.#socket) ?? false),
      chain,
      by: by((this.#socket as { readonly servername?: unknown }).servername), // Node's types leave it out
    };
    return { lines: linesOf(row, client, names), certificate: readableCertificate(certificates) };
  }
}

/**
 * Remembers the client of each connection on its socket, where a request of HTTP/2 finds it too: its `socket` stands for the real one, and hands out its members. A connection has one
 * handshake and one client: renegotiation is refused, as nginx, Envoy, Caddy and Traefik do, and as Node does in HTTP/2.
 */
export function rememberClients(server: tls.Server, naming: Naming): void {
  server.prependListener('secureConnection', (socket: tls.TLSSocket) => {
    if (socket.getProtocol() !== 'TLSv1.3') socket.disableRenegotiation();
    Object.defineProperty(socket, client, { value: new ConnectedClient(socket, naming) });
  });
}

/** The client whose request this is. */
export function clientOf(socket: object): ConnectedClient {
  return Reflect.get(socket, client) as ConnectedClient; // set above, before the first request
}

const client: unique symbol = Symbol('the client of a connection');
