import path from 'node:path';
import { timed } from '../measure.ts';
import type { OpenPeer } from './peer.ts';
import { isInstalled, run } from './programs.ts';

/** The openssl command: one process for each certificate, which makes the key as well. */
export const openssl: OpenPeer = async (folder) => {
  if (!isInstalled('openssl')) return undefined;
  const file = (name: string): string => path.join(folder, name);
  const certify = (
    name: string,
    { key, issuer, extensions }: { readonly key: readonly string[]; readonly issuer?: string; readonly extensions: readonly string[] },
  ): Promise<string> =>
    run('openssl', [
      'req',
      '-x509',
      '-nodes',
      '-sha256',
      '-days',
      '1',
      '-config',
      '/dev/null',
      '-subj',
      `/CN=${name}`,
      ...key,
      '-out',
      file(`${name}.pem`),
      ...(issuer === undefined ? [] : ['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`)]),
      ...extensions.flatMap((extension) => ['-addext', extension]),
    ]);
  const ec = (name: string): string[] => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', file(`${name}.key`)];
  const rsa = (name: string): string[] => ['-newkey', 'rsa:2048', '-keyout', file(`${name}.key`)];

  await certify('ec-ca', { key: ec('ec-ca'), extensions: authorityExtensions });
  await certify('rsa-ca', { key: rsa('rsa-ca'), extensions: authorityExtensions });
  return {
    name: 'openssl req',
    runs: 'a process a call',
    mints: {
      leaf: timed(() => certify('leaf', { key: ec('leaf'), issuer: 'ec-ca', extensions: leafExtensions })),
      chain: timed(async () => {
        await certify('root', { key: ec('root'), extensions: authorityExtensions });
        await certify('issuing', { key: ec('issuing'), issuer: 'root', extensions: authorityExtensions });
        await certify('leaf', { key: ec('leaf'), issuer: 'issuing', extensions: leafExtensions });
      }),
      rsaLeaf: timed(() => certify('rsa-leaf', { key: rsa('rsa-leaf'), issuer: 'rsa-ca', extensions: leafExtensions })),
      rsaLeafOfKey: timed(() => certify('rsa-leaf', { key: ['-key', file('rsa-ca.key')], issuer: 'rsa-ca', extensions: leafExtensions })),
    },
  };
};

const authorityExtensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
const leafExtensions = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=serverAuth',
  'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1',
];
