import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createPki } from '../../../src/index.ts';
import { timed } from '../measure.ts';
import type { Peer } from './peer.ts';

/** The cryptography that every implementation needs: make a key, export it, sign as many octets as a certificate has. */
export async function raw(): Promise<Peer> {
  const pki = createPki();
  const octets = pki.server().certificate.raw.subarray(0, 400);
  const ecIssuer = createPrivateKey(pki.issuer.keyPem);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const leaf = (): Made => certify(generateKeyPairSync('ec', { namedCurve: 'P-256' }), ecIssuer, octets);
  return {
    identity: leaf,
    name: 'raw node:crypto: key, export, signature',
    runs: 'in this process',
    mints: {
      leaf: timed(leaf),
      chain: timed(() => [leaf(), leaf(), leaf()]),
      rsaLeaf: timed(() => certify(generateKeyPairSync('rsa', { modulusLength: 2048 }), rsa.privateKey, octets)),
      rsaLeafOfKey: timed(() => certify(rsa, rsa.privateKey, octets)),
    },
  };
}

interface Made {
  readonly privateKey: KeyObject;
  readonly pem: string | Buffer;
  readonly parts: readonly Uint8Array[];
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function certify({ privateKey, publicKey }: KeyPair, issuer: KeyObject, octets: Uint8Array): Made {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, pem, parts: [octets.slice(), spki, sign('sha256', octets, issuer)] };
}
