import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { BoundTokenTrial } from '../../catalogue/bound-tokens/bound-token-scenario.ts';
import { type Assessment, notJudged, unsuitable } from '../../records/scenario-result.ts';
import { encodeRequest } from '../forwarded/encode-request.ts';
import { preparedRequest } from '../server/server-request.ts';
import type { ClientRequest } from './prepared-requests.ts';
import type { ResourceAnswer, ResourceConnection } from './resource-connection.ts';
import type { ResourceServer } from './resource-server.ts';

/** An answer, and the handshake of its connection. */
export interface Answered {
  readonly seen: ResourceAnswer;
  readonly handshake?: Handshake | undefined;
}

/** Requests of one scenario, on the connections that it wants. */
export class RequestSequence {
  readonly #server: ResourceServer;
  readonly #connections: BoundTokenTrial['connections'];
  #kept: ResourceConnection | undefined;
  #isFirst = true;

  constructor(server: ResourceServer, connections: BoundTokenTrial['connections']) {
    this.#server = server;
    this.#connections = connections;
  }

  /** Sends the next one. An assessment where that cannot be done with this server. */
  async send(request: ClientRequest): Promise<Answered | Assessment> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#connections === 'kept') return this.#onKept(request);
    if (this.#connections === 'own' || isFirst || !request.identity) return this.#onOwn(request);
    return this.#onResumed(request, request.identity);
  }

  async close(): Promise<void> {
    await this.#kept?.close();
  }

  async #onOwn({ identity, lines }: ClientRequest, session?: Buffer): Promise<Answered | Assessment> {
    const connection = await this.#server.connect(identity, session);
    const { handshake } = connection;
    try {
      if (session && handshake?.verdict === 'accepted' && !handshake.resumed)
        return unsuitable('the resource server did not resume the session, so its client has sent its certificate');
      return { seen: await connection.send(this.#encode(lines, { closes: true })), handshake };
    } finally {
      await connection.close();
    }
  }

  async #onKept({ identity, lines }: ClientRequest): Promise<Answered | Assessment> {
    const before = this.#kept;
    const connection = before ?? (this.#kept = await this.#server.connect(identity));
    const seen = await connection.send(this.#encode(lines, { closes: false }));
    if (before && seen.isClosed) return unsuitable(`the resource server answers no second request on a connection: ${seen.words}`);
    return { seen, handshake: connection.handshake };
  }

  #encode(lines: ClientRequest['lines'], { closes }: { readonly closes: boolean }): Buffer {
    return encodeRequest(preparedRequest(this.#server.settings, { servername: 'localhost' }), { lines }, { closes });
  }

  async #onResumed(request: ClientRequest, identity: Identity): Promise<Answered | Assessment> {
    const session = await this.#server.sessionOf(identity);
    if (session === 'hung') return notJudged('not judged: the handshake that was to give a session did not end');
    return session ? this.#onOwn(request, session) : unsuitable('the resource server gives no sessions, so none can be resumed');
  }
}
