import { maskFor } from '../handshake/explain/masked.ts';
import { type Handshake, isHandshake } from '../handshake/verdict/handshake.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';

/** A serializer as `expect.addSnapshotSerializer` of Vitest and Jest takes it. */
export interface SnapshotSerializer {
  test(value: unknown): boolean;
  serialize<Config>(
    value: unknown,
    config: Config,
    indentation: string,
    depth: number,
    refs: unknown[],
    printer: (value: unknown, config: Config, indentation: string, depth: number, refs: unknown[]) => string,
  ): string;
}

/** Writes a `Handshake` to a snapshot: its facts as `toJSON({ masked: true })`, and of each certificate what it was minted to be, so that two runs write the same. */
export const snapshotSerializer: SnapshotSerializer = {
  test: isHandshake,
  serialize(value, config, indentation, depth, refs, printer) {
    const facts = isHandshake(value) ? shortFacts(value) : value;
    return `Handshake ${printer(facts, config, indentation, depth, refs)}`;
  },
};

/** A certificate has sixty lines as JSON. */
function shortFacts(handshake: Handshake): object {
  const mask = maskFor(handshake);
  const { clientCertificate, serverCertificate } = handshake;
  return {
    ...handshake.toJSON({ masked: true }),
    ...(clientCertificate && { clientCertificate: shortCertificate(clientCertificate, mask) }),
    ...(serverCertificate && { serverCertificate: shortCertificate(serverCertificate, mask) }),
  };
}

function shortCertificate(
  { subject, issuer, altNames, keyUsage, extendedKeyUsage, isAuthority, keyAlgorithm, chain }: PeerCertificate,
  mask: (text: string) => string,
): object {
  const names = Object.values(altNames).flat().map(String);
  return {
    subject: mask(subject.text),
    ...(names.length > 0 && { altNames: names.map(mask).join(' ') }),
    usage: [...(keyUsage ?? ['any key usage']), ...(extendedKeyUsage ?? ['any purpose'])].join(' '),
    ...(isAuthority && { isAuthority }),
    keyAlgorithm,
    issuers: [issuer.text, ...chain.map((link) => link.issuer.text)].map(mask),
  };
}
