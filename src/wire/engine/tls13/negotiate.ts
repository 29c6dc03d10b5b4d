import { newKeyShare } from '../../hello/key-share.ts';
import { extensionType } from '../../registry/extension-types.ts';
import { cipherSuiteName, groupName, signatureSchemes } from '../../registry/names.ts';
import { fitsKey } from '../crypto/signature-schemes.ts';
import type { ServerOptions } from '../peer-options.ts';
import { cipherSuiteNumber, groupNumber } from '../registry-numbers.ts';
import type { KeyShareEntry } from './messages/hello-extensions.ts';
import type { OfferedHello } from './messages/read-client-hello.ts';
import { tls13Defaults, type Tls13State } from './tls13-state.ts';

/** Server: the cipher suite and the protocol, of what both sides have (RFC 8446 4.1.1). */
export function negotiate(state: Tls13State, options: ServerOptions, hello: OfferedHello): void {
  const { channel } = state;
  const suites = (options.cipherSuites ?? tls13Defaults.cipherSuites).map(cipherSuiteNumber);
  const suite = suites.find((number) => hello.cipherSuites.includes(number));
  if (suite === undefined) return channel.fail('the client offers no cipher suite of this server', 'handshake_failure');
  state.agree({ cipherSuite: cipherSuiteName(suite) });
  const { alpnProtocols } = options;
  const alpnProtocol = alpnProtocols?.find((protocol) => hello.alpnProtocols.includes(protocol));
  if (alpnProtocols && hello.alpnProtocols.length > 0 && alpnProtocol === undefined)
    return channel.fail('the client offers no protocol of this server', 'no_application_protocol');
  if (alpnProtocol !== undefined) state.agree({ alpnProtocol });
  checkRequired(state, hello);
}

/** The group of a HelloRetryRequest; undefined where the client has sent a key share that can be used. */
export function groupToRetry(state: Tls13State, options: ServerOptions, hello: OfferedHello): number | undefined {
  const common = groupsOf(options).filter((group) => hello.groups.includes(group));
  const missing = common.find((group) => !hello.shares.has(group));
  if (options.helloRetry === 'group') return missing;
  if (common.some((group) => hello.shares.has(group))) return undefined;
  return missing ?? state.channel.fail('the client offers no group of this server', 'handshake_failure');
}

/** Makes the shared secret, and gives the key share that the ServerHello answers with. */
export function agreeOnKey(state: Tls13State, options: ServerOptions, hello: OfferedHello): KeyShareEntry {
  const { channel, rules } = state;
  const group = groupsOf(options).find((number) => hello.shares.has(number));
  const own = group === undefined ? undefined : newKeyShare(group);
  const theirs = group === undefined ? undefined : hello.shares.get(group);
  if (group === undefined || !own || !theirs)
    return channel.fail('the client sent no key share of a group of this server', 'illegal_parameter');
  channel.require(
    'hello-group',
    hello.groups.includes(group),
    'the client sent a key share of a group that it does not offer',
    'illegal_parameter',
  );
  const secret = own.secretWith(theirs);
  channel.require('key-share', secret !== undefined, `the key share of the client is not one of ${groupName(group)}`, 'illegal_parameter');
  rules.sharedSecret = secret ?? Buffer.alloc(32);
  state.agree({ group: groupName(group) });
  return { group, publicKey: own.publicKey };
}

/** RFC 8446 9.2: what a client has to send that does not resume a session by its pre-shared key alone. */
function checkRequired(state: Tls13State, { extensions, signatureSchemes: schemes }: OfferedHello): void {
  const { channel, credential } = state;
  const { supported_groups: groups, key_share: shares, signature_algorithms: algorithms } = extensionType;
  const isComplete = [groups, shares, algorithms].every((type) => extensions.has(type));
  if (!isComplete) channel.fail('ClientHello lacks groups, a key share or signature algorithms', 'missing_extension');
  state.takeSchemes(schemes);
  const key = credential?.privateKey;
  const canSign = key && state.schemes.some((scheme) => fitsKey(scheme, key, 'TLSv1.3') && schemes.includes(signatureSchemes[scheme]));
  if (canSign !== true) channel.fail('the client takes no signature of the key of this server', 'handshake_failure');
}

function groupsOf(options: ServerOptions): number[] {
  return (options.groups ?? tls13Defaults.groups).map(groupNumber);
}
