import { readDer } from '../../../asn1/der-reader.ts';
import type { Side } from '../../../wire/tap/capture.ts';
import type { DecodedMessage } from '../../../wire/decode/decoded-message.ts';
import { inspectCertificate, type PeerCertificate, serialText } from '../../../x509/inspect-certificate.ts';
import { decodeName } from '../../../x509/names/distinguished-name.ts';
import type { Ends } from '../end-report.ts';
import type { HandshakeFacts } from '../handshake-facts.ts';
import { anchorsOf, crlsOf, type VerifyContext } from '../verify-context.ts';
import { chainPath, type ChainPath } from './chain-path.ts';

/** What a next step says of a CRL that is checked. */
export interface KnownCrl {
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Serial numbers that it lists, as certificates show them. */
  readonly revoked: ReadonlySet<string>;
}

/** A refusal, or a client that was accepted although its verification failed, with all that is known of it. */
export interface Refusal {
  readonly handshake: HandshakeFacts;
  readonly reason: string | undefined;
  /** The end that refused. */
  readonly judge: Side;
  /** The other end. */
  readonly presenter: Side;
  /** What the other end presented, the leaf first; empty where it presented none, or none that can be read. */
  readonly chain: readonly PeerCertificate[];
  /** What the end that refused trusts; undefined where that is not known. */
  readonly anchors: readonly PeerCertificate[] | undefined;
  /** CAs that are known from elsewhere: what came with the other end's identity, what it trusts itself, what the end that refused presented. */
  readonly others: readonly PeerCertificate[];
  /** The CRLs that the end that refused checks; undefined where that is not known. */
  readonly crls: readonly KnownCrl[] | undefined;
  readonly path: ChainPath;
  /** The settings of each end, where they are known. */
  readonly contexts: { readonly [S in Side]: VerifyContext | undefined };
  /** DER of the certificate that each end was given, the leaf first: whether or not it sent it. */
  readonly own: { readonly [S in Side]: readonly Uint8Array[] | undefined };
  /** Whether the reason is one of OpenSSL's, as far as what the end's API reported shows: else it is the code of an error of its own. */
  readonly isEngines: boolean;
  /** When it was judged: milliseconds since the epoch. */
  readonly at: number;
  /** Writes a date. */
  readonly date: (value: Date) => string;
}

/** Gathers what is known of a refusal by one end. */
export function refusalBy(
  judge: Side,
  { handshake, ends, reason, date }: Pick<Refusal, 'handshake' | 'date' | 'reason'> & { readonly ends: Ends },
): Refusal {
  const presenter = judge === 'client' ? 'server' : 'client';
  const contexts = { client: ends.client?.verifyContext, server: ends.server?.verifyContext };
  const chain = chainOf(handshake, presenter);
  const anchors = certificatesIn(contexts[judge], anchorsOf);
  const ownAnchors = ends[presenter]?.ownAnchors;
  return {
    handshake,
    reason,
    judge,
    presenter,
    chain,
    anchors,
    others: [
      ...(certificatesIn(ownAnchors === undefined ? undefined : { ca: ownAnchors }, anchorsOf) ?? []),
      ...(certificatesIn(contexts[presenter], anchorsOf) ?? []),
      ...chainOf(handshake, judge).slice(1),
    ],
    crls: contexts[judge] && readAll(contexts[judge], crlsOf, readKnownCrl),
    path: chainPath(chain, anchors),
    contexts,
    own: { client: ends.client?.ownChain, server: ends.server?.ownChain },
    isEngines: ends[judge]?.reported.includes(`ERR_SSL_${reason ?? ''}`) ?? true,
    at: handshake.startedAt.getTime(),
    date,
  };
}

/** The first message of a type that one side sent. */
export function messageOf<Type extends DecodedMessage['type']>(
  { messages }: HandshakeFacts,
  side: Side,
  type: Type,
): Extract<DecodedMessage, { readonly type: Type }> | undefined {
  return messages.find(
    (message): message is Extract<DecodedMessage, { readonly type: Type }> => message.type === type && message.sentBy === side,
  );
}

function chainOf(handshake: HandshakeFacts, side: Side): readonly PeerCertificate[] {
  const leaf = side === 'client' ? handshake.clientCertificate : handshake.serverCertificate;
  return leaf ? [leaf, ...leaf.chain] : [];
}

function certificatesIn(
  context: VerifyContext | undefined,
  select: (context: VerifyContext) => readonly Uint8Array[] | undefined,
): readonly PeerCertificate[] | undefined {
  return context && readAll(context, select, inspectCertificate);
}

/** What can be read: the settings are those of the user's, and Node passes over what it cannot read. */
function readAll<Read>(
  context: VerifyContext,
  select: (context: VerifyContext) => readonly Uint8Array[] | undefined,
  read: (der: Uint8Array) => Read,
): readonly Read[] | undefined {
  try {
    return select(context)?.flatMap((der) => {
      try {
        return [read(der)];
      } catch {
        return [];
      }
    });
  } catch {
    return undefined;
  }
}

/** Reads one from DER (RFC 5280 5.1). Throws `DER_INVALID`. */
function readKnownCrl(der: Uint8Array): KnownCrl {
  const fields = readDer(der, 'CRL').expect(0x30, 'it').children[0]?.expect(0x30, 'the signed part').children ?? [];
  const [, issuer, thisUpdate, ...rest] = fields.slice(fields[0]?.tag === 0x02 ? 1 : 0);
  if (!issuer || !thisUpdate) throw readDer(der, 'CRL').problem('a field is missing');
  const nextUpdate = rest.find(({ tag }) => tag === 0x17 || tag === 0x18);
  const entries = rest.find(({ tag }) => tag === 0x30)?.children ?? [];
  return {
    issuer: decodeName(issuer).text,
    thisUpdate: thisUpdate.time,
    nextUpdate: nextUpdate?.time,
    revoked: new Set(entries.flatMap(({ children: [serial] }) => (serial ? [serialText(serial.integer)] : []))),
  };
}
