import { type KeyShare, newKeyShare } from '../../hello/key-share.ts';
import { groupName } from '../../registry/names.ts';
import { checkServerChain } from '../crypto/server-chain.ts';
import type { ClientOptions } from '../peer-options.ts';
import { readCertificateRequest } from './certificate-messages.ts';
import { readServerKeyExchange, signedByServer } from './key-exchange.ts';
import { certificatesIn, groupsOf, leafKeyOf, type Peer12, verifySignature } from './peer12.ts';

/** What a client has of a server's flight from Certificate to ServerHelloDone. */
export interface ReceivedServerFlight {
  readonly certificates: readonly Uint8Array[];
  /** The client's own part of the key exchange. */
  readonly publicKey: Uint8Array;
}

/** Receives and verifies it (RFC 5246 7.4.2 to 7.4.5). */
export async function receiveServerFlight(peer: Peer12<ClientOptions>): Promise<ReceivedServerFlight> {
  const { state } = peer;
  const certificate = await state.expect('certificate');
  const certificates = certificatesIn(peer, certificate);
  checkServerChain(state, certificates, peer.options);
  state.accept(certificate);
  const publicKey = await receiveKeyExchange(peer, certificates);
  await receiveEnd(peer);
  return { certificates, publicKey };
}

async function receiveKeyExchange(peer: Peer12<ClientOptions>, certificates: readonly Uint8Array[]): Promise<Uint8Array> {
  const { state, rules, options } = peer;
  const { channel } = state;
  const { suite, randoms } = rules.agreed ?? channel.fail('no suite was agreed on', 'internal_error');
  const key = leafKeyOf(peer, certificates);
  const signer = key.asymmetricKeyType?.startsWith('rsa') === true ? 'RSA' : 'ECDSA';
  channel.require(
    'hello-cipher-suite',
    signer === suite.signer,
    `the certificate's key is not of the suite ${suite.name}`,
    'illegal_parameter',
  );

  const message = await state.expect('server_key_exchange');
  const read = readServerKeyExchange(message.body) ?? channel.fail('ServerKeyExchange is malformed', 'decode_error');
  const group = groupName(read.group);
  channel.require(
    'hello-group',
    groupsOf(options).includes(read.group),
    `ServerKeyExchange has ${group}, which was not offered`,
    'illegal_parameter',
  );
  verifySignature(peer, { message: { name: 'ServerKeyExchange', ...read }, key, contents: [signedByServer(randoms, read.parameters)] });
  state.accept(message);
  state.agreed = { ...state.agreed, group };
  return exchange(peer, newKeyShare(read.group), read.publicKey);
}

/** Makes the secret of the key exchange; gives this side's public key. */
export function exchange({ state, rules }: Peer12, own: KeyShare | undefined, publicKey: Uint8Array): Uint8Array {
  const { channel } = state;
  if (!own) return channel.fail('the key exchange is of a group that the engine does not know', 'illegal_parameter');
  rules.premasterSecret = own.secretWith(publicKey);
  const problem = "the peer's public key is not one of its group";
  channel.require('key-share', rules.premasterSecret !== undefined, problem, 'illegal_parameter');
  return own.publicKey;
}

async function receiveEnd({ state, rules }: Peer12): Promise<void> {
  const { channel } = state;
  let message = await state.expect('server_hello_done', 'certificate_request');
  state.accept(message);
  if (message.name === 'certificate_request') {
    const request = readCertificateRequest(message.body) ?? channel.fail('CertificateRequest is malformed', 'decode_error');
    rules.takeSchemes(request.schemes);
    message = await state.expect('server_hello_done');
    state.accept(message);
  }
  channel.require('message-shape', message.body.length === 0, 'ServerHelloDone has a body', 'decode_error');
}
