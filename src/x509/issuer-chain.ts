import type { X509Certificate } from 'node:crypto';

/** DER of a certificate and of the issuers that Node knows, nearest first. */
export function chainOf(certificate: X509Certificate): Buffer[] {
  const chain: Buffer[] = [];
  for (let next: X509Certificate | undefined = certificate; next && chain.length < longestChain; next = next.issuerCertificate) {
    const previous = chain.at(-1);
    if (previous && Buffer.compare(previous, next.raw) === 0) break; // a root is its own issuer
    chain.push(next.raw);
  }
  return chain;
}

const longestChain = 32;
