import type { KeyObject } from 'node:crypto';
import { ByteCursor } from '../../byte-cursor.ts';
import { signatureSchemeName, type SignatureScheme, signatureSchemes } from '../../registry/names.ts';
import type { Incoming } from '../channel/incoming.ts';
import { fitsKey, formOf } from '../crypto/signature-schemes.ts';
import { peerKeyOf, rawPublicKey } from '../crypto/raw-public-key.ts';
import { isSignature } from '../crypto/signatures.ts';
import type { PeerOptions } from '../peer-options.ts';
import { groupNumber } from '../registry-numbers.ts';
import type { PeerState } from '../peer-state.ts';
import { type DigitalSignature, readCertificates } from './certificate-messages.ts';
import type { Tls12Rules } from './tls12-rules.ts';

/** One side of a TLS 1.2 connection. */
export interface Peer12<Options extends PeerOptions = PeerOptions> {
  readonly state: PeerState;
  readonly rules: Tls12Rules;
  readonly options: Options;
}

/** The numbers of the groups that a side offers or takes, in its order: by default those of OpenSSL 3.5. */
export function groupsOf({ groups = defaultGroups }: PeerOptions): readonly number[] {
  return groups.map(groupNumber);
}

/** The schemes that a side offers and signs with. TLS 1.2 has no ML-DSA. */
export function schemesOf(state: PeerState): readonly SignatureScheme[] {
  return state.schemes.filter((scheme) => !scheme.startsWith('mldsa'));
}

/** The certificates that the peer presents. */
export function certificatesIn({ state }: Peer12, { body }: Incoming): readonly Uint8Array[] {
  return readCertificates(body) ?? rawPublicKeyIn(body) ?? state.channel.fail('Certificate is malformed', 'decode_error');
}

/** Without a list around it (RFC 7250 3). */
function rawPublicKeyIn(body: Uint8Array): readonly Uint8Array[] | undefined {
  const cursor = new ByteCursor(body);
  const key = cursor.take(cursor.uint(3));
  return cursor.truncated || cursor.remaining > 0 || !rawPublicKey(key) ? undefined : [key];
}

/** The key of the peer's certificate. */
export function leafKeyOf({ state }: Peer12, [leaf]: readonly Uint8Array[]): KeyObject {
  const key = leaf && peerKeyOf(state, leaf);
  return key ?? state.channel.fail('the certificate has no key that can be read', 'bad_certificate');
}

/** Verifies a signature of the peer over one of these contents: there is one, unless checks are left out. */
export function verifySignature(
  { state }: Peer12,
  {
    message,
    key,
    contents,
  }: { readonly message: DigitalSignature & { readonly name: string }; readonly key: KeyObject; readonly contents: readonly Uint8Array[] },
): void {
  const { name, scheme: number, signature } = message;
  const { channel } = state;
  const schemeName = signatureSchemeName(number);
  const isOffered = schemesOf(state).some((offered) => signatureSchemes[offered] === number);
  channel.require('signature-scheme-offered', isOffered, `${name} is signed by ${schemeName}, which was not offered`, 'illegal_parameter');
  const scheme = schemeName as SignatureScheme; // of the registry; any other number has no form
  const fits = formOf(scheme) !== undefined && fitsKey(scheme, key, 'TLSv1.2');
  channel.require(
    'signature-scheme-key',
    fits,
    `${name} is signed by ${schemeName}, which the certificate's key cannot make`,
    'illegal_parameter',
  );
  const isRight = contents.some((content) => isSignature(signature, { scheme, key, content }));
  channel.require('certificate-verify-signature', isRight, `the signature of ${name} is wrong`, 'decrypt_error');
}

/** Whether the key of the credential can make a signature that the peer takes. */
export function canSign({ state, rules }: Peer12): boolean {
  const key = state.credential?.privateKey;
  const isFit = (scheme: SignatureScheme): boolean => key !== undefined && fitsKey(scheme, key, 'TLSv1.2');
  return schemesOf(state).some((scheme) => rules.peerSchemes.includes(signatureSchemes[scheme]) && isFit(scheme));
}

/** What a CertificateVerify of the peer may sign: the messages so far, unless that is not looked at. */
export function signedContents({ state }: Peer12): readonly Uint8Array[] {
  const octets = state.transcript.octets();
  if (!state.skips('certificate-verify-transcript')) return [octets];
  const contents: Buffer[] = [];
  for (let end = 0; end <= octets.length; end += 4 + octets.readUIntBE(end + 1, 3)) {
    contents.push(octets.subarray(0, end));
    if (end === octets.length) break;
  }
  return contents;
}

/** Receives the peer's Finished. */
export async function receiveFinished(peer: Peer12): Promise<void> {
  const { state, rules } = peer;
  const expected = rules.verifyDataOf(state.peer);
  const finished = await state.expect('finished');
  const isRight = finished.body.equals(expected);
  state.channel.require('finished-mac', isRight, "the peer's Finished is not over the messages of this handshake", 'decrypt_error');
  state.accept(finished);
}

const defaultGroups = ['x25519', 'secp256r1', 'x448', 'secp384r1', 'secp521r1'];
