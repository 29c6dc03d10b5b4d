import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { Side } from '../../wire/tap/capture.ts';
import { inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';

/** A chain as it is reported. */
export interface ChainRecord {
  /** Whether it was seen on the wire, in this order; otherwise it is what Node.js says of it. */
  readonly asSent: boolean;
  /** The end's own certificate first; empty where a client sent none. */
  readonly certificates: readonly (CertificateRecord | UnreadableCertificate)[];
}

/** The fields of a certificate, fit for JSON; without its key and its bytes. */
export interface CertificateRecord {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, each after its kind: `DNS:localhost`; at most 24 of them. */
  readonly names: readonly string[];
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  readonly isAuthority: boolean;
  readonly pathLength?: number;
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint256: string;
  /** Extensions that could not be read. */
  readonly unreadable?: readonly string[];
}

/** What was sent as a certificate and cannot be parsed. */
export interface UnreadableCertificate {
  /** How long it was. */
  readonly unreadableBytes: number;
}

/** The chain that one side presented; undefined where none was seen. */
export function chainRecord(handshake: Handshake, side: Side): ChainRecord | undefined {
  const sent = handshake.messages.findLast((message) => message.type === 'certificate' && message.sentBy === side);
  if (sent?.type === 'certificate')
    return { asSent: true, certificates: sent.certificates.slice(0, mostCertificates).map(({ der }) => readRecord(der)) };
  const presented = side === 'client' ? handshake.clientCertificate : handshake.serverCertificate;
  return presented && { asSent: false, certificates: [presented, ...presented.chain].slice(0, mostCertificates).map(certificateRecord) };
}

function readRecord(der: Uint8Array): CertificateRecord | UnreadableCertificate {
  try {
    return certificateRecord(inspectChain([der]));
  } catch {
    return { unreadableBytes: der.length }; // sent on purpose, or by a hostile peer
  }
}

function certificateRecord(certificate: PeerCertificate): CertificateRecord {
  const { subject, issuer, altNames, keyUsage, extendedKeyUsage, isAuthority, pathLength, notBefore, notAfter } = certificate;
  const { keyAlgorithm, signatureAlgorithm, serialNumber, fingerprint256, unreadable } = certificate;
  return {
    subject: shorten(subject.text),
    issuer: shorten(issuer.text),
    names: namesIn(altNames),
    ...(keyUsage && { keyUsage }),
    ...(extendedKeyUsage && { extendedKeyUsage: extendedKeyUsage.slice(0, mostNames) }),
    isAuthority,
    ...(pathLength !== undefined && { pathLength }),
    keyAlgorithm,
    signatureAlgorithm,
    serialNumber: shorten(serialNumber),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    fingerprint256,
    ...(unreadable && { unreadable }),
  };
}

function namesIn({ dns, ip, uri, email }: PeerCertificate['altNames']): string[] {
  const names = [
    ...dns.map((name) => `DNS:${name}`),
    ...ip.map((name) => `IP:${name}`),
    ...uri.map((name) => `URI:${name}`),
    ...email.map((name) => `email:${name}`),
  ].map(shorten);
  return names.length <= mostNames ? names : [...names.slice(0, mostNames - 1), `and ${names.length - mostNames + 1} more`];
}

function shorten(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}...`;
}

// A peer may send what it likes: a record stays small.
const mostCertificates = 12;
const mostNames = 24;
const longestText = 400;
