import { utf8String } from '../asn1/der-writer.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { textList, requireKnownOptions } from '../options/checks.ts';
import { encodeName } from '../x509/names/distinguished-name.ts';
import { asciiHost, ipName, uriName } from '../x509/names/general-name.ts';
import { validityOf } from './certificate-parts.ts';
import { requireCommonName } from './subject.ts';
import type { Identity } from './identity.ts';
import { identityFromPem } from './formats/identity-from-pem.ts';

/** What a self-signed identity is to say. */
export interface SelfSignedOptions {
  /** Default `self-signed`. */
  readonly commonName?: string | undefined;
  /** Default `localhost`, unless `ip` or `uri` is given. */
  readonly dns?: string | readonly string[] | undefined;
  readonly ip?: string | readonly string[] | undefined;
  readonly uri?: string | readonly string[] | undefined;
  readonly keyAlgorithm?: 'ec-p256' | 'ec-p384' | 'ec-p521' | 'rsa-2048' | 'rsa-4096' | undefined;
  readonly notBefore?: Date | undefined;
  readonly notAfter?: Date | undefined;
  /** Milliseconds; default a day. */
  readonly validFor?: number | undefined;
}

/**
 * An untrusted identity: a certificate that signs itself, minted by the selfsigned package (loaded by the first call).
 * It has no trust anchors until `trusting()` gives it some; an attempt with it trusts the observed server's own anchors.
 */
export async function selfSignedIdentity(options: SelfSignedOptions = {}): Promise<Identity> {
  requireKnownOptions('self-signed option', options, [
    'commonName',
    'dns',
    'ip',
    'uri',
    'keyAlgorithm',
    'notBefore',
    'notAfter',
    'validFor',
  ]);
  const { commonName = 'self-signed', keyAlgorithm = 'ec-p256', ip, uri } = options;
  if (typeof commonName !== 'string' || commonName === '')
    throw new MtlsFixturesError('NAME_INVALID', { kind: 'commonName', value: textOf(commonName), problem: 'it is empty' });
  requireCommonName(encodeName(commonName)); // throws for what is not a name
  const key = typeof keyAlgorithm === 'string' && Object.hasOwn(keys, keyAlgorithm) ? keys[keyAlgorithm] : undefined;
  if (!key) throw new MtlsFixturesError('KEY_ALGORITHM_UNKNOWN', { algorithm: textOf(keyAlgorithm), known: Object.keys(keys) });
  const dns = textList('dns', options.dns ?? (ip === undefined && uri === undefined ? 'localhost' : undefined)).map(asciiHost);
  for (const address of textList('ip', ip)) ipName(address); // throws for what is not an address
  for (const text of textList('uri', uri)) uriName(text);
  const { notBefore, notAfter } = validityOf(options, { validFor: 86_400_000, backdate: 3_600_000 });

  const { generate } = await import('selfsigned');
  const altNames = [
    ...dns.map((value) => ({ type: dnsType, value })),
    ...textList('uri', uri).map((value) => ({ type: uriType, value })),
    ...textList('ip', ip).map((address) => ({ type: ipType, ip: address })),
  ];
  // The package joins names to text and takes that apart again; DER in hexadecimal is the one form of a value that it leaves whole.
  const value = `#${Buffer.from(utf8String(commonName)).toString('hex')}`;
  const pems = await generate([{ name: 'commonName', value }], {
    ...key,
    algorithm: 'sha256', // the package's own default is SHA-1, which OpenSSL 3 refuses
    notBeforeDate: notBefore,
    notAfterDate: notAfter,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName' as const, altNames }]),
    ],
  });
  return identityFromPem(pems);
}

const keys: Readonly<
  Record<
    string,
    { readonly keyType: 'ec'; readonly curve: 'P-256' | 'P-384' | 'P-521' } | { readonly keyType: 'rsa'; readonly keySize: number }
  >
> = {
  'ec-p256': { keyType: 'ec', curve: 'P-256' },
  'ec-p384': { keyType: 'ec', curve: 'P-384' },
  'ec-p521': { keyType: 'ec', curve: 'P-521' },
  'rsa-2048': { keyType: 'rsa', keySize: 2048 },
  'rsa-4096': { keyType: 'rsa', keySize: 4096 },
};
/** Numbers of the kinds of alternative names (RFC 5280 4.2.1.6), as the package wants them. */
const dnsType = 2 as const;
const uriType = 6 as const;
const ipType = 7 as const;
