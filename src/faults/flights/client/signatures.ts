import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { alterBody, signAs } from '../../../wire/engine/edits.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { handshakeType } from '../../../wire/registry/handshake-types.ts';
import { encodeVector } from '../../../wire/tls-encoding.ts';
import { type EditedFlights, inBoth, inTls13 } from './edited-flight.ts';

/** Signatures of a CertificateVerify that are not over this handshake, not by the certificate's key, or none at all. */
export const signatures = {
  'client-signature-server-context': {
    shown: 'CertificateVerify (signed as a server signs)',
    edits: inTls13(signAs({ content: (content) => Buffer.from(content.toString('latin1').replace('client', 'server'), 'latin1') })),
  },
  'client-signature-without-context': {
    shown: 'CertificateVerify (signed without the context of TLS 1.3)',
    edits: inTls13(signAs({ content: (_, context) => context.transcriptHash() })),
  },
  'client-signature-over-empty-transcript': {
    shown: 'CertificateVerify (signed over an empty transcript)',
    edits: inBoth(signAs({ content: (content, context) => overTranscript(content, Buffer.alloc(0), context) })),
  },
  'client-signature-without-certificate': {
    shown: 'CertificateVerify (signed over a transcript without Certificate)',
    edits: inBoth(signAs({ content: (content, context) => overTranscript(content, withoutCertificate(context.transcript()), context) })),
  },
  'client-signature-by-another-key': {
    shown: 'CertificateVerify (signed by another key)',
    key: 'ec-p256',
    edits: inBoth((messages, context) => signAs({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey })(messages, context)),
  },
  'client-signature-ecdsa-zero': {
    shown: 'CertificateVerify (an ECDSA signature of two zeros)',
    key: 'ec-p256',
    edits: inBoth(withSignature(() => Buffer.from('3006020100020100', 'hex'))),
  },
  'client-signature-empty': {
    shown: 'CertificateVerify (an empty signature)',
    edits: inBoth(withSignature(() => Buffer.alloc(0))),
  },
  'client-signature-not-der': {
    shown: 'CertificateVerify (the two numbers of ECDSA without their DER)',
    key: 'ec-p256',
    edits: inBoth(withSignature((_, context) => signatureInPlainForm(context))),
  },
  'client-signature-truncated': {
    shown: 'CertificateVerify (the signature without its last octet)',
    edits: inBoth(withSignature((signature) => signature.subarray(0, -1))),
  },
  'client-signature-padded': {
    shown: 'CertificateVerify (an octet after the signature, inside its length)',
    edits: inBoth(withSignature((signature) => Buffer.concat([signature, Uint8Array.of(0)]))),
  },
} as const satisfies EditedFlights<string>;

/** Another signature below the same scheme. */
function withSignature(alter: (signature: Buffer, context: FlightContext) => Uint8Array): ReturnType<typeof alterBody> {
  return alterBody('certificate_verify', (body, context) =>
    Buffer.concat([body.subarray(0, 2), encodeVector(2, alter(body.subarray(4), context))]),
  );
}

/** What is signed where the transcript is this: in TLS 1.3 its hash behind the context, in TLS 1.2 the messages themselves. */
function overTranscript(content: Buffer, transcript: Buffer, { version, agreed }: FlightContext): Buffer {
  if (version === 'TLSv1.2') return transcript;
  const hash = agreed.cipherSuite?.endsWith('SHA384') === true ? 'sha384' : 'sha256';
  const digest = createHash(hash).update(transcript).digest();
  return Buffer.concat([content.subarray(0, content.length - digest.length), digest]);
}

/** The handshake messages without the last Certificate, which is the client's. */
function withoutCertificate(transcript: Buffer): Buffer {
  const messages: Buffer[] = [];
  for (let at = 0; at < transcript.length;) {
    const end = at + 4 + transcript.readUIntBE(at + 1, 3);
    messages.push(transcript.subarray(at, end));
    at = end;
  }
  const last = messages.findLastIndex((message) => message[0] === handshakeType.certificate);
  return Buffer.concat(messages.filter((_, index) => index !== last));
}

/** r and s one after the other (IEEE P1363), as other protocols write them. */
function signatureInPlainForm({ credential, signatureScheme, signedContent }: FlightContext): Uint8Array {
  if (!credential) return Buffer.alloc(0); // there is no CertificateVerify without one
  const hash = /sha\d+$/u.exec(signatureScheme())?.[0] ?? 'sha256';
  return sign(hash, signedContent(), { key: credential.privateKey, dsaEncoding: 'ieee-p1363' });
}
