import type http from 'node:http';
import net from 'node:net';
import type tls from 'node:tls';
import { invalidOption, MtlsFixturesError, textOf } from '../../../errors/index.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { formatFacts } from '../../catalogue/forwarded/format-facts.ts';
import { ForwardedSetup } from '../../catalogue/forwarded/forwarded-setup.ts';
import { closeOwn, makeListen } from '../server/start-server.ts';
import { type PreparedRequest, preparedRequest } from '../server/server-request.ts';
import type { AnswerRules } from './assess-answer.ts';
import type { ForwardedSettings, ForwardedSource } from './forwarded-source.ts';
import type { ForwardedEndpoint } from './raw-connection.ts';

/** An application under test, and how it is called. */
export class ForwardedApplication {
  readonly source: ForwardedSource;
  readonly settings: ForwardedSettings;
  readonly setup: ForwardedSetup;
  /** Who it says that the authorized client is; known after the positive control. */
  authorized: string | undefined;
  readonly #closes: (() => Promise<void>)[] = [];
  #endpoint: ForwardedEndpoint | undefined;
  #direct: ForwardedEndpoint | undefined;

  /** Throws `OPTION_INVALID` for a format or names that do not exist. */
  constructor(source: ForwardedSource, settings: ForwardedSettings) {
    const { format, names, authorizes } = source;
    this.source = source;
    this.settings = settings;
    this.setup = new ForwardedSetup({ pki: settings.pki, format, names, authorizes });
    for (const field of Object.keys(names ?? {})) this.#requireField(field);
  }

  /** Whether the proxy has verified what it forwards. */
  get proxyVerifies(): boolean {
    return this.settings.proxyVerifies ?? formatFacts[this.source.format].neverVerifies !== true;
  }

  /** The port that the proxy calls; in front of proxy and application together, the proxy's own. */
  get endpoint(): ForwardedEndpoint {
    if (!this.#endpoint) throw new TypeError('the application was not started'); // it is opened before any test
    return this.#endpoint;
  }

  /** Another port of the application, where one is known; else, where it authenticates its proxy by TLS, its own for a caller without the proxy's certificate. */
  get direct(): ForwardedEndpoint | undefined {
    const { key, cert, pfx } = this.endpoint.tls ?? {};
    const isOwnPort = this.source.through !== 'proxy' && (cert ?? pfx ?? key) !== undefined;
    const endpoint = this.#direct ?? (isOwnPort ? this.endpoint : undefined);
    return endpoint && withoutCertificate(endpoint);
  }

  /** What the application is asked. */
  get asked(): PreparedRequest {
    const { path, request } = this.settings;
    return preparedRequest({ path, request }, { servername: 'localhost' });
  }

  /** How its answers are read. */
  get rules(): AnswerRules {
    const { refusals = usualRefusals, identity } = this.settings;
    return { refusals, identity, authorized: this.authorized };
  }

  /** Starts it, or makes it listen. Throws `SERVER_START_FAILED`. */
  async open(): Promise<void> {
    const { start, target } = this.source;
    const started: unknown = start ? await this.#start(start) : target;
    const { direct } = Object(started) as { readonly direct?: unknown }; // of whatever came back
    this.#endpoint = await this.#reach(started);
    const other = this.settings.direct ?? direct;
    this.#direct = other === undefined ? undefined : await this.#reach(other, { isDirect: true });
    if (start && typeof started === 'object' && started !== null && !isServer(started)) this.#closes.push(() => closeOwn(started));
  }

  async close(): Promise<void> {
    for (const close of this.#closes.splice(0).toReversed()) await close();
  }

  async #start(start: NonNullable<ForwardedSource['start']>): Promise<unknown> {
    const { pki } = this.settings;
    const { format, names = {} } = this.source;
    try {
      return await start({ pki, trust: pki.anchors, format, names });
    } catch (error) {
      throw failed(`start threw ${describeErrors(error)}`, 'correct what it does with { pki, trust, format, names }', error);
    }
  }

  /** `isDirect`: not the proxy's port, which may speak TLS where that does not, and the other way round. */
  async #reach(given: unknown, { isDirect = false } = {}): Promise<ForwardedEndpoint> {
    const server = serverOf(given);
    if (server) return this.#reachServer(server, given, isDirect);
    const { url } = Object(given) as { readonly url?: unknown }; // as above
    const address = addressOf(given) ?? addressOf(url);
    if (!address) throw failed(`start or target is "${describe(given)}"`, usage);
    const { isTls, ...endpoint } = address;
    return this.#withTls(endpoint, { isTls, isDirect });
  }

  /** One of ours, or one that does not listen yet, is closed in the end. */
  async #reachServer(server: net.Server, given: unknown, isDirect: boolean): Promise<ForwardedEndpoint> {
    const isOurs = this.source.start !== undefined || !server.listening;
    const { ready } = Object(given) as { readonly ready?: unknown }; // of Fastify, before it listens
    if (!server.listening && typeof ready === 'function') await Reflect.apply(ready, given, []);
    if (isOurs) this.#closes.push(() => closeServer(server));
    await makeListen(server);
    const { port, address } = server.address() as net.AddressInfo; // it listens, and on a port: makeListen makes it
    const host = anyAddress.has(address) ? '127.0.0.1' : address;
    return this.#withTls({ host, port }, { isTls: 'setSecureContext' in server, isDirect });
  }

  #withTls(endpoint: ForwardedEndpoint, { isTls, isDirect }: { readonly isTls: boolean; readonly isDirect: boolean }): ForwardedEndpoint {
    const { connect, pki } = this.settings;
    if (isDirect && !isTls) return endpoint;
    const options: tls.ConnectionOptions | undefined = connect ?? (isTls ? { ca: pki.anchors } : undefined);
    return { ...endpoint, ...((options || this.source.through === 'proxy') && { tls: { ca: pki.anchors, ...options } }) };
  }

  #requireField(field: string): void {
    const fields = Object.keys(this.setup.row.names);
    if (fields.includes(field)) return;
    throw invalidOption('names', field, `fields of the format ${this.source.format}: ${fields.join(', ')}`);
  }
}

/** As a caller that is not the proxy has it. */
function withoutCertificate({ tls: options, ...endpoint }: ForwardedEndpoint): ForwardedEndpoint {
  if (!options) return endpoint;
  const { key: _key, cert: _cert, pfx: _pfx, ...others } = options;
  return { ...endpoint, tls: others };
}

/** A server itself, that of an application, or one for a handler. */
function serverOf(given: unknown): net.Server | undefined {
  if (typeof given === 'function') return serverFor(given as http.RequestListener); // what it takes shows when it is called
  if (typeof given !== 'object' || given === null) return undefined;
  if (isServer(given)) return given;
  if ('server' in given && isServer(given.server)) return given.server;
  const { getHttpServer, callback } = given as { readonly getHttpServer?: unknown; readonly callback?: unknown }; // of NestJS, and of Koa
  if (typeof callback === 'function') return serverFor(Reflect.apply(callback, given, []) as http.RequestListener); // Koa's
  if (typeof getHttpServer !== 'function') return undefined;
  const server: unknown = Reflect.apply(getHttpServer, given, []);
  return isServer(server) ? server : undefined;
}

/** Node's module is loaded when it is needed first. */
function serverFor(handler: http.RequestListener): http.Server {
  return process.getBuiltinModule('node:http').createServer(handler);
}

function isServer(value: unknown): value is net.Server {
  return value instanceof net.Server;
}

function addressOf(given: unknown): { readonly host: string; readonly port: number; readonly isTls: boolean } | undefined {
  if (typeof given === 'string' || given instanceof URL) return addressOfUrl(String(given));
  const { host, port } = Object(given) as { readonly host?: unknown; readonly port?: unknown }; // of whatever came back
  return typeof host === 'string' && typeof port === 'number' ? { host, port, isTls: false } : undefined;
}

function addressOfUrl(text: string): ReturnType<typeof addressOf> {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const isTls = url.protocol === 'https:';
  const usualPort = isTls ? 443 : 80;
  return { host: url.hostname.replace(/^\[(.*)\]$/u, '$1'), port: url.port === '' ? usualPort : Number(url.port), isTls };
}

async function closeServer(server: net.Server): Promise<void> {
  const { closeAllConnections } = server as { readonly closeAllConnections?: unknown }; // of node:http and node:https
  if (typeof closeAllConnections === 'function') Reflect.apply(closeAllConnections, server, []);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

function describe(given: unknown): string {
  return typeof given === 'object' && given !== null ? `{ ${Object.keys(given).slice(0, 5).join(', ')} }` : textOf(given);
}

function failed(problem: string, advice: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('SERVER_START_FAILED', { problem, advice }, cause === undefined ? {} : { cause });
}

const usage =
  'pass an http.Server, a handler (request, response), an application that has a server (Fastify, NestJS, Koa), { host, port }, or a URL';
const anyAddress: ReadonlySet<string> = new Set(['::', '0.0.0.0']);
const usualRefusals: readonly number[] = [400, 401, 403];
