import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { CertificateRequestMessage, ClientHelloMessage, DecodedMessage } from '../../wire/decode/decoded-message.ts';
import type { ArrangedCredential, ScenarioFacts, TlsVersion } from '../catalogue/scenario.ts';
import { type Assessment, notJudged, unsuitable } from '../records/scenario-result.ts';
import type { CallResult } from './observation.ts';
import { obstacleIn } from './obstacle.ts';
import { refusesVersion } from './version-refused.ts';

/**
 * Why a client's credential cannot be judged by a handshake: the client did not send it. Undefined where its Certificate message held it, and where a server let the client
 * in without ever asking for a certificate: that is a fault of the server's.
 */
export function clientCredentialUnsent(handshake: Handshake, { identity }: Pick<ArrangedCredential, 'identity'>): Assessment | undefined {
  const { messages, verdict, rejectedBy } = handshake;
  if (hasSent(messages, 'client') || rejectedBy === 'client') return undefined;
  const request = messages.find((message) => message.type === 'certificate_request');
  if (!request)
    return verdict === 'accepted' ? undefined : notJudged('the server refused before it asked for a certificate: none was sent');
  if (!messages.some(isEmptyCertificate)) return notJudged('the handshake ended before the client sent its certificate');
  return unsuitable(`the client did not send this credential, but no certificate: ${whyWithheld(request, keyOf(identity))}`);
}

/** Whether a server let a client in without having asked for a certificate: nothing is known of what it makes of one. */
export function neverAsked({ messages, verdict }: Handshake): boolean {
  return verdict === 'accepted' && !hasSent(messages, 'client') && !messages.some(({ type }) => type === 'certificate_request');
}

/** The same for a server's credential and the connections of one client. */
export function serverCredentialUnsent(
  handshakes: readonly Handshake[],
  { identity }: Pick<ArrangedCredential, 'identity'>,
): Assessment | undefined {
  if (handshakes.length === 0 || handshakes.some(({ messages }) => hasSent(messages, 'server'))) return undefined;
  const hello = handshakes.flatMap(({ messages }) => messages.filter((message) => message.type === 'client_hello')).at(-1);
  if (!hello) return notJudged('the server did not present this credential: no ClientHello came');
  const isForVersion = handshakes.every((handshake) => refusesVersion(handshake));
  const why = isForVersion ? 'they have no version of TLS in common' : whyWithheld(hello, keyOf(identity));
  return unsuitable(`the server did not present this credential to this client: ${why}`);
}

/**
 * The same for an attempt of the user's own client library, of which only its error is known: a server that misses a certificate says so, and a client whose engine may not
 * sign with such a key (RFC 8446 4.4.2.3) is told handshake_failure, or nothing at all, as well.
 */
export function attemptUnsent(result: CallResult, { identity }: Pick<ArrangedCredential, 'identity'>): Assessment | undefined {
  if (result.kind !== 'rejected') return undefined;
  const { reason, alert } = handshakeFailure(result.error) ?? {};
  if (reason === certificateMissing || alert === 'certificate_required' || alert === 'no_certificate')
    return unsuitable(`the client did not send this credential, but no certificate: ${describeErrors(result.error)}`);
  const { type, curve } = keyOf(identity);
  const mayBeWithheld = !usualKeys.has(curve ?? type) && obstacleIn(result.error) === undefined;
  return mayBeWithheld && reason === undefined && (alert === undefined || alert === 'handshake_failure')
    ? unsuitable(`whether the client sent this credential (${type}) cannot be determined from its error: ${describeErrors(result.error)}`)
    : undefined;
}

/** Why an attempt of the user's cannot show a credential: it is known that a client of Node.js sends none. */
export function neverSent({ expected }: Pick<ScenarioFacts, 'expected'>, version: TlsVersion): Assessment | undefined {
  const { [version]: outcome } = expected;
  return outcome.verdict === 'rejected' && outcome.reason === certificateMissing
    ? unsuitable('a client of Node.js does not send this credential, but no certificate: its TLS engine does not sign with this key')
    : undefined;
}

/**
 * A compressed certificate (RFC 8879) is one, and so is one that the other end did not read to its end, because it is too large. What stayed encrypted in TLS 1.3 may be one.
 */
function hasSent(messages: readonly DecodedMessage[], side: Side): boolean {
  const own = messages.filter(({ sentBy }) => sentBy === side);
  const plain = own.filter((message) => message.type === 'certificate');
  if (plain.length > 0) return plain.some(({ certificates }) => certificates.length > 0);
  return own.some(
    (message) =>
      (message.type === 'unreadable' && (message.of === 'certificate' || message.of === 'compressed_certificate')) ||
      (message.type === 'encrypted' && message.recordType === 'application_data'),
  );
}

function isEmptyCertificate(message: DecodedMessage): boolean {
  return message.type === 'certificate' && message.sentBy === 'client' && message.certificates.length === 0;
}

function whyWithheld(offer: CertificateRequestMessage | ClientHelloMessage, { type, curve }: SigningKey): string {
  const schemes = offer.signatureSchemes;
  const name = `${type}${curve === undefined ? '' : ` on ${curve}`}`;
  if (!schemes.some((scheme) => schemesOf[type]?.test(scheme)))
    return `no signature scheme that the other end takes is for its key (${name})`;
  const hasAuthorities = offer.type === 'certificate_request' && offer.authorities.length > 0;
  return `its TLS engine does not sign with this key (${name})${hasAuthorities ? ', or the server named other CAs' : ''}`;
}

interface SigningKey {
  readonly type: string;
  readonly curve?: string | undefined;
}

function keyOf({ certificate }: ArrangedCredential['identity']): SigningKey {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey;
  return { type: asymmetricKeyType, curve: asymmetricKeyDetails?.namedCurve };
}

const certificateMissing = 'PEER_DID_NOT_RETURN_A_CERTIFICATE';
/** Keys that every engine signs with, unless a server rules them out; EC keys by their curve. */
const usualKeys: ReadonlySet<string> = new Set(['rsa', 'prime256v1', 'secp384r1', 'secp521r1']);

/** The signature schemes for each type of key, by their names in the TLS registry; TLS 1.2's pairs of hash and signature in the same style. */
const schemesOf: Readonly<Record<string, RegExp>> = {
  ec: /^ecdsa_/u,
  rsa: /^rsa_p(?:kcs1|ss_rsae)_/u,
  'rsa-pss': /^rsa_pss_pss_/u,
  dsa: /^dsa_/u,
  ed25519: /^ed25519$/u,
  ed448: /^ed448$/u,
};
