import { alterBody, change, inOrder, insertAfter, leaveOut, signAs } from '../../../wire/engine/edits.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { groups, signatureSchemes } from '../../../wire/registry/names.ts';
import { type FlightPlans, inServerFlight } from './flight-plan.ts';
import { appendOctet, withSignature } from './message-edits.ts';
import { firstNotOffered, offeredTo } from './offered.ts';

/** Faults of the messages that TLS 1.2 has alone: ServerKeyExchange, ServerHelloDone and ChangeCipherSpec. */
export const keyExchangePlans = {
  'key-exchange-left-out': { 'TLSv1.2': inServerFlight(leaveOut('server_key_exchange')) },
  'key-exchange-unsigned': {
    'TLSv1.2': inServerFlight(alterBody('server_key_exchange', (body) => body.subarray(0, lengthOfParameters(body)))),
  },
  'key-exchange-md5': {
    'TLSv1.2': {
      ...inServerFlight((messages, context) => signAs({ hash: 'md5', written: md5For(context) })(messages, context)),
      appliesTo: (context) => !offeredTo(context).signatureSchemes.includes(md5For(context)),
    },
  },
  'key-exchange-signature-of-other-key-type': {
    'TLSv1.2': inServerFlight((messages, context) => {
      const isRsa = context.signatureScheme().startsWith('rsa_');
      return signAs({ written: isRsa ? 'ecdsa_secp256r1_sha256' : 'rsa_pkcs1_sha256' })(messages, context);
    }),
  },
  'key-exchange-signature-truncated': {
    'TLSv1.2': inServerFlight(
      alterBody('server_key_exchange', (body) =>
        withSignature(body, lengthOfParameters(body) + 2, (signature) => signature.subarray(0, -1)),
      ),
    ),
  },
  'key-exchange-other-randoms': {
    'TLSv1.2': inServerFlight(signAs({ content: (content) => Buffer.from(content).fill(0x55, 0, 64) })),
  },
  'key-exchange-curve-not-offered': {
    'TLSv1.2': inServerFlight(
      inOrder(
        alterBody('server_key_exchange', (body, context) => {
          body.writeUInt16BE(firstNotOffered([groups.secp256k1, groups.brainpoolP512r1, 0x000e], offeredTo(context).groups), 1);
          return body;
        }),
        signAs({}),
      ),
    ),
  },
  'change-cipher-spec-early': {
    'TLSv1.2': inServerFlight(
      insertAfter('server_hello', { name: 'change_cipher_spec', body: () => Uint8Array.of(1), keys: 'none', outsideTranscript: true }),
    ),
  },
  'finished-in-the-clear': {
    'TLSv1.2': {
      edits: {
        'server-final': inOrder(
          leaveOut('change_cipher_spec'),
          change('finished', () => ({ keys: 'none' })),
        ),
      },
    },
  },
  'hello-done-with-content': { 'TLSv1.2': inServerFlight(appendOctet('server_hello_done')) },
} as const satisfies Partial<FlightPlans>;

/** The scheme of the server's kind of key with MD5. */
function md5For({ signatureScheme }: FlightContext): number {
  return signatureScheme().startsWith('rsa_') ? signatureSchemes.rsa_pkcs1_md5 : ecdsaMd5;
}

/** Octets of the curve and the public key, which the signature follows (RFC 8422 5.4). */
function lengthOfParameters(body: Buffer): number {
  return 4 + (body[3] ?? 0);
}

/** MD5 with ECDSA, by the numbers of RFC 5246 7.4.1.4.1; the registry has no name for it. */
const ecdsaMd5 = 0x0103;
