import { invalidOption } from '../../errors/index.ts';
import {
  requireBoolean,
  requireCount,
  requireDerList,
  requireHost,
  requireIdentity,
  requireIntegerIn,
  requireMilliseconds,
  requireOptions,
  requirePki,
  requireSignal,
} from '../../options/checks.ts';
import { credentialOptions, nodeOptions } from '../../options/node-options.ts';
import { type Check, checkedWhereRead, functionOf, oneOf, type OptionSchema } from '../../options/schema.ts';
import { nearestName } from '../../options/suggestion.ts';
import { starttlsProtocols } from '../../wire/starttls/negotiate-starttls.ts';
import { requireStaple } from './staple.ts';

const maxHandshakes: Check = (option, value) => {
  requireCount(option, value, 'how many handshakes to remember, 1 or more');
};

const servername: Check = (option, value) => {
  if (typeof value !== 'string') throw invalidOption(option, value, 'a host name or an IP address');
};

const staple: Check = (_option, value) => {
  requireStaple(value);
};

const verifyPeer = functionOf('(peer) => true | string');

/** What `observe` and the servers that we start have in common. */
const policy = { rejection: oneOf(['alert', 'silent']), verifyPeer, clientQuietPeriod: requireMilliseconds, maxHandshakes };

/** What is presented, and which clients are accepted: of a server, or of one of its hosts. */
const credentials = {
  pki: requirePki,
  identity: requireIdentity,
  trust: checkedWhereRead,
  crl: checkedWhereRead,
  clientAuth: oneOf(['require', 'request', 'none']),
};

const ownOfServers = {
  ...policy,
  ...credentials,
  hosts: checkedWhereRead,
  certificateMessage: requireDerList,
  staple,
  host: (_option: string, value: unknown) => requireHost(value, 'an address of this machine'),
  exposed: requireBoolean,
  port: checkedWhereRead,
};

const ownOfAttempts = {
  identity: requireIdentity,
  trust: checkedWhereRead,
  crl: checkedWhereRead,
  servername,
  verifyPeer,
  certificateMessage: requireDerList,
  timeout: requireMilliseconds,
  quietPeriod: requireMilliseconds,
  signal: requireSignal,
};

const elsewhere = <Name extends string>(names: readonly Name[], instead: string): { readonly [Each in Name]: string } =>
  Object.fromEntries(names.map((name) => [name, instead])) as { readonly [Each in Name]: string }; // an entry for each

const credentialsOfAttempts = 'identity and trust instead of key, cert and ca; the target instead of host, port and starttls';
const credentialsOfServers = 'identity, trust and clientAuth instead of key, cert, ca, requestCert and rejectUnauthorized';
const ofServers = 'an option that an attempt has: this one is an option of servers';
const ofHttpServers = 'an option that a TLS server has: this one is an option of startHttpsServer and startHttp2Server';
const ofHttp2Servers = 'an option that this server has: this one is an option of startHttp2Server';
const ofAttempts = 'an option that a server has: this one is an option of attempts';
const ofListening = 'host and port; where more is to be said of listening, make the server yourself and observe it';

const alpnProtocols: Check = (option, value) => {
  const isList = Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '' && Buffer.byteLength(name) < 256);
  if (!isList && !ArrayBuffer.isView(value)) throw invalidOption(option, value, 'a list of names of 1 to 255 octets, e.g. h2');
};

/** OpenSSL takes a method of the other end, and fails in the handshake. */
const methodBut =
  (other: string): Check =>
  (option, value) => {
    if (typeof value === 'string' && value.endsWith(other)) throw invalidOption(option, value, 'a method of this end, e.g. TLSv1_2_method');
  };

/** With the names of their own, for the types of options leave them out. */
const reservedOfAttempts = {
  ...elsewhere(['ca', 'cert', 'key', 'pfx', 'host', 'port', 'path', 'socket', 'starttls', 'secureContext'], credentialsOfAttempts),
  ...elsewhere(['passphrase', 'privateKeyIdentifier', 'privateKeyEngine', 'clientCertEngine'], 'identity, e.g. identityFromPem()'),
  ...elsewhere(
    ['fd', 'handle', 'readable', 'writable', 'allowHalfOpen', 'onread'],
    'nothing: an attempt makes and reads its own connection',
  ),
  clientQuietPeriod: 'quietPeriod; clientQuietPeriod is an option of servers',
  ...elsewhere(['rejection', 'maxHandshakes', 'clientAuth', 'staple', 'exposed', 'context', 'onConnection'], ofServers),
  ...elsewhere(['requestCert', 'SNICallback', 'ALPNCallback', 'pskIdentityHint', 'handshakeTimeout', 'pauseOnConnect'], ofServers),
};

/** Options of {@link attemptHandshake}. */
export const attemptSchema = {
  what: 'attempt option',
  own: ownOfAttempts,
  reserved: reservedOfAttempts,
  passedOn: new Set<string>([...nodeOptions.secureContext, ...nodeOptions.tlsConnect, ...nodeOptions.netConnect]),
  checks: {
    ALPNProtocols: alpnProtocols,
    enableTrace: requireBoolean,
    localPort: (option: string, value: unknown) => requireIntegerIn(option, value, 0, 65_535),
    pskCallback: functionOf('(hint) => { psk, identity } | null'),
    secureProtocol: methodBut('_server_method'),
  },
} satisfies OptionSchema;

const reservedOfServers = {
  ...elsewhere(['ca', 'cert', 'key', 'pfx', 'requestCert', 'rejectUnauthorized', 'secureContext'], credentialsOfServers),
  ...elsewhere(['passphrase', 'privateKeyIdentifier', 'privateKeyEngine', 'clientCertEngine'], 'identity, e.g. identityFromPem()'),
  quietPeriod: 'clientQuietPeriod; quietPeriod is an option of attempts',
  context: 'the settings themselves; context is an option of observe',
  ...elsewhere(['backlog', 'exclusive', 'fd', 'handle', 'ipv6Only', 'path', 'readableAll', 'reusePort', 'writableAll'], ofListening),
  ...elsewhere(['servername', 'starttls', 'checkServerIdentity', 'minDHSize', 'requestOCSP', 'session', 'lookup'], ofAttempts),
  timeout: "handshakeTimeout, which is Node's; timeout is an option of attempts",
  signal: 'server.close(), or await using; signal is an option of attempts',
};

const checksOfServers = { ALPNProtocols: alpnProtocols, enableTrace: requireBoolean, secureProtocol: methodBut('_client_method') };

const reservedOfTlsServers = {
  ...reservedOfServers,
  ...elsewhere(nodeOptions.httpServer, ofHttpServers),
  ...elsewhere(nodeOptions.http2Server, ofHttp2Servers),
};

/** Options of {@link startTlsServer}. */
export const tlsServerSchema = {
  what: 'server option',
  own: { ...ownOfServers, onConnection: functionOf('(socket) => void') },
  reserved: reservedOfTlsServers,
  passedOn: new Set<string>([...nodeOptions.secureContext, ...nodeOptions.tlsServer]),
  checks: checksOfServers,
} satisfies OptionSchema;

/** Options of one host of a server. */
export const hostSchema: Omit<OptionSchema, 'what'> = {
  own: credentials,
  reserved: elsewhere(['ca', 'cert', 'key', 'pfx', 'requestCert', 'rejectUnauthorized'], credentialsOfServers),
};

const onConnection = { onConnection: 'the handler of requests; onConnection is an option of startTlsServer' };

/** Options of {@link startHttpsServer}. */
export const httpsServerSchema = {
  what: 'server option',
  own: ownOfServers,
  reserved: { ...reservedOfServers, ...onConnection, ...elsewhere(nodeOptions.http2Server, ofHttp2Servers) },
  passedOn: new Set<string>([...tlsServerSchema.passedOn, ...nodeOptions.httpServer]),
  checks: checksOfServers,
} satisfies OptionSchema;

/** Options of {@link startHttp2Server}. */
export const http2ServerSchema = {
  what: 'server option',
  own: ownOfServers,
  reserved: { ...reservedOfServers, ...onConnection, ALPNProtocols: 'allowHTTP1, or nothing: node:http2 names its protocols itself' },
  passedOn: new Set<string>([...httpsServerSchema.passedOn, ...nodeOptions.http2Server]),
  checks: checksOfServers,
} satisfies OptionSchema;

/** Options of {@link observe}. Nothing is passed on: the server is made already. */
export const observeSchema = {
  what: 'observe option',
  own: { ...policy, identity: requireIdentity, pki: requirePki, context: requireContext },
  reserved: {
    quietPeriod: 'clientQuietPeriod; quietPeriod is an option of attempts',
    ...elsewhere([...credentialOptions, 'trust'], 'context, with what the server was given: { ca, crl, ... }'),
  },
} satisfies OptionSchema;

/** Options of `ObservedServer.rotate`. */
export const rotateSchema = {
  what: 'rotate option',
  own: { identity: requireIdentity, trust: checkedWhereRead, crl: checkedWhereRead, staple, hosts: checkedWhereRead },
  reserved: elsewhere(['ca', 'cert', 'key', 'pfx'], 'identity and trust instead of key, cert and ca'),
} satisfies OptionSchema;

/** What `rotate` replaces of one host. */
export const rotateHostSchema = {
  what: 'rotate option of a host',
  own: { identity: requireIdentity, trust: checkedWhereRead, crl: checkedWhereRead },
  reserved: rotateSchema.reserved,
} satisfies OptionSchema;

/** Options of `ObservedServer.nextHandshake`. */
export const nextHandshakeSchema = { what: 'nextHandshake option', own: { timeout: requireMilliseconds } } satisfies OptionSchema;

const contextNames: ReadonlySet<string> = new Set([...nodeOptions.secureContext, ...credentialOptions, ...nodeOptions.tlsServer]);

/** Settings of the user's own server: Node has looked at their values, and a name that only resembles one of its own was never looked at. */
function requireContext(option: string, value: unknown): void {
  requireOptions(option, value);
  const known = new Set([...contextNames, ...http2ServerSchema.passedOn, 'requestCert', 'rejectUnauthorized']);
  for (const name of Object.keys(value)) {
    const meant = known.has(name) ? undefined : nearestName(name, contextNames);
    if (meant !== undefined) throw invalidOption(option, name, `the name of a setting; did you mean "${meant}"?`);
  }
}

const ofEndpoints = {
  host: (_option: string, value: unknown) => requireHost(value),
  port: (option: string, value: unknown) => requireIntegerIn(option, value, 1, 65_535),
  servername,
  starttls: (option: string, value: unknown) => oneOf(starttlsProtocols())(option, value), // the protocols are not loaded before one is asked for
};

/**
 * Refuses what cannot be connected to. An endpoint may be an object with a purpose of its own, such as a started container: only a plain one is searched for names
 * that resemble those that are missing in it, and for options of the attempt.
 */
export function requireEndpoint(endpoint: { readonly host: unknown; readonly port: unknown }): void {
  const given: Readonly<Record<string, unknown>> = { ...endpoint };
  const prototype: unknown = Object.getPrototypeOf(endpoint);
  const isPlainObject = prototype === null || Object.getPrototypeOf(prototype) === null;
  for (const name of isPlainObject ? Object.keys(given) : []) {
    if (Object.hasOwn(ofEndpoints, name)) continue;
    const missing = Object.keys(ofEndpoints).filter((each) => given[each] === undefined);
    const meant = nearestName(name, missing);
    const expected = meant === undefined ? (misplaced(name) ?? nested(given, name)) : `the name of a field; did you mean "${meant}"?`;
    if (expected !== undefined) throw invalidOption('target field', name, expected);
  }
  for (const [name, check] of Object.entries(ofEndpoints)) {
    const value: unknown = Reflect.get(endpoint, name);
    if (value !== undefined || name === 'host' || name === 'port') check(name, value);
  }
}

/** A server within a target, as `{ server }`. */
function nested(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name];
  const isTarget = given['host'] === undefined && typeof value === 'object' && value !== null && 'host' in value && 'port' in value;
  return isTarget ? `host, port, servername and starttls; ${name} has them: it is the target itself` : undefined;
}

/** An identity is left alone: what was started has one of its own. */
function misplaced(name: string): string | undefined {
  const isOption = name !== 'identity' && (Object.hasOwn(ownOfAttempts, name) || name === 'minVersion' || name === 'maxVersion');
  return isOption ? `host, port, servername and starttls; ${name} is an option of the attempt` : undefined;
}
