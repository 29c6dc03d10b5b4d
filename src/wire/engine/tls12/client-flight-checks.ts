import type { KeyShare } from '../../hello/key-share.ts';
import type { Incoming } from '../channel/incoming.ts';
import { isCertificate } from '../crypto/raw-public-key.ts';
import type { ServerOptions } from '../peer-options.ts';
import { readDigitalSignature } from './certificate-messages.ts';
import { readClientKeyExchange } from './key-exchange.ts';
import { certificatesIn, leafKeyOf, type Peer12, receiveFinished, signedContents, verifySignature } from './peer12.ts';
import { requiresCertificate } from './server-sessions.ts';
import { exchange } from './server-flight-checks.ts';

/** Whether this handshake asks for the client's certificate. */
export function asksForCertificate({ state, options, rules }: Peer12<ServerOptions>): boolean {
  return options.requestCertificate === true && !(rules.completed && state.skips('renegotiation-certificate'));
}

/** Receives and verifies what a client sends after ServerHelloDone, up to its Finished (RFC 5246 7.4.6 to 7.4.9); gives its certificates. */
export async function receiveClientFlight(peer: Peer12<ServerOptions>, share: KeyShare): Promise<readonly Uint8Array[]> {
  const { state, rules } = peer;
  const certificates = asksForCertificate(peer) ? await receiveCertificate(peer) : [];
  const message = await state.expect('client_key_exchange');
  const publicKey = readClientKeyExchange(message.body) ?? state.channel.fail('ClientKeyExchange is malformed', 'decode_error');
  exchange(peer, share, publicKey);
  state.accept(message);
  rules.keepSessionHash();
  await receiveProof(peer, certificates);
  await receiveFinished(peer);
  return certificates;
}

async function receiveCertificate(peer: Peer12<ServerOptions>): Promise<readonly Uint8Array[]> {
  const { state, options } = peer;
  const { channel } = state;
  const message = await state.expectUnlessSkipped('certificate-required', 'certificate', 'client_key_exchange');
  if (!message) return [];
  const certificates = certificatesIn(peer, message);
  state.accept(message);
  const isThere = certificates.length > 0 || !requiresCertificate(options);
  channel.require('certificate-required', isThere, 'the client has no certificate', 'handshake_failure');
  const [leaf] = certificates;
  const alert = leaf && isCertificate(state, leaf) ? options.checkClient?.(certificates) : undefined;
  if (alert !== undefined) channel.require('client-chain', false, "the client's certificate is refused", alert);
  return certificates;
}

/** CertificateVerify where there is a certificate, and change_cipher_spec. */
async function receiveProof(peer: Peer12<ServerOptions>, certificates: readonly Uint8Array[]): Promise<void> {
  const { state, rules } = peer;
  if (certificates.length > 0) {
    const message = await state.expectUnlessSkipped('certificate-verify-required', 'certificate_verify', 'change_cipher_spec');
    if (message) verifyProof(peer, message, certificates);
  }
  rules.changeRead(await state.expect('change_cipher_spec'));
}

function verifyProof(peer: Peer12, message: Incoming, certificates: readonly Uint8Array[]): void {
  const { state } = peer;
  const signature = readDigitalSignature(message.body) ?? state.channel.fail('CertificateVerify is malformed', 'decode_error');
  const key = leafKeyOf(peer, certificates);
  verifySignature(peer, { message: { name: 'CertificateVerify', ...signature }, key, contents: signedContents(peer) });
  state.accept(message);
}
