import type tls from 'node:tls';
import type { EndReport } from '../../verdict/end-report.ts';

/** What the TLS engine of a server shows: DER, the leaf alone. */
export function ownChainOf(tlsSocket: tls.TLSSocket): EndReport['ownChain'] {
  const own = tlsSocket.getX509Certificate();
  return own && [shared(own.raw)];
}

/** One copy of what many connections show: the server's own certificate and the issuers. The last few are remembered. */
export function shared(der: Uint8Array): Uint8Array {
  const known = lastSeen.find((other) => Buffer.compare(other, der) === 0);
  if (known) return known;
  lastSeen.unshift(der);
  lastSeen.length = Math.min(lastSeen.length, 8);
  return der;
}

const lastSeen: Uint8Array[] = [];
