import { generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';
import { timed } from '../measure.ts';
import type { Peer } from './peer.ts';

/** The package selfsigned, with SHA-256; its own default is SHA-1, which no current stack accepts. */
export async function selfsigned(): Promise<Peer> {
  const ec = await authority({ keyType: 'ec' });
  const rsa = await authority({ keyType: 'rsa', keySize: 2048 });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyPair = {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
  const identity = (): Promise<unknown> => generate(subject('localhost'), { ...leafOptions, keyType: 'ec', ca: ec });
  return {
    identity,
    name: 'selfsigned',
    runs: 'in this process',
    mints: {
      leaf: timed(identity),
      chain: timed(chain),
      rsaLeaf: timed(() => generate(subject('localhost'), { ...leafOptions, keyType: 'rsa', keySize: 2048, ca: rsa })),
      rsaLeafOfKey: timed(() => generate(subject('localhost'), { ...leafOptions, keyType: 'rsa', keyPair, ca: rsa })),
    },
  };
}

async function chain(): Promise<unknown> {
  const root = await authority({ keyType: 'ec' });
  const intermediate = await authority({ keyType: 'ec', ca: root });
  return generate(subject('localhost'), { ...leafOptions, keyType: 'ec', ca: intermediate });
}

async function authority(options: Options): Promise<{ key: string; cert: string }> {
  const made = await generate(subject('bench CA'), { ...options, algorithm: 'sha256', extensions: authorityExtensions });
  return { key: made.private, cert: made.cert };
}

function subject(value: string): { name: string; value: string }[] {
  return [{ name: 'commonName', value }];
}

type Options = NonNullable<Parameters<typeof generate>[1]>;

const authorityExtensions: NonNullable<Options['extensions']> = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];
const leafOptions: Options = {
  algorithm: 'sha256',
  extensions: [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ],
};
