import { promisify } from 'node:util';
import pem from 'pem';
import { timed } from '../measure.ts';
import { isInstalled } from './programs.ts';
import type { OpenPeer, Peer } from './peer.ts';

/** The package pem starts `openssl` for each step: twice or three times a leaf. */
export const pemPackage: OpenPeer = async (): Promise<Peer | undefined> => {
  if (!isInstalled('openssl')) return undefined;
  const ec = await authority(await ecKey());
  const rsa = await authority(await rsaKey());
  const key = await rsaKey();
  return {
    name: 'pem (drives openssl)',
    runs: 'a process a call',
    mints: {
      leaf: timed(async () => leaf(await ecKey(), ec)),
      chain: 'no options for intermediates',
      rsaLeaf: timed(async () => leaf(await rsaKey(), rsa)),
      rsaLeafOfKey: timed(() => leaf(key, rsa)),
    },
  };
};

async function authority(clientKey: string): Promise<pem.CertificateCreationResult> {
  return createCertificate({ clientKey, selfSigned: true, commonName: 'bench CA', days: 1, hash: 'sha256' });
}

async function leaf(clientKey: string, issuer: pem.CertificateCreationResult): Promise<pem.CertificateCreationResult> {
  return createCertificate({
    clientKey,
    serviceKey: issuer.serviceKey,
    serviceCertificate: issuer.certificate,
    serial: 1,
    commonName: 'localhost',
    altNames: ['localhost', '127.0.0.1', '::1'],
    days: 1,
    hash: 'sha256',
  });
}

/** It is called parameters, and is the key with its parameters. */
async function ecKey(): Promise<string> {
  const { ecparam } = await createEcparam('prime256v1', 'named_curve', true);
  return ecparam;
}

async function rsaKey(): Promise<string> {
  return (await createPrivateKey(2048, {})).key;
}

const createCertificate = promisify<pem.CertificateCreationOptions, pem.CertificateCreationResult>(pem.createCertificate);
const createPrivateKey = promisify<number, object, { key: string }>(pem.createPrivateKey as never);
const createEcparam = promisify<string, string, boolean, { ecparam: string }>(pem.createEcparam as never);
