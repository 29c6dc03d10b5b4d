import type { ServerOptions } from '../peer-options.ts';
import type { Incoming } from '../channel/incoming.ts';
import { isCertificate } from '../crypto/raw-public-key.ts';
import { readCertificates } from './messages/certificate.ts';
import { verifyCertificateVerify } from './messages/certificate-verify.ts';
import { verifyFinished } from './messages/verify-finished.ts';
import type { Tls13State } from './tls13-state.ts';

/** Where the proof is awaited. */
export interface ProofPlace {
  /** Of the request that it answers. */
  readonly context: Buffer;
  /** Takes application data that comes before it, after the handshake. */
  readonly data?: (bytes: Buffer) => void;
}

/** Server: reads and verifies the client's Certificate, CertificateVerify and Finished (RFC 8446 4.4); gives its certificates. */
export async function readClientProof(state: Tls13State, options: ServerOptions, place: ProofPlace): Promise<readonly Uint8Array[]> {
  const message = await expectCertificate(state, options, place);
  const certificates = readCertificates(state, message, place.context);
  state.accept(message);
  judge(state, options, certificates);
  const [leaf] = certificates;
  const proof = leaf && (await state.expectUnlessSkipped('certificate-verify-required', 'certificate_verify', 'finished'));
  if (leaf && proof) {
    verifyCertificateVerify(state, proof, leaf);
    state.accept(proof);
  }
  await readFinished(state);
  return certificates;
}

/** Reads and verifies the client's Finished. */
export async function readFinished(state: Tls13State): Promise<void> {
  const message = await state.expectUnlessSkipped('finished-required', 'finished', 'application_data');
  if (!message) return;
  verifyFinished(state, message);
  state.accept(message);
}

async function expectCertificate(
  state: Tls13State,
  { certificateCompression = [] }: ServerOptions,
  { data }: ProofPlace,
): Promise<Incoming> {
  const compressed = certificateCompression.length > 0 ? (['compressed_certificate'] as const) : [];
  for (;;) {
    const message = await state.expect('certificate', ...compressed, ...(data ? (['application_data'] as const) : []));
    if (message.name !== 'application_data') return message;
    data?.(message.body);
  }
}

function judge(state: Tls13State, options: ServerOptions, certificates: readonly Uint8Array[]): void {
  const { channel } = state;
  const [leaf] = certificates;
  const { requireCertificate = options.requestCertificate === true } = options;
  const isPresent = certificates.length > 0 || !requireCertificate;
  channel.require('certificate-required', isPresent, 'the client has no certificate', 'certificate_required');
  const alert = leaf && isCertificate(state, leaf) ? options.checkClient?.(certificates) : undefined;
  if (alert !== undefined) channel.require('client-chain', false, 'the certificate of the client is not accepted', alert);
}
