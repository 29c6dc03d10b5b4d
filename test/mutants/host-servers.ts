import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { ServerConfiguration, StartedServer } from '../../src/scenarios/run/target.ts';
import { mutualTls, reachable } from './correct-servers.ts';

/** Options of a TLS server for each name; the default's for `undefined`. */
export type OptionsOf = (configuration: ServerConfiguration, name: string | undefined) => tls.TlsOptions;

/** Several servers behind one port: a router reads the name that a client asks for, and hands the connection to the server of that name. */
export interface Router {
  readonly create: (options: tls.TlsOptions) => tls.Server;
  readonly options?: OptionsOf;
  /** The key under which the server is found; default the name in lower case. */
  readonly keyOf?: (name: string) => string;
  /** How much of a ClientHello is looked at; default all of its records. */
  readonly reads?: 'first record';
}

/** One server for each host, each of which a correct server by itself, and a router in front of them. */
export function behindRouter(
  configuration: ServerConfiguration,
  { create, options = usualOptions, keyOf = lowerCase, reads }: Router,
): Promise<StartedServer> {
  const { hosts = {} } = configuration;
  const usual = create(options(configuration, undefined));
  const named = new Map(Object.entries(hosts).map(([name, host]) => [name, create(options(host, name))]));
  const front = net.createServer((socket) => {
    socket.on('error', () => {});
    void route(socket);
  });
  return reachable(front);

  async function route(socket: net.Socket): Promise<void> {
    const name = await nameAsked(socket, reads === 'first record');
    const server = (name !== undefined && named.get(keyOf(name))) || usual;
    if (!socket.destroyed) server.emit('connection', socket);
  }
}

/** One server whose contexts are chosen by `SNICallback`. */
export function withContexts(
  configuration: ServerConfiguration,
  { create, options = usualOptions, keyOf = lowerCase, common = {} }: Omit<Router, 'reads'> & { readonly common?: tls.TlsOptions },
): tls.Server {
  const { hosts = {} } = configuration;
  const contexts = new Map(Object.entries(hosts).map(([name, host]) => [name, tls.createSecureContext(options(host, name))]));
  return create({
    ...options(configuration, undefined),
    SNICallback: (name, done) => done(null, contexts.get(keyOf(name))),
    ...common,
  });
}

/** The roots of the default and of every host. */
export function everyRoot({ trust, hosts = {} }: ServerConfiguration): string[] {
  return [trust, ...Object.values(hosts).map((host) => host.trust)];
}

const usualOptions: OptionsOf = (configuration) => mutualTls(configuration);

function lowerCase(name: string): string {
  return name.toLowerCase();
}

/** The name in a client's hello: reads until that is whole, and puts all of it back. */
export async function nameAsked(socket: net.Socket, firstRecordOnly: boolean): Promise<string | undefined> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    if (!socket.readableEnded && socket.readableLength === 0)
      await Promise.race([once(socket, 'readable'), once(socket, 'close')]).catch(() => {});
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) break; // it has ended
    bytes = Buffer.concat([bytes, chunk]);
    const hello = helloIn(bytes, firstRecordOnly);
    if (hello === 'more to come') continue;
    if (bytes.length > 0 && !socket.destroyed) socket.unshift(bytes);
    return hello && nameIn(hello);
  }
  if (bytes.length > 0 && !socket.destroyed) socket.unshift(bytes);
  return undefined;
}

/** The ClientHello at the beginning of a stream (RFC 8446 5.1); undefined where there is none. */
function helloIn(bytes: Buffer, firstRecordOnly: boolean): Buffer | 'more to come' | undefined {
  if (bytes.length > 0 && bytes[0] !== 22) return undefined;
  const fragments: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) break;
    fragments.push(bytes.subarray(at + 5, end));
    at = end;
  }
  const message = Buffer.concat(firstRecordOnly ? fragments.slice(0, 1) : fragments);
  const isWhole = message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3);
  if (isWhole) return message;
  return firstRecordOnly && fragments.length > 0 ? undefined : 'more to come';
}

/** The host_name of a ClientHello (RFC 6066 3). */
function nameIn(hello: Buffer): string | undefined {
  let at = 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  for (at += 2; at + 4 <= end; at += 4 + hello.readUInt16BE(at + 2))
    if (hello.readUInt16BE(at) === 0) return hello.subarray(at + 9, at + 9 + hello.readUInt16BE(at + 7)).toString('latin1');
  return undefined;
}
