import { inspectChain } from '../../x509/inspect-certificate.ts';
import { type FieldTexts, fieldTexts, namesAsGiven, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { awsUnescaped, certificatesOfAws } from '../encodings/aws-pem.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { percentEncodedPem } from '../encodings/percent-encoded-pem.ts';
import { rfc2253Name } from '../encodings/rfc2253-name.ts';
import type { HeaderFormat, HeaderNames } from '../format.ts';
import { malformed } from '../malformed.ts';

const names: HeaderNames = {
  serialNumber: 'X-Amzn-Mtls-Clientcert-Serial-Number',
  issuer: 'X-Amzn-Mtls-Clientcert-Issuer',
  subject: 'X-Amzn-Mtls-Clientcert-Subject',
  validity: 'X-Amzn-Mtls-Clientcert-Validity',
  certificate: 'X-Amzn-Mtls-Clientcert-Leaf',
};

/**
 * An Application Load Balancer whose mutual TLS is `verify`: it ends the connection of a client whose certificate it does not accept, so no header says whether it did, and none comes
 * without a certificate.
 */
export const awsAlb: HeaderFormat = {
  format: 'aws-alb',
  names,
  repeatable: [],
  write({ certificates: [leaf] }) {
    if (!leaf) return [];
    const { serialNumber = '', issuer = '', subject = '', validity = '' } = textsOf(leaf);
    return [
      ['serialNumber', serialNumber],
      ['issuer', issuer],
      ['subject', subject],
      ['validity', validity],
      ['certificate', percentEncodedPem([leaf], awsUnescaped)],
    ];
  },
  parse(lines) {
    const { certificate: [encoded] = [] } = lines;
    if (encoded === undefined) return { certificates: [], fields: fieldTexts(lines) };
    const header = 'X-Amzn-Mtls-Clientcert-Leaf';
    const [leaf, ...more] = certificatesOfAws(header, encoded);
    if (!leaf || more.length > 0) throw malformed(header, `it holds ${more.length + 1} certificates`);
    const expected = readCertificateIn(header, () => textsOf(leaf));
    requireAgreement(names, lines, { expected: { ...expected, ...namesAsGiven(expected, lines) }, hasCertificate: true });
    return { certificates: [leaf], fields: fieldTexts(lines) };
  },
};

function textsOf(leaf: Uint8Array): FieldTexts {
  const { subject, issuer } = certificateOctets(leaf);
  const { serialNumber, notBefore, notAfter } = inspectChain([leaf]);
  return {
    serialNumber,
    issuer: rfc2253Name(issuer, { beyondAscii: 'escaped' }),
    subject: rfc2253Name(subject, { beyondAscii: 'escaped' }),
    validity: `NotBefore=${isoTime(notBefore)};NotAfter=${isoTime(notAfter)}`,
  };
}

/** Without fractions of a second, which certificates do not have. */
function isoTime(time: Date): string {
  return time.toISOString().replace('.000', '');
}
