import 'reflect-metadata'; // which the next import demands
import * as x509 from '@peculiar/x509';
import { timed } from '../measure.ts';
import type { Peer } from './peer.ts';

type Algorithm = {
  readonly name: string;
  readonly hash: string;
  readonly namedCurve?: string;
  readonly modulusLength?: number;
  readonly publicExponent?: Uint8Array;
};
type KeyPair = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
type Certified = { readonly keys: KeyPair; readonly certificate: x509.X509Certificate };

/** The package that selfsigned and mockttp are built upon; it works with the keys of WebCrypto. */
export async function peculiar(): Promise<Peer> {
  const ecAuthority = await authority(ec);
  const rsaAuthority = await authority(rsa);
  const rsaKeys = await keyPair(rsa);
  const identity = (): Promise<string> => leaf(ec, ecAuthority);
  return {
    identity,
    name: '@peculiar/x509',
    runs: 'in this process',
    mints: {
      leaf: timed(identity),
      chain: timed(async () => leaf(ec, await authority(ec, await authority(ec)))),
      rsaLeaf: timed(() => leaf(rsa, rsaAuthority)),
      rsaLeafOfKey: timed(() => leaf(rsa, rsaAuthority, rsaKeys)),
    },
  };
}

async function authority(algorithm: Algorithm, issuer?: Certified): Promise<Certified> {
  const keys = await keyPair(algorithm);
  const certificate = await certify('bench CA', keys, {
    algorithm,
    issuer,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { keys, certificate };
}

async function leaf(algorithm: Algorithm, issuer: Certified, given?: KeyPair): Promise<string> {
  const keys = given ?? (await keyPair(algorithm));
  const certificate = await certify('localhost', keys, {
    algorithm,
    issuer,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${certificate.toString('pem')}\n${x509.PemConverter.encode(key, 'PRIVATE KEY')}`;
}

async function certify(
  name: string,
  keys: KeyPair,
  {
    algorithm,
    issuer,
    extensions,
  }: { readonly algorithm: Algorithm; readonly issuer: Certified | undefined; readonly extensions: readonly x509.Extension[] },
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [...extensions, await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
}

async function keyPair(algorithm: Algorithm): Promise<KeyPair> {
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as KeyPair; // both algorithms have pairs of keys
}

const ec: Algorithm = { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' };
const rsa: Algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
