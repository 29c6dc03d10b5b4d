import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { generate } from 'selfsigned';
import { createPki } from '../../src/index.ts';
import { medianTimes, type Result } from './measure.ts';

/** Minting a P-256 leaf against the cryptography it cannot do without, and against the selfsigned package. */
export async function minting(): Promise<Result[]> {
  const pki = createPki();
  const bytes = pki.server().certificate.raw.subarray(0, 400);
  const issuerKey = createPrivateKey(pki.issuer.keyPem);
  const raw = (): void => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    privateKey.export({ type: 'pkcs8', format: 'pem' });
    publicKey.export({ type: 'spki', format: 'der' });
    sign('sha256', bytes, issuerKey);
  };
  const ours = (): void => void pki.server().tls;
  const authority = await generate([{ name: 'commonName', value: 'ca' }], { keyType: 'ec', algorithm: 'sha256' });
  const selfsigned = (): Promise<unknown> =>
    generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: authority.private, cert: authority.cert },
    });

  const [rawMs = 0, oursMs = 0] = await medianTimes([raw, ours], { rounds: 41, repeat: 50 });
  const [selfsignedMs = 0, againMs = 0] = await medianTimes([selfsigned, ours], { rounds: 15, repeat: 10 });
  return [
    {
      what: 'P-256 leaf as PEM, against raw key generation, export and signature',
      ours: oursMs,
      other: rawMs,
      unit: 'ms',
      ratio: oursMs / rawMs,
      goal: 1.3,
      better: 'lower',
    },
    {
      what: 'P-256 leaf, times faster than selfsigned',
      ours: againMs,
      other: selfsignedMs,
      unit: 'ms',
      ratio: selfsignedMs / againMs,
      goal: 40,
      better: 'higher',
    },
  ];
}
