import { createHmac } from 'node:crypto';
import { ByteCursor } from '../byte-cursor.ts';
import type { Side } from '../tap/capture.ts';
import { plaintextHandshakeMessages } from '../handshake-messages.ts';
import { readServerHelloFields } from '../hello/hello-fields.ts';
import { handshakeType } from '../registry/handshake-types.ts';
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
  const suite = suites.get(readServerHelloFields(new ByteCursor(serverHello.body)).cipherSuite);
  if (!suite) return undefined;

  const randoms = [serverHello, clientHello].map(({ body }) => body.subarray(2, 34));
  const block = expand(
    suite.hash,
    masterSecret,
    Buffer.concat([Buffer.from('key expansion'), ...randoms]),
    2 * (suite.keyLength + suite.ivLength),
  );
  const keyAt = side === 'client' ? 0 : suite.keyLength;
  const ivAt = 2 * suite.keyLength + (side === 'client' ? 0 : suite.ivLength);
  return { suite, key: block.subarray(keyAt, keyAt + suite.keyLength), iv: block.subarray(ivAt, ivAt + suite.ivLength) };
}

/** P_hash of RFC 5246 5. */
function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const hmac = (data: Uint8Array): Buffer => createHmac(hash, secret).update(data).digest();
  const blocks: Buffer[] = [];
  let a = hmac(seed);
  for (let made = 0; made < length; a = hmac(a)) {
    const block = hmac(Buffer.concat([a, seed]));
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

interface Tls12Suite {
  readonly aead: string;
  readonly hash: string;
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
