import type tls from 'node:tls';
import type { Capture, Side } from '../wire/capture.ts';
import { decodeHandshake } from '../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../wire/decode/decoded-message.ts';
import { recordsOf } from '../wire/tls-record.ts';
import { chainOf } from '../x509/inspect-certificate.ts';

/**
 * What the peer presented: DER, the leaf first. By `getPeerX509Certificate`, but not on Node 22 and 24: there it takes the chain from whoever asks
 * later, on a client Node's own check of the host name included, and `getPeerCertificate` adds the roots that this end trusts (measured on
 * 22.23 and 24.21; 26.10 is free of both). There the wire tells; and of a resumed session, in which no certificate is sent, the second API.
 */
export function presentedChain(
  tlsSocket: tls.TLSSocket,
  { peer, capture }: { readonly peer: Side; readonly capture: Capture },
): readonly Uint8Array[] | undefined {
  if (isFree) {
    const leaf = tlsSocket.getPeerX509Certificate();
    return leaf && chainOf(leaf);
  }
  const messages = decodeHandshake(recordsOf(capture.chunks), { keyLog: capture.secrets.keyLog });
  return sentChain(messages, peer) ?? chainWithoutRoot(tlsSocket);
}

/** What one side's Certificate message held: DER, the leaf first; undefined where none was sent, or it was empty. */
export function sentChain(messages: readonly DecodedMessage[], side: Side): readonly Uint8Array[] | undefined {
  const sent = messages.find((message) => message.type === 'certificate' && message.sentBy === side);
  return sent?.type === 'certificate' && sent.certificates.length > 0 ? sent.certificates.map(({ der }) => der) : undefined;
}

function chainWithoutRoot(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  const chain: Buffer[] = [];
  for (let next: Partial<tls.DetailedPeerCertificate> = tlsSocket.getPeerCertificate(true); next.raw; next = next.issuerCertificate ?? {}) {
    if (chain.at(-1)?.equals(next.raw) !== true) chain.push(next.raw);
    else return chain.length === 1 ? chain : chain.slice(0, -1); // a root is its own issuer
  }
  return chain.length === 0 ? undefined : chain;
}

const isFree = Number.parseInt(process.versions.node, 10) >= 26;
