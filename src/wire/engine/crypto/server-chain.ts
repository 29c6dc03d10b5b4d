import { X509Certificate } from 'node:crypto';
import { realNow } from '../../../clock/real-clock.ts';
import type { ClientOptions } from '../peer-options.ts';
import type { PeerState } from '../peer-state.ts';

/** Requires a path from the server's certificate to an anchor of `trust`, where that is given: signatures and validity, as a test peer needs them. */
export function checkServerChain({ channel }: PeerState, certificates: readonly Uint8Array[], { trust }: ClientOptions): void {
  if (!trust) return;
  const chain = parsed(certificates);
  const anchors = parsed(trust);
  if (!chain || !anchors) return channel.fail('a certificate of the server cannot be read', 'bad_certificate');
  const path = pathOf(chain, anchors);
  channel.require('server-chain', path !== undefined, 'the certificate of the server leads to no trust anchor', 'unknown_ca');
  const now = realNow();
  const isValid = path?.every(({ validFrom, validTo }) => Date.parse(validFrom) <= now && now <= Date.parse(validTo)) !== false;
  channel.require('server-chain', isValid, 'a certificate of the server is not valid now', 'certificate_expired');
}

/** The certificates from the leaf to the one that an anchor issued; undefined where there is no such path. */
function pathOf([leaf, ...others]: readonly X509Certificate[], anchors: readonly X509Certificate[]): X509Certificate[] | undefined {
  const path = leaf ? [leaf] : [];
  for (let current = leaf; current && path.length <= others.length + 1;) {
    const certificate = current;
    if (anchors.some((anchor) => anchor.fingerprint256 === certificate.fingerprint256 || isIssuer(anchor, certificate))) return path;
    current = others.find((candidate) => isIssuer(candidate, certificate));
    if (current) path.push(current);
  }
  return undefined;
}

function isIssuer(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function parsed(certificates: readonly Uint8Array[]): X509Certificate[] | undefined {
  try {
    return certificates.map((certificate) => new X509Certificate(certificate));
  } catch {
    return undefined;
  }
}
