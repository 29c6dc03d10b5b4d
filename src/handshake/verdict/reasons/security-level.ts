import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { encodePem } from '../../../asn1/pem.ts';
import { encodeCertificate } from '../../../x509/certificate.ts';
import { encodeName } from '../../../x509/names/distinguished-name.ts';
import { signerFor } from '../../../x509/signature.ts';
import { nodeTls } from '../../../options/engine.ts';

/** OpenSSL's security level of an endpoint with these ciphers: what they say, else the level that this Node was built with. */
export function securityLevel(ciphers: string): number {
  const given = /.*@SECLEVEL=(\d)/su.exec(ciphers)?.[1];
  return given === undefined ? (defaultLevel ??= probeDefaultLevel()) : Number(given);
}

/**
 * Found by trying, since no version number determines it: Node 22 is built with level 1 whichever OpenSSL it has, Node 24 takes OpenSSL's own 2, and a
 * distribution that links its own OpenSSL may have set another (measured: 22.12 and 22.23 have 1, 24.21 and 26.10 have 2).
 */
function probeDefaultLevel(): number {
  return 1 + weakCurves.filter((curve) => !isLoaded(certificateOn(curve))).length;
}

function isLoaded(cert: string): boolean {
  try {
    nodeTls().createSecureContext({ cert, ca: cert, ciphers: 'DEFAULT' }); // without `ca` Node reads its hundred roots
    return true;
  } catch {
    return false;
  }
}

/** A certificate of a weak key. */
function certificateOn(namedCurve: string): string {
  const name = encodeName({ commonName: 'security level' });
  const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const key = generateKeyPairSync('ec', { namedCurve }).privateKey;
  const plan = {
    version: 3,
    serialNumber: 1n,
    issuer: name,
    subject: name,
    validity: { notBefore: new Date(0), notAfter: new Date(0) }, // not checked when a certificate is loaded
    spki: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    extensions: [],
  };
  return encodePem('CERTIFICATE', encodeCertificate(plan, signer));
}

/** The first is too weak from level 2 on, the second from level 3 on. */
const weakCurves = ['prime192v1', 'secp224r1'] as const;

let defaultLevel: number | undefined;
