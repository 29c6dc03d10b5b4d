import { byteSequence, certificateOfByteSequence } from '../encodings/byte-sequence.ts';
import type { HeaderFormat } from '../format.ts';
import { malformed } from '../malformed.ts';

/** RFC 9440: `Client-Cert` with the leaf, `Client-Cert-Chain` with the rest in the order of TLS. Neither for a client without certificate; nothing says whether it was verified. */
export const rfc9440: HeaderFormat = {
  format: 'rfc9440',
  names: { certificate: 'Client-Cert', chain: 'Client-Cert-Chain' },
  repeatable: ['chain'], // a List may be split over lines (RFC 8941 4.2)
  write({ certificates: [leaf, ...issuers], chain }) {
    if (!leaf) return [];
    const list = issuers.map(byteSequence).join(', ');
    return [['certificate', byteSequence(leaf)], ...(chain && list !== '' ? [['chain', list] as const] : [])];
  },
  parse({ certificate: [leaf] = [], chain = [] }) {
    if (leaf === undefined && chain.length > 0) throw malformed('Client-Cert-Chain', 'it came without Client-Cert (RFC 9440 2.3)');
    if (leaf === undefined) return { certificates: [], fields: {} };
    const issuers = chain.flatMap((line) => line.split(',')).map((item) => certificateOfByteSequence('Client-Cert-Chain', item));
    return { certificates: [certificateOfByteSequence('Client-Cert', leaf), ...issuers], fields: {} };
  },
};
