import { awsUnescaped, certificatesOfAws } from '../encodings/aws-pem.ts';
import { percentEncodedPem } from '../encodings/percent-encoded-pem.ts';
import type { HeaderFormat } from '../format.ts';

/** An Application Load Balancer whose mutual TLS is `passthrough`: the chain as the client sent it, which nothing verified. No header for a client without certificate. */
export const awsAlbPassthrough: HeaderFormat = {
  format: 'aws-alb-passthrough',
  names: { certificate: 'X-Amzn-Mtls-Clientcert' },
  repeatable: [],
  write: ({ certificates }) => (certificates.length > 0 ? [['certificate', percentEncodedPem(certificates, awsUnescaped)]] : []),
  parse({ certificate: [chain] = [] }) {
    return { certificates: chain === undefined ? [] : certificatesOfAws('X-Amzn-Mtls-Clientcert', chain), fields: {} };
  },
};
