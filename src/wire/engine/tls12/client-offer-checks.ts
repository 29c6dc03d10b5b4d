import { extensionName, extensionType } from '../../registry/extension-types.ts';
import { protocolVersion } from '../../registry/protocol-versions.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { EngineCredential } from '../engine-credential.ts';
import type { ServerOptions } from '../peer-options.ts';
import { type EngineSuite, renegotiationSignal, suitesOf } from './cipher-suites.ts';
import {
  allOf,
  hostName,
  nothing,
  protocolNames,
  readClientHello,
  readExtension,
  type ReadHello,
  renegotiatedConnection,
  supportedVersions,
  uint16s,
} from './hello.ts';
import { canSign, groupsOf, type Peer12 } from './peer12.ts';

/** What a server takes of a ClientHello. */
export interface AcceptedOffer {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: EngineSuite;
  /** The number of the group. */
  readonly group: number;
  /** All suites that the client offers, by number. */
  readonly cipherSuites: readonly number[];
  readonly servername: string | undefined;
  readonly alpnProtocol: string | undefined;
  /** Undefined where the client takes no tickets, empty where it brings none. */
  readonly ticket: Uint8Array | undefined;
  readonly extended: boolean;
  /** Whether the client can renegotiate securely. */
  readonly isSecure: boolean;
}

/** Checks a ClientHello and chooses among what it offers (RFC 5246 7.4.1.2). */
export function acceptOffer(peer: Peer12<ServerOptions>, { body }: Incoming): AcceptedOffer {
  const { state, rules, options } = peer;
  const { channel } = state;
  const hello = readClientHello(body) ?? channel.fail('ClientHello is malformed', 'decode_error');
  const { list, byType } = hello.extensions;
  channel.require('duplicate-extension', byType.size === list.length, 'ClientHello has an extension twice', 'illegal_parameter');
  requireVersion(peer, hello);
  const isPlain = hello.compressionMethods.includes(0);
  channel.require('hello-compression', isPlain, 'ClientHello offers no null compression', 'illegal_parameter');
  const isSecure = acceptRenegotiationInfo(peer, hello);
  rules.takeSchemes(optional(peer, hello, extensionType.signature_algorithms, uint16s) ?? []);
  const offered = optional(peer, hello, extensionType.supported_groups, uint16s) ?? [];
  const group = groupsOf(options).find((number) => offered.includes(number));
  const suite = suitesOf(options).find((own) => hello.cipherSuites.includes(own.number) && own.signer === signerOf(state.credential));
  if (!suite || group === undefined || !canSign(peer))
    return channel.fail('ClientHello offers no suite, group or signature scheme that this server has', 'handshake_failure');
  return {
    random: hello.random,
    sessionId: hello.sessionId,
    suite,
    group,
    cipherSuites: hello.cipherSuites,
    servername: optional(peer, hello, extensionType.server_name, hostName),
    alpnProtocol: chosenProtocol(peer, hello),
    ticket: optional(peer, hello, extensionType.session_ticket, allOf),
    extended: options.extendedMasterSecret !== false && optional(peer, hello, extensionType.extended_master_secret, nothing) === true,
    isSecure,
  };
}

/** A client of TLS 1.3 names the versions that it takes (RFC 8446 4.2.1). */
function requireVersion(peer: Peer12, hello: ReadHello): void {
  const versions = optional(peer, hello, extensionType.supported_versions, supportedVersions) ?? [];
  const offered = versions.length > 0 ? versions : [Math.min(hello.legacyVersion, tls12)];
  peer.state.channel.require('hello-version', offered.includes(tls12), 'ClientHello does not offer TLS 1.2', 'protocol_version');
}

/** RFC 5746 3.6, 3.7: an empty one or the signal in a first handshake, the client's verify_data in a renegotiation. Says whether there was one. */
function acceptRenegotiationInfo(peer: Peer12, hello: ReadHello & { readonly cipherSuites: readonly number[] }): boolean {
  const { channel } = peer.state;
  const info = optional(peer, hello, extensionType.renegotiation_info, renegotiatedConnection);
  const hasSignal = hello.cipherSuites.includes(renegotiationSignal);
  const { completed } = peer.rules;
  const isRight = completed ? completed.client.equals(info ?? missing) && !hasSignal : !info || info.length === 0;
  channel.require('renegotiation-info', isRight, 'renegotiation_info is not of this connection', 'handshake_failure');
  return info !== undefined || hasSignal;
}

function chosenProtocol(peer: Peer12<ServerOptions>, hello: ReadHello): string | undefined {
  const { state, options } = peer;
  const offered = optional(peer, hello, extensionType.application_layer_protocol_negotiation, protocolNames);
  if (!offered || !options.alpnProtocols) return undefined;
  const chosen = options.alpnProtocols.find((name) => offered.includes(name));
  return chosen ?? state.channel.fail('ClientHello offers no protocol that this server has', 'no_application_protocol');
}

/** An extension that may be absent; one that is malformed ends the handshake. */
function optional<T>({ state }: Peer12, hello: ReadHello, type: number, read: Parameters<typeof readExtension<T>>[2]): T | undefined {
  const value = readExtension(hello, type, read);
  if (value === undefined) state.channel.fail(`the extension ${extensionName(type)} of ClientHello is malformed`, 'decode_error');
  return value === 'absent' ? undefined : value;
}

function signerOf(credential: EngineCredential | undefined): EngineSuite['signer'] {
  return credential?.privateKey.asymmetricKeyType?.startsWith('rsa') === true ? 'RSA' : 'ECDSA';
}

const tls12 = protocolVersion['TLSv1.2'];
const missing = Uint8Array.of(0);
