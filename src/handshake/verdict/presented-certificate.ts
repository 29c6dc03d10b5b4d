import { inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';

/** What a peer presented, read: a chain ends before its first certificate that is none at all, and one whose leaf is none gives nothing. */
export function readableCertificate(chain: readonly Uint8Array[]): PeerCertificate | undefined {
  const readable = readableStart(chain);
  return readable.length === 0 ? undefined : inspectChain(readable);
}

/** A chain up to its first certificate that cannot be read at all. */
export function readableStart(chain: readonly Uint8Array[]): readonly Uint8Array[] {
  const broken = chain.findIndex((certificate) => !isReadable(certificate));
  return broken < 0 ? chain : chain.slice(0, broken);
}

function isReadable(certificate: Uint8Array): boolean {
  try {
    inspectChain([certificate]);
    return true;
  } catch {
    return false; // presented on purpose, or by a hostile peer: a record must not throw for it
  }
}
