import forge from 'node-forge';
import { timed } from '../measure.ts';
import type { Peer } from './peer.ts';

/** node-forge signs in JavaScript, and has Node make the keys. */
export async function nodeForge(): Promise<Peer> {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const authorityKeys = forge.pki.rsa.generateKeyPair(2048);
  return {
    name: 'node-forge',
    runs: 'in this process',
    mints: {
      leaf: 'RSA only',
      chain: 'RSA only',
      rsaLeaf: timed(() => leaf(forge.pki.rsa.generateKeyPair(2048), authorityKeys.privateKey)),
      rsaLeafOfKey: timed(() => leaf(keys, authorityKeys.privateKey)),
    },
  };
}

function leaf(keys: forge.pki.rsa.KeyPair, issuerKey: forge.pki.rsa.PrivateKey): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: 'localhost' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'bench CA' }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(issuerKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate) + forge.pki.privateKeyToPem(keys.privateKey);
}
