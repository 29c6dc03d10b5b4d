import { ByteCursor } from '../../byte-cursor.ts';
import { extensionType } from '../../registry/extension-types.ts';
import type { Incoming } from '../channel/incoming.ts';
import { checkServerChain } from '../crypto/server-chain.ts';
import type { ClientOptions } from '../peer-options.ts';
import { readCertificates } from './messages/certificate.ts';
import { readCertificateRequest, type RequestedCertificate } from './messages/certificate-request.ts';
import { verifyCertificateVerify } from './messages/certificate-verify.ts';
import { readExtensions, requireWhole } from './messages/extensions.ts';
import { verifyFinished } from './messages/verify-finished.ts';
import type { Tls13State } from './tls13-state.ts';

/** What the encrypted part of the server's flight says. */
export interface ServerFlight {
  readonly request: RequestedCertificate | undefined;
  readonly peerCertificates: readonly Uint8Array[];
}

/** Reads and verifies the server's flight from EncryptedExtensions to Finished (RFC 8446 4.3, 4.4). */
export async function readServerFlight(state: Tls13State, options: ClientOptions): Promise<ServerFlight> {
  const encrypted = await state.expect('encrypted_extensions');
  readEncryptedExtensions(state, encrypted, options);
  state.accept(encrypted);
  const { request, peerCertificates } = state.agreed.resumed
    ? { request: undefined, peerCertificates: options.session?.peerCertificates ?? [] }
    : await readIdentity(state, options);
  const finished = await state.expect('finished');
  verifyFinished(state, finished);
  state.accept(finished);
  state.rules.enterApplication();
  return { request, peerCertificates };
}

function readEncryptedExtensions(state: Tls13State, { body }: Incoming, options: ClientOptions): void {
  const { alpnProtocols, servername } = options;
  const offered = new Set<number>([extensionType.supported_groups]);
  if (servername !== undefined) offered.add(extensionType.server_name);
  if (alpnProtocols) offered.add(extensionType.application_layer_protocol_negotiation);
  const extensions = readExtensions(state, new ByteCursor(body), { what: 'EncryptedExtensions', offered });
  const protocols = extensions.get(extensionType.application_layer_protocol_negotiation);
  if (!protocols) return;
  const cursor = new ByteCursor(protocols);
  const list = cursor.vector(2);
  const alpnProtocol = Buffer.from(list.take(list.uint(1))).toString('latin1');
  requireWhole(state, cursor, 'the protocol of EncryptedExtensions');
  requireWhole(state, list, 'the protocol of EncryptedExtensions');
  const isOffered = alpnProtocols?.includes(alpnProtocol) === true;
  state.channel.require('unsolicited-extension', isOffered, `the server chooses the protocol "${alpnProtocol}"`, 'illegal_parameter');
  state.agree({ alpnProtocol });
}

async function readIdentity(state: Tls13State, options: ClientOptions): Promise<ServerFlight> {
  const asks = await state.expect(
    'certificate',
    'certificate_request',
    ...compressed(options),
    ...(state.skips('certificate-required') ? anonymous : []),
  );
  if (asks.name === 'finished') {
    state.putBack(asks);
    return { request: undefined, peerCertificates: [] };
  }
  const request = asks.name === 'certificate_request' ? readCertificateRequest(state, asks) : undefined;
  if (request) {
    state.channel.require('certificate-context', request.context.length === 0, 'CertificateRequest has a context', 'illegal_parameter');
    state.accept(asks);
  }
  const message = request ? await state.expect('certificate', ...compressed(options)) : asks;
  const peerCertificates = readCertificates(state, message);
  const [leaf] = peerCertificates;
  if (!leaf) {
    state.channel.require('certificate-required', false, 'the Certificate of the server is empty', 'decode_error');
    state.accept(message);
    state.accept(await state.expect('certificate_verify'));
    return { request, peerCertificates };
  }
  state.accept(message);
  checkServerChain(state, peerCertificates, options);
  const proof = await state.expectUnlessSkipped('certificate-verify-required', 'certificate_verify', 'finished');
  if (proof) {
    verifyCertificateVerify(state, proof, leaf);
    state.accept(proof);
  }
  return { request, peerCertificates };
}

/** A server without a certificate goes on with its Finished. */
const anonymous = ['finished'] as const;

function compressed({ certificateCompression }: ClientOptions): readonly 'compressed_certificate'[] {
  return certificateCompression && certificateCompression.length > 0 ? ['compressed_certificate'] : [];
}
