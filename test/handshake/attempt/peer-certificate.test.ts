import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasUnusualCurve } from '../../../src/handshake/attempt/peer-certificate.ts';
import { createPki } from '../../../src/index.ts';
import { testWith } from '../../interop/judges.ts';

const program = fileURLToPath(new URL('odd-curves.ts', import.meta.url));

/** A credential of OpenSSL's: its own certificate is its anchor, or a root on another curve. */
interface Curves {
  readonly leaf: string;
  readonly root?: string;
}

// In a process of its own: what is tested ends by SIGSEGV on Node 24.21 and 26.10 without the library's care. secp256k1 has no signature algorithm of TLS 1.3.
const cases: readonly (readonly [string, Curves, 'TLSv1.2' | 'TLSv1.3'])[] = [
  ['brainpoolP256r1', { leaf: 'brainpoolP256r1' }, 'TLSv1.2'],
  ['brainpoolP256r1', { leaf: 'brainpoolP256r1' }, 'TLSv1.3'],
  ['secp256k1', { leaf: 'secp256k1' }, 'TLSv1.2'],
  ['P-256 under a root on brainpoolP384r1', { leaf: 'prime256v1', root: 'brainpoolP384r1' }, 'TLSv1.3'],
  ['P-256 (the control)', { leaf: 'prime256v1' }, 'TLSv1.3'],
];

describe('a peer whose key is on a curve without a NIST name does not end the process', () => {
  testWith('openssl').for(cases)('a server of %s, %j, over %s has the verdict of its name', async ([, curves, version]) => {
    const [byName, byAnother] = await run('server', curves, version);

    expect(byName).toMatchObject({ verdict: 'accepted' });
    expect(byAnother).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(byName?.server).toBe(keyNames[curves.leaf]);
  });

  testWith('openssl').for(cases)('a client of %s, %j, over %s is recorded, resumed too', async ([, curves, version]) => {
    const [first, second] = await run('client', curves, version);

    expect(first).toMatchObject({ verdict: 'accepted', resumed: false, client: keyNames[curves.leaf] });
    expect(second).toMatchObject({ verdict: 'accepted', resumed: true, client: keyNames[curves.leaf] });
  });
});

test('the usual curves and other keys are left to Node', () => {
  for (const keyAlgorithm of ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048'] as const)
    expect(hasUnusualCurve([createPki({ keyAlgorithm }).root.certificate.raw]), keyAlgorithm).toBe(false);
  expect(hasUnusualCurve([Buffer.from('06072a8648ce3d0201', 'hex'), new Uint8Array()])).toBe(false);
});

testWith('openssl').for(['brainpoolP256r1', 'brainpoolP512t1', 'secp256k1', 'sect233r1'])('%s is found in a certificate', (curve) => {
  const { certPem } = credential({ leaf: curve });

  expect(hasUnusualCurve([createPki().root.certificate.raw, new X509Certificate(certPem).raw])).toBe(true);
});

const keyNames: Readonly<Record<string, string>> = {
  brainpoolP256r1: 'ec-brainpoolP256r1',
  secp256k1: 'ec-secp256k1',
  prime256v1: 'ec-p256',
};

interface Printed {
  readonly server?: string;
  readonly client?: string;
}

async function run(role: 'server' | 'client', curves: Curves, version: string): Promise<readonly Printed[]> {
  const { cert, key, ca } = credential(curves);
  const { stdout } = await promisify(execFile)(process.execPath, [program, role, cert, key, ca, version, curves.leaf]);
  return JSON.parse(stdout);
}

function credential({ leaf, root }: Curves): Readonly<Record<'cert' | 'key' | 'ca' | 'certPem', string>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-curves-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key, ca, caKey] = ['cert.pem', 'key.pem', 'ca.pem', 'ca-key.pem'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const config = path.join(folder, 'names.cnf');
  writeFileSync(
    config,
    '[req]\ndistinguished_name=dn\n[dn]\n[leaf]\nsubjectAltName=DNS:localhost\n[ca]\nbasicConstraints=critical,CA:true\n',
  );
  const mint = (curve: string, files: readonly [key: string, cert: string], ...more: string[]): void => {
    const newKey = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-nodes', '-keyout', files[0], '-out', files[1]];
    execFileSync('openssl', ['req', '-x509', '-config', config, ...newKey, '-days', '1', ...more], { stdio: 'pipe' });
  };
  if (root !== undefined) mint(root, [caKey, ca], '-subj', '/CN=odd root', '-extensions', 'ca');
  mint(leaf, [key, cert], '-subj', '/CN=odd', '-extensions', 'leaf', ...(root === undefined ? [] : ['-CA', ca, '-CAkey', caKey]));
  const certPem = execFileSync('openssl', ['x509', '-in', cert]).toString();
  return { cert, key, ca: root === undefined ? cert : ca, certPem };
}
