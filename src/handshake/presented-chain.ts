import type tls from 'node:tls';

/**
 * What a server presented to a client: DER, the leaf first. Not by `getPeerX509Certificate`: on a client of Node 22 and 24 it makes every later `getPeerCertificate`
 * empty, Node's own check of the host name included (measured on 22.23 and 24.21; 26.10 is free of it).
 */
export function presentedChain(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  const chain: Buffer[] = [];
  for (let next: Partial<tls.DetailedPeerCertificate> = tlsSocket.getPeerCertificate(true); next.raw; next = next.issuerCertificate ?? {}) {
    if (chain.at(-1)?.equals(next.raw) === true) break; // a root is its own issuer
    chain.push(next.raw);
  }
  return chain.length === 0 ? undefined : chain;
}
