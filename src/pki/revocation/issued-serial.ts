import { X509Certificate } from 'node:crypto';
import { invalidOption, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import type { CertificateHolder } from '../certificate-holder.ts';
import { parseSerial } from '../certificate-parts.ts';

/**
 * The serial number of a certificate that an authority issued: given as such, or by the certificate itself. Throws `NOT_THE_ISSUER`
 * for another's, `SERIAL_NUMBER_INVALID` and `OPTION_INVALID`.
 */
export function issuedSerial(
  target: CertificateHolder | bigint | string,
  { authority, option }: { readonly authority: CertificateHolder; readonly option: string },
): bigint {
  if (typeof target === 'bigint' || typeof target === 'string') {
    const serial = parseSerial(target);
    if (serial === undefined || serial <= 0n) throw new MtlsFixturesError('SERIAL_NUMBER_INVALID', { value: textOf(target) });
    return serial;
  }
  const certificate: unknown = Object(target).certificate;
  if (!(certificate instanceof X509Certificate)) throw invalidOption(option, typeof target, 'an Identity, an Authority or a serial number');
  if (!certificate.verify(authority.certificate.publicKey)) {
    const { issuer } = inspectCertificate(certificate);
    throw new MtlsFixturesError('NOT_THE_ISSUER', {
      subject: target.name,
      issuer: issuer.commonName ?? issuer.text,
      authority: authority.name,
    });
  }
  return BigInt(`0x${certificate.serialNumber}`);
}
