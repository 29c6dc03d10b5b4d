import type { HeaderLine } from '../../../forwarded/format.ts';
import { forwardedLines } from '../../../forwarded/forwarded-headers.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Identity } from '../../../pki/identity.ts';
import { ForwardedApplication } from '../forwarded/forwarded-application.ts';
import type { ForwardedSource } from '../forwarded/forwarded-source.ts';
import { obtainSession } from '../server/sessions.ts';
import { type ServerUnderTest, startServer } from '../server/start-server.ts';
import type { StartServer } from '../target.ts';
import type { BoundTokensContext, BoundTokensSettings, BoundTokensSource } from './bound-token-settings.ts';
import { connectAsClient, connectAsProxy, type ResourceConnection } from './resource-connection.ts';

/** A resource server under test, which has to be opened before it is called. */
export class ResourceServer {
  readonly source: BoundTokensSource;
  readonly settings: BoundTokensSettings;
  readonly #startBound: number;
  /** Behind a proxy. */
  readonly #application: ForwardedApplication | undefined;
  #server: ServerUnderTest | undefined;

  /** Throws `OPTION_INVALID` for a format or names that do not exist. */
  constructor(source: BoundTokensSource, settings: BoundTokensSettings, startBound: number) {
    this.source = source;
    this.settings = settings;
    this.#startBound = startBound;
    this.#application = source.format && new ForwardedApplication(this.#behindProxy(source.format), settings);
  }

  /** Starts it, where it is to be started. Throws `SERVER_START_FAILED` and `SERVER_START_TIMEOUT`. */
  async open(): Promise<void> {
    const { start } = this.source;
    const configuration = this.#context();
    if (this.#application) await this.#application.open();
    else if (start)
      this.#server = await startServer(() => start(configuration) as ReturnType<StartServer>, configuration, this.#startBound); // checked there
  }

  async close(): Promise<void> {
    await this.#application?.close();
    await this.#server?.close();
  }

  /** A connection of this client, or of the proxy. */
  connect(identity: Identity | undefined, session?: Buffer): Promise<ResourceConnection> {
    if (this.#application) return connectAsProxy(this.#application.endpoint, this.settings);
    return connectAsClient(this.#target, { identity, session }, this.settings);
  }

  /** What the proxy adds to a request of this client; nothing where there is no proxy. */
  proxyLines(identity: Identity | undefined): readonly HeaderLine[] {
    const { format, names } = this.source;
    return format === undefined ? [] : forwardedLines(identity, format, { ...(names && { names }) });
  }

  /** A session of this client that is not used yet; undefined where the server gives none, `hung` where its handshake does not end. */
  sessionOf(identity: Identity): Promise<Buffer | 'hung' | undefined> {
    const { pki, version, timeout } = this.settings;
    const usual = { expected: undefined, controlled: true, authorizes: undefined };
    return obtainSession(this.#target, identity, { pki, version, timeout, ...usual });
  }

  get #target(): ObservedServer | Endpoint {
    const target = this.#server?.target ?? this.source.target;
    if (target === undefined || typeof target === 'function') throw new TypeError('the server was not started'); // it is opened before any test
    return target as ObservedServer | Endpoint; // without a format nothing else can be given
  }

  #behindProxy(format: ForwardedSource['format']): ForwardedSource {
    const { start, target, names } = this.source;
    return {
      format,
      names,
      ...(start && { start: () => start(this.#context()) }),
      ...(target !== undefined && { target }),
    };
  }

  #context(): BoundTokensContext {
    const { pki } = this.settings;
    return { pki, identity: pki.server(), trust: pki.anchors };
  }
}
