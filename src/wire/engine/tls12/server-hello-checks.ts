import { extensionType, extensionName } from '../../registry/extension-types.ts';
import { cipherSuiteName } from '../../registry/names.ts';
import { protocolVersion, versionName } from '../../registry/protocol-versions.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { EngineSession } from '../engine-session.ts';
import type { ClientOptions } from '../peer-options.ts';
import { type EngineSuite, renegotiationSignal, suiteOf } from './cipher-suites.ts';
import {
  nothing,
  protocolNames,
  readClientHello,
  readExtension,
  type ReadHello,
  readServerHello,
  renegotiatedConnection,
} from './hello.ts';
import type { Peer12 } from './peer12.ts';

/** What a ServerHello says beside what is agreed on with it. */
export interface AcceptedServerHello {
  readonly sessionId: Uint8Array;
  readonly isResumed: boolean;
  /** Whether a NewSessionTicket follows. */
  readonly issuesTicket: boolean;
}

/** Checks a ServerHello against what this client really sent, and takes what it agrees on (RFC 5246 7.4.1.3). */
export function acceptServerHello(
  peer: Peer12<ClientOptions>,
  { body }: Incoming,
  session: EngineSession | undefined,
): AcceptedServerHello {
  const { state, rules } = peer;
  const { channel } = state;
  const hello = readServerHello(body) ?? channel.fail('ServerHello is malformed', 'decode_error');
  const offer = offerOf(peer);
  const version = versionName(hello.legacyVersion);
  channel.require(
    'hello-version',
    hello.legacyVersion === protocolVersion['TLSv1.2'],
    `ServerHello chooses ${version}`,
    'protocol_version',
  );
  const suite = chosenSuite(peer, hello.cipherSuite, offer.cipherSuites);
  channel.require('hello-compression', hello.compressionMethod === 0, 'ServerHello chooses a compression', 'illegal_parameter');
  requireExtensions(peer, hello, offer.extensions);
  requireRenegotiationInfo(peer, hello);

  const alpn = optional(peer, hello, extensionType.application_layer_protocol_negotiation, protocolNames);
  const extended = optional(peer, hello, extensionType.extended_master_secret, nothing) === true;
  const issuesTicket = optional(peer, hello, extensionType.session_ticket, nothing) === true;
  const isResumed = session !== undefined && hello.sessionId.length > 0 && offer.sessionId.equals(hello.sessionId);
  if (isResumed) requireSession(peer, session, { suite, extended });
  rules.agreed = { suite, extended, randoms: { clientRandom: offer.random, serverRandom: hello.random } };
  state.agreed = {
    cipherSuite: suite.name,
    resumed: isResumed,
    extendedMasterSecret: extended,
    ...(alpn?.[0] !== undefined && { alpnProtocol: alpn[0] }),
  };
  return { sessionId: hello.sessionId, isResumed, issuesTicket };
}

interface Offer {
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly cipherSuites: readonly number[];
  readonly extensions: ReadonlySet<number>;
}

/** What the ClientHello said that was really sent. Of one that an edit made unreadable there is the random alone, where every conforming hello has it. */
function offerOf({ state }: Peer12): Offer {
  const sent = state.sent('client_hello') ?? Buffer.alloc(0);
  const hello = readClientHello(sent);
  if (!hello) return { random: Buffer.from(sent.subarray(2, 34)), sessionId: Buffer.alloc(0), cipherSuites: [], extensions: new Set() };
  const extensions = new Set(hello.extensions.byType.keys());
  if (hello.cipherSuites.includes(renegotiationSignal)) extensions.add(extensionType.renegotiation_info);
  return {
    random: Buffer.from(hello.random),
    sessionId: Buffer.from(hello.sessionId),
    cipherSuites: hello.cipherSuites,
    extensions,
  };
}

function chosenSuite({ state }: Peer12, number: number, offered: readonly number[]): EngineSuite {
  const isOffered = offered.includes(number);
  const problem = `ServerHello chooses ${cipherSuiteName(number)}, which was not offered`;
  state.channel.require('hello-cipher-suite', isOffered, problem, 'illegal_parameter');
  return suiteOf(number) ?? state.channel.fail(problem, 'illegal_parameter');
}

function requireExtensions({ state }: Peer12, { extensions: { list, byType } }: ReadHello, offered: ReadonlySet<number>): void {
  const { channel } = state;
  channel.require('duplicate-extension', byType.size === list.length, 'ServerHello has an extension twice', 'illegal_parameter');
  for (const { type } of list) {
    const problem = `ServerHello has the extension ${extensionName(type)}, which was not offered`;
    channel.require('unsolicited-extension', offered.has(type), problem, 'unsupported_extension');
  }
}

/** RFC 5746 3.4, 3.5: empty in a first handshake, and what both sides verified before in a renegotiation. */
function requireRenegotiationInfo(peer: Peer12, hello: ReadHello): void {
  const { channel } = peer.state;
  const info = optional(peer, hello, extensionType.renegotiation_info, renegotiatedConnection);
  const { completed } = peer.rules;
  if (!info && !completed) return; // a server that cannot renegotiate securely
  const expected = completed ? Buffer.concat([completed.client, completed.server]) : Buffer.alloc(0);
  channel.require(
    'renegotiation-info',
    expected.equals(info ?? missing),
    'renegotiation_info is not of this connection',
    'handshake_failure',
  );
}

/** A resumed session goes on with what it was established with (RFC 5246 7.4.1.3, RFC 7627 5.3). */
function requireSession(
  { state }: Peer12,
  session: EngineSession,
  { suite, extended }: { readonly suite: EngineSuite; readonly extended: boolean },
): void {
  const isSameSuite = session.cipherSuite === suite.name;
  state.channel.require('hello-cipher-suite', isSameSuite, 'the resumed session has another cipher suite', 'illegal_parameter');
  const isSameSecret = (session.extendedMasterSecret === true) === extended;
  const problem = 'the resumed session has a master secret of the other kind';
  state.channel.require('ticket-extended-master-secret', isSameSecret, problem, 'handshake_failure');
}

/** An extension that may be absent; one that is malformed ends the handshake. */
function optional<T>({ state }: Peer12, hello: ReadHello, type: number, read: Parameters<typeof readExtension<T>>[2]): T | undefined {
  const value = readExtension(hello, type, read);
  if (value === undefined) state.channel.fail(`the extension ${extensionName(type)} of ServerHello is malformed`, 'decode_error');
  return value === 'absent' ? undefined : value;
}

const missing = Uint8Array.of(0);
