/** Kinds of content (RFC 5652). */
export const pkcs7 = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

/** Attributes of a bag (RFC 2985), and the one by which Java knows a certificate that it trusts (`TrustedKeyUsage` of the JDK's PKCS12KeyStore). */
export const bagAttribute = {
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
} as const;

/** Kinds of bags (RFC 7292 4.2). */
export const bag = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  nested: '1.2.840.113549.1.12.10.1.6',
} as const;

/** An X.509 certificate within its bag. */
export const x509Certificate = '1.2.840.113549.1.9.22.1';
export const pbes2 = '1.2.840.113549.1.5.13';
export const pbkdf2 = '1.2.840.113549.1.5.12';
export const pbmac1 = '1.2.840.113549.1.5.14';
export const aes256Cbc = '2.16.840.1.101.3.4.1.42';
export const sha256 = '2.16.840.1.101.3.4.2.1';
export const hmacSha256 = '1.2.840.113549.2.9';
