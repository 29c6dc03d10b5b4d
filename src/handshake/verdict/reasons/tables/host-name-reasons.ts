import { isIpAddress } from '../../../../net/addresses.ts';
import type { PeerCertificate } from '../../../../x509/inspect-certificate.ts';
import { cut } from '../../fitted-text.ts';
import { namesOf } from './name-reasons.ts';
import type { ReasonRow, Rows } from '../reason-row.ts';
import type { Refusal } from '../refusal.ts';
import { leafOf, listed, quoted } from '../wording.ts';

/** Reasons of Node's own check of the host name (`tls.checkServerIdentity`), which goes before any of the caller's. */
export const hostNameReasons = {
  ERR_TLS_CERT_ALTNAME_INVALID: {
    faults: (refusal) => {
      const [leaf] = refusal.chain;
      return leaf ? [{ certificate: leaf, mark: `does not name ${cut(askedName(refusal) ?? 'the host', 60)}` }] : [];
    },
    next: (refusal) => {
      const [leaf] = refusal.chain;
      const asked = askedName(refusal);
      if (!leaf || asked === undefined)
        return `${leafOf(refusal)} does not have the name that the client asked for: pass servername, or issue it for that name`;
      return `the client asked for ${quoted(asked)}, and ${leafOf(refusal)} ${difference(leaf, asked)}`;
    },
  },
  ERR_TLS_CERT_ALTNAME_FORMAT: {
    next: (refusal) =>
      `the alternative names of ${leafOf(refusal)} are in a form that Node does not read, such as one with a quotation mark: issue it with plain host names`,
  },
} as const satisfies Rows<ReasonRow>;

/** The name that the client asked for and verified: by its settings where they are known, or by SNI. */
function askedName({ contexts, handshake }: Refusal): string | undefined {
  const given = [contexts.client?.servername, contexts.client?.host].find((name) => typeof name === 'string' && name !== '');
  return typeof given === 'string' ? given : handshake.servername;
}

/** What the certificate has instead, and what to do. */
function difference(leaf: PeerCertificate, asked: string): string {
  const { dns, ip } = leaf.altNames;
  const names = namesOf(leaf);
  const issue = isIpAddress(asked) ? `issue it with ip: ["${cut(asked, 60)}"]` : `issue it with dns: ["${cut(asked, 60)}"]`;
  if (isIpAddress(asked)) {
    const asText = dns.includes(asked) ? `has that address as a DNS name (dNSName), not as an IP address (iPAddress)` : undefined;
    const others =
      ip.length > 0
        ? `has the IP addresses ${listed(ip)}`
        : `has no IP address among its names${names.length > 0 ? ` (${listed(names)})` : ''}`;
    return `${asText ?? others}: ${issue}, or pass servername with a name that it has`;
  }
  if (names.length === 0)
    return `has no subjectAltName, ${leaf.commonName === undefined ? 'and no common name' : `only the common name ${quoted(leaf.commonName)}`}: ${issue}`;
  if (dns.length === 0) return `has no DNS name, only ${listed(names)}: ${issue}`;
  const wildcard = dns.find((name) => name.includes('*') && isNear(name, asked));
  if (wildcard !== undefined)
    return `has the wildcard ${quoted(wildcard)}, which stands for one whole label on the left, with two labels behind it (Node's rule; RFC 9525 6.3): ${issue}`;
  return `has only the names ${listed(names.map((name) => (name === '' ? 'an empty name' : name)))}: pass servername with one of them, or ${issue}`;
}

/** A wildcard that could be thought to match: the part behind the star ends the name, or is the name. */
function isNear(wildcard: string, asked: string): boolean {
  const rest = wildcard.slice(wildcard.lastIndexOf('*') + 1).toLowerCase();
  return `.${asked.toLowerCase()}`.endsWith(rest) || rest.replace(/^\./u, '') === '';
}
