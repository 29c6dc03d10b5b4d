import { randomBytes } from 'node:crypto';
import { realNow } from '../../../../clock/real-clock.ts';
import { type KeyShare, newKeyShare } from '../../../hello/key-share.ts';
import { hashOfSuite } from '../../../records/protected-record.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { signatureSchemes } from '../../../registry/names.ts';
import { protocolVersion } from '../../../registry/protocol-versions.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../tls-encoding.ts';
import type { EngineSession } from '../../engine-session.ts';
import type { ClientOptions } from '../../peer-options.ts';
import { cipherSuiteNumber, groupNumber } from '../../registry-numbers.ts';
import { bindersLength } from '../keys/binders.ts';
import { compressionNumbers } from './compressed-certificate.ts';
import { extension } from './hello-extensions.ts';
import { tls13Defaults, type Tls13State } from '../tls13-state.ts';

/** What both hellos of a client have in common, and its key shares by the number of the group. */
export interface ClientOffer {
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly shares: ReadonlyMap<number, KeyShare>;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly cookie?: Uint8Array;
}

/** The offer of a first ClientHello: a key share of the first group alone, as OpenSSL's. */
export function newOffer(options: ClientOptions): ClientOffer {
  const groups = (options.groups ?? tls13Defaults.groups).map(groupNumber);
  return {
    random: randomBytes(32),
    sessionId: randomBytes(32), // not empty, for what is between that knows TLS 1.2 alone (RFC 8446 D.4)
    shares: sharesOf(groups.slice(0, 1)),
    cipherSuites: (options.cipherSuites ?? tls13Defaults.cipherSuites).map(cipherSuiteNumber),
    groups,
  };
}

/** Fresh key shares of these groups, as far as they can be made. */
export function sharesOf(groups: readonly number[]): ReadonlyMap<number, KeyShare> {
  return new Map(
    groups.flatMap((group) => {
      const share = newKeyShare(group);
      return share ? [[group, share] as const] : [];
    }),
  );
}

/** The body of a ClientHello (RFC 8446 4.1.2); its binder is filled in when it is sent. */
export function clientHelloBody(state: Tls13State, options: ClientOptions, offer: ClientOffer): Buffer {
  return Buffer.concat([
    encodeUint(2, protocolVersion['TLSv1.2']),
    offer.random,
    encodeVector(1, offer.sessionId),
    encodeVector(2, ...offer.cipherSuites.map((number) => encodeUint(2, number))),
    encodeVector(1, Uint8Array.of(0)), // no compression
    encodeVector(2, ...extensionsOf(state, options, offer)),
  ]);
}

function extensionsOf(state: Tls13State, options: ClientOptions, offer: ClientOffer): Buffer[] {
  const { servername, alpnProtocols, certificateCompression, postHandshakeAuth, session } = options;
  const shares = [...offer.shares].map(([group, { publicKey }]) => ({ group, publicKey }));
  const optional: [Buffer | false | undefined][] = [
    [servername !== undefined && extension.serverName(servername)],
    [extension.numbers('supported_groups', 2, offer.groups)],
    [alpnProtocols && extension.alpn(alpnProtocols)],
    [
      extension.numbers(
        'signature_algorithms',
        2,
        state.schemes.map((scheme) => signatureSchemes[scheme]),
      ),
    ],
    [extension.numbers('supported_versions', 1, [protocolVersion['TLSv1.3']])],
    [extension.pskModes()],
    [offer.cookie && extension.cookie(offer.cookie)],
    [extension.keyShares(shares)],
    [certificateCompression && extension.numbers('compress_certificate', 1, compressionNumbers(certificateCompression))],
    [postHandshakeAuth === true && encodeExtension(extensionType.post_handshake_auth)],
    [session && preSharedKey(session)], // the last one (RFC 8446 4.2.11)
  ];
  return optional.flatMap(([present]) => (present ? [present] : []));
}

/** The ticket, and room for its binder. */
function preSharedKey({ ticket, ageAdd = 0, receivedAt, cipherSuite }: EngineSession): Buffer {
  const age = Math.max(0, Math.round(realNow() - receivedAt));
  const identity = Buffer.concat([encodeVector(2, ticket), encodeUint(4, (age + ageAdd) % 2 ** 32)]);
  const binder = encodeVector(1, Buffer.alloc(bindersLength(hashOfSuite(cipherSuite) ?? 'sha256') - 3));
  return encodeExtension(extensionType.pre_shared_key, encodeVector(2, identity), encodeVector(2, binder));
}
