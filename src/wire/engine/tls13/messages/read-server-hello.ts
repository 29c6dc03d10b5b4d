import { ByteCursor } from '../../../byte-cursor.ts';
import { readServerHelloFields, type ServerHelloFields } from '../../../hello/hello-fields.ts';
import { hashOfSuite } from '../../../records/protected-record.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { cipherSuiteName, groupName } from '../../../registry/names.ts';
import { protocolVersion, versionName } from '../../../registry/protocol-versions.ts';
import type { Incoming } from '../../channel/incoming.ts';
import type { ClientOptions } from '../../peer-options.ts';
import type { ClientOffer } from './client-hello.ts';
import { checkExtensions, type Extensions, requireWhole } from './extensions.ts';
import type { Tls13State } from '../tls13-state.ts';

/** What a HelloRetryRequest asks for (RFC 8446 4.1.4). */
export interface RetryRequest {
  readonly group?: number;
  readonly cookie?: Uint8Array;
}

/** Reads the ServerHello: the cipher suite and the shared secret are known after it. */
export function readServerHello(
  state: Tls13State,
  message: Incoming,
  { offer, options }: { readonly offer: ClientOffer; readonly options: ClientOptions },
): void {
  const { channel, rules } = state;
  const extensions = readHello(state, message, offer, options.session ? withKey : withoutKey);
  const share = extensions.get(extensionType.key_share);
  if (!share) return channel.fail('ServerHello has no key share', 'missing_extension');
  const cursor = new ByteCursor(share);
  const group = cursor.uint(2);
  const publicKey = cursor.take(cursor.uint(2));
  requireWhole(state, cursor, 'the key share of ServerHello');
  const own = offer.shares.get(group);
  if (!own) return channel.fail(`ServerHello has a key share of ${groupName(group)}, for which there was none`, 'illegal_parameter');
  const secret = own.secretWith(publicKey);
  channel.require('key-share', secret !== undefined, `the key share of ServerHello is not one of ${groupName(group)}`, 'illegal_parameter');
  rules.sharedSecret = secret ?? Buffer.alloc(32);
  state.agree({ group: groupName(group) });
  readSelectedKey(state, extensions.get(extensionType.pre_shared_key), options);
}

/** Reads a HelloRetryRequest. */
export function readRetryRequest(state: Tls13State, message: Incoming, offer: ClientOffer): RetryRequest {
  const { channel } = state;
  const extensions = readHello(state, message, offer, retryExtensions);
  const share = extensions.get(extensionType.key_share);
  const cookie = extensions.get(extensionType.cookie);
  if (!share && !cookie) return channel.fail('HelloRetryRequest asks for nothing else', 'illegal_parameter');
  const retry = {
    ...(share && { group: wholeUint16(state, share, 'the key share of HelloRetryRequest') }),
    ...(cookie && { cookie: wholeVector(state, cookie, 'the cookie of HelloRetryRequest') }),
  };
  const fits = retry.group === undefined || (offer.groups.includes(retry.group) && !offer.shares.has(retry.group));
  channel.require('hello-group', fits, 'HelloRetryRequest asks for a group that was not offered, or already sent', 'illegal_parameter');
  return retry;
}

/** What both messages have in common (RFC 8446 4.1.3); gives the extensions. */
function readHello(state: Tls13State, { body, name }: Incoming, offer: ClientOffer, known: ReadonlySet<number>): Extensions {
  const { channel } = state;
  const cursor = new ByteCursor(body);
  const fields = readServerHelloFields(cursor);
  const { sessionId, compressionMethod, cipherSuite, extensions } = fields;
  checkVersion(state, fields);
  requireWhole(state, cursor, name);
  const byNumber = checkExtensions(state, extensions, { what: name, offered: known });
  const isEcho = Buffer.from(sessionId).equals(offer.sessionId);
  channel.require('hello-session-id', isEcho, `${name} does not repeat the session id`, 'illegal_parameter');
  channel.require('hello-compression', compressionMethod === 0, `${name} chooses a compression`, 'illegal_parameter');
  const suite = cipherSuiteName(cipherSuite);
  const { cipherSuite: before = suite } = state.agreed; // of the HelloRetryRequest
  const isOffered = offer.cipherSuites.includes(cipherSuite) && before === suite;
  channel.require('hello-cipher-suite', isOffered, `${name} chooses ${suite}, which was not offered`, 'illegal_parameter');
  state.agree({ cipherSuite: suite });
  return byNumber;
}

/** A server of TLS 1.2 leaves the extension out; one that lowered the version says so at the end of its random (RFC 8446 4.1.3). */
function checkVersion({ channel }: Tls13State, { legacyVersion, random, extensions }: ServerHelloFields): void {
  const content = extensions.byType.get(extensionType.supported_versions);
  const version = content ? new ByteCursor(content).uint(2) : legacyVersion;
  const end = Buffer.from(random.subarray(24)).toString('latin1');
  const isLowered = version !== tls13 && (end === 'DOWNGRD\u0001' || end === 'DOWNGRD\u0000');
  channel.require('downgrade', !isLowered, 'ServerHello says that the version was lowered', 'illegal_parameter');
  if (version === tls13 && content?.length === 2) return;
  channel.fail(`the server chooses ${versionName(version)}, which was not offered`, content ? 'illegal_parameter' : 'protocol_version');
}

/** The pre-shared key that the server takes: only one is ever offered. */
function readSelectedKey(state: Tls13State, selected: Uint8Array | undefined, { session }: ClientOptions): void {
  if (!selected || !session) return;
  const { channel, rules } = state;
  const index = wholeUint16(state, selected, 'the pre-shared key of ServerHello');
  channel.require('message-shape', index === 0, 'ServerHello takes a pre-shared key that was not offered', 'illegal_parameter');
  const fits = hashOfSuite(session.cipherSuite) === rules.hash;
  channel.require('psk-cipher-suite', fits, 'ServerHello takes a pre-shared key with a suite of another hash', 'illegal_parameter');
  rules.preSharedKey = session.secret;
  state.agree({ resumed: true });
}

function wholeUint16(state: Tls13State, content: Uint8Array, what: string): number {
  const cursor = new ByteCursor(content);
  const number = cursor.uint(2);
  requireWhole(state, cursor, what);
  return number;
}

function wholeVector(state: Tls13State, content: Uint8Array, what: string): Uint8Array {
  const cursor = new ByteCursor(content);
  const vector = cursor.take(cursor.uint(2));
  requireWhole(state, cursor, what);
  return vector;
}

const tls13 = protocolVersion['TLSv1.3'];
const retryExtensions: ReadonlySet<number> = new Set([extensionType.supported_versions, extensionType.key_share, extensionType.cookie]);
const withoutKey: ReadonlySet<number> = new Set([extensionType.supported_versions, extensionType.key_share]);
const withKey: ReadonlySet<number> = new Set([...withoutKey, extensionType.pre_shared_key]);
