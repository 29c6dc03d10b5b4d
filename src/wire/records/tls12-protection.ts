import { ByteCursor } from '../byte-cursor.ts';
import type { Side } from '../tap/capture.ts';
import { plaintextHandshakeMessages } from '../handshake-messages.ts';
import { readServerHelloFields } from '../hello/hello-fields.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { type PrfHash, tls12Prf } from './tls12-prf.ts';
import type { TlsRecord } from './tls-record.ts';
import type { TrafficSecrets } from './traffic-secrets.ts';

/** The cipher list, as OpenSSL takes it, of the TLS 1.2 suites whose records can be opened and sealed here, after those of TLS 1.3. */
export function openableCiphers(): string {
  return [
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
    ...['ECDSA', 'RSA'].flatMap((by) =>
      ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].map((aead) => `ECDHE-${by}-${aead}`),
    ),
  ].join(':');
}

/** What one side of a TLS 1.2 connection protects its records with (RFC 5246 6.3). */
export interface Tls12Protection {
  readonly suite: Tls12Suite;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** The keys of one side, from both hellos and the master secret of the key log; undefined while one of them is missing, or for other suites. */
export function tls12Protection(side: Side, records: readonly TlsRecord[], secrets: TrafficSecrets): Tls12Protection | undefined {
  const masterSecret = secrets.get('CLIENT_RANDOM');
  if (!masterSecret) return undefined;
  const clientHello = plaintextHandshakeMessages(records, 'client').find(({ type }) => type === handshakeType.client_hello);
  const serverHello = plaintextHandshakeMessages(records, 'server').find(({ type }) => type === handshakeType.server_hello);
  if (!clientHello || !serverHello) return undefined;
  const suite = tls12Suite(readServerHelloFields(new ByteCursor(serverHello.body)).cipherSuite);
  if (!suite) return undefined;
  const [clientRandom, serverRandom] = [clientHello, serverHello].map(({ body }) => body.subarray(2, 34));
  return clientRandom && serverRandom && expandTls12Keys(suite, masterSecret, { clientRandom, serverRandom })[side];
}

/** The keys of both sides (RFC 5246 6.3). */
export function expandTls12Keys(
  suite: Tls12Suite,
  masterSecret: Uint8Array,
  { clientRandom, serverRandom }: { readonly clientRandom: Uint8Array; readonly serverRandom: Uint8Array },
): { readonly [From in Side]: Tls12Protection } {
  const { keyLength, ivLength } = suite;
  const block = tls12Prf(suite.hash, masterSecret, {
    label: 'key expansion',
    seed: [serverRandom, clientRandom],
    length: 2 * (keyLength + ivLength),
  });
  const protection = (index: 0 | 1): Tls12Protection => {
    const [keyAt, ivAt] = [index * keyLength, 2 * keyLength + index * ivLength];
    return { suite, key: block.subarray(keyAt, keyAt + keyLength), iv: block.subarray(ivAt, ivAt + ivLength) };
  };
  return { client: protection(0), server: protection(1) };
}

/** How the records of a cipher suite are protected, by the registry's number; undefined for suites other than ECDHE with an AEAD. */
export function tls12Suite(number: number): Tls12Suite | undefined {
  return suites.get(number);
}

/** What follows from the cipher suite of a TLS 1.2 connection. */
export interface Tls12Suite {
  readonly aead: string;
  /** Of the PRF. */
  readonly hash: PrfHash;
  readonly keyLength: number;
  readonly ivLength: number;
  readonly explicitLength: number;
}

const aes128: Tls12Suite = { aead: 'aes-128-gcm', hash: 'sha256', keyLength: 16, ivLength: 4, explicitLength: 8 };
const aes256: Tls12Suite = { aead: 'aes-256-gcm', hash: 'sha384', keyLength: 32, ivLength: 4, explicitLength: 8 };
const chacha20: Tls12Suite = { aead: 'chacha20-poly1305', hash: 'sha256', keyLength: 32, ivLength: 12, explicitLength: 0 };

/** ECDHE with ECDSA and with RSA. */
const suites: ReadonlyMap<number, Tls12Suite> = new Map([
  [0xc02b, aes128],
  [0xc02f, aes128],
  [0xc02c, aes256],
  [0xc030, aes256],
  [0xcca9, chacha20],
  [0xcca8, chacha20],
]);
