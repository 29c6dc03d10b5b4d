import type tls from 'node:tls';
import { chainOf } from '../x509/inspect-certificate.ts';

/**
 * What a server presented to a client: DER, the leaf first. By `getPeerX509Certificate`, which takes a quarter of the time, but not on Node 22 and 24: on
 * a client there it makes every later `getPeerCertificate` empty, Node's own check of the host name included (measured on 22.23 and 24.21; 26.10 is free of it).
 */
export function presentedChain(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  if (isFree) {
    const leaf = tlsSocket.getPeerX509Certificate();
    return leaf && chainOf(leaf);
  }
  const chain: Buffer[] = [];
  for (let next: Partial<tls.DetailedPeerCertificate> = tlsSocket.getPeerCertificate(true); next.raw; next = next.issuerCertificate ?? {}) {
    if (chain.at(-1)?.equals(next.raw) === true) break; // a root is its own issuer
    chain.push(next.raw);
  }
  return chain.length === 0 ? undefined : chain;
}

const isFree = Number.parseInt(process.versions.node, 10) >= 26;
