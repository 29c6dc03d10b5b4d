import { readDer } from '../../../src/asn1/der-reader.ts';
import { decodePem, encodePem } from '../../../src/asn1/pem.ts';
import { chainTree } from '../../../src/handshake/explain/chain-tree.ts';
import { anchorsPem, crlList } from '../../../src/handshake/server/trust.ts';
import { certificateFields } from '../../../src/x509/certificate-fields.ts';
import { inspectCertificate, inspectChain, type PeerCertificate } from '../../../src/x509/inspect-certificate.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { framesIn } from '../frames.ts';
import { require, unlessRefused } from '../refusals.ts';

/** The DER reader: every element of every level, asked for every kind of value. */
export function der(input: Uint8Array): void {
  const whole = unlessRefused(() => readDer(input, 'input'), 'DER_INVALID');
  for (const waiting = whole ? [whole] : []; waiting.length > 0;) {
    const element = waiting.pop();
    if (!element) break;
    require(element.bytes.length > element.content.length, 'an element is no longer than its content');
    for (const read of [() => element.integer, () => element.objectIdentifier, () => element.time, () => element.inner(1)])
      unlessRefused<unknown>(read, 'DER_INVALID');
    const text = unlessRefused(() => element.text, 'DER_INVALID') ?? '';
    const namedBits = unlessRefused(() => element.namedBits, 'DER_INVALID') ?? [];
    const truth = unlessRefused(() => element.boolean, 'DER_INVALID') ?? false;
    require(typeof text === 'string' && namedBits.length <= 64 && typeof truth === 'boolean', 'a value is odd');
    const children = unlessRefused(() => element.children, 'DER_INVALID') ?? [];
    const octets = children.reduce((sum, { bytes }) => sum + bytes.length, 0);
    require(children.length === 0 || octets === element.content.length, 'the children do not fill the element');
    waiting.push(...children);
  }
}

/** A certificate as bytes, DER or PEM: what `inspectCertificate` and the CLI's `inspect` are given. */
export function certificate(input: Uint8Array): void {
  const fields = unlessRefused(() => certificateFields(input), 'DER_INVALID');
  require(fields === undefined || fields.subject.length > 0, 'a subject has no octets');
  const peer = unlessRefused(() => inspectCertificate(input), 'DER_INVALID', 'PEM_INVALID');
  if (peer) requireSound(peer);
  const presented = unlessRefused(() => inspectChain([input]), 'DER_INVALID');
  require(presented === undefined || presented.fingerprint256.length === 95, 'what was presented has no fingerprint');
  require(presented?.unreadable === undefined || presented.unreadable.length > 0, 'what is unreadable has no name');
}

/** The same as text, and everything else that takes PEM of certificates. */
export function certificatePem(input: Uint8Array): void {
  const text = Buffer.from(input).toString('utf8');
  const blocks = unlessRefused(() => decodePem(text), 'PEM_INVALID') ?? [];
  for (const { label, der: bytes } of blocks) require(decodePem(encodePem(label, bytes)).length === 1, 'what is encoded is not decoded');
  unlessRefused(() => anchorsPem(text, () => 'the target'), 'TRUST_MISSING', 'PEM_INVALID');
  unlessRefused(() => crlList(text), 'PEM_INVALID');
  const peer = unlessRefused(() => inspectCertificate(text), 'DER_INVALID', 'PEM_INVALID');
  if (peer) requireSound(peer);
}

/** A chain that a peer presents, with anchors and CRLs: a frame each. It never throws. */
export function chain(input: Uint8Array): void {
  const frames = framesIn(input);
  const of = (kind: number): Uint8Array[] => frames.filter(({ flags }) => (flags & 3) === kind).map(({ bytes }) => bytes);
  const [anchors, crls] = [of(1), of(2)];
  const reason = nameVerifyFailure({ chain: of(0), crls, ...(anchors.length > 0 && { anchors }) });
  require(reason === undefined || /^[A-Z_]+$/u.test(reason), 'a reason is odd');
}

function requireSound(peer: PeerCertificate): void {
  require(inspectCertificate(peer.pem).fingerprint256 === peer.fingerprint256, 'the PEM is of another certificate');
  require(JSON.stringify(peer).length > 0, 'it is not JSON');
  const options = { faults: [{ certificate: peer, mark: 'expired' }], date: (value: Date) => value.toISOString() } as const;
  require(chainTree(peer, options).length <= 6, 'the chain is shown at length');
}
