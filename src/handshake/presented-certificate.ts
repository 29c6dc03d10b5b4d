import { inspectChain, type PeerCertificate } from '../x509/inspect-certificate.ts';

/** What a peer presented, as far as it can be read: a chain ends before its first unreadable certificate, and an unreadable leaf gives nothing. */
export function readableCertificate(chain: readonly Uint8Array[]): PeerCertificate | undefined {
  const broken = chain.findIndex((certificate) => !isReadable(certificate));
  const readable = broken < 0 ? chain : chain.slice(0, broken);
  return readable.length === 0 ? undefined : inspectChain(readable);
}

function isReadable(certificate: Uint8Array): boolean {
  try {
    inspectChain([certificate]);
    return true;
  } catch {
    return false; // presented on purpose, or by a hostile peer: a record must not throw for it
  }
}
