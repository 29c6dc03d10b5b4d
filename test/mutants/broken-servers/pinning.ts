import type { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import type { ServerConfiguration, StartedServer } from '../../../src/scenarios/run/target.ts';
import { mutualTls, reachable, tlsServer } from '../correct-servers.ts';
import { certificatesIn, chainOf } from '../deciding-servers.ts';
import type { HandshakeServer, Mutant } from '../mutant.ts';

/** Servers that take a certificate for one that they trust, or a chain for one that leads to it, by too little. */
export const brokenPinning: readonly Mutant<HandshakeServer>[] = [
  {
    name: 'tls: a trusted leaf by serial number and key identifier',
    mistake: 'It knows a client whose certificate it has by the serial number and the issuer, and not by the key (as CVE-2024-2048).',
    isNarrow: true,
    caughtBy: ['pinned-leaf-same-serial-and-aki'],
    start: trusting(([leaf], trusted) =>
      trusted.some((known) => !known.ca && known.serialNumber === leaf?.serialNumber && known.issuer === leaf.issuer),
    ),
  },
  {
    name: 'tls: a trusted leaf by its key',
    mistake: 'It knows a client whose certificate it has by the key, and takes the name from what is presented (as CVE-2025-6037).',
    isNarrow: true,
    caughtBy: ['pinned-leaf-same-key-other-cn'],
    start: trusting(([leaf], trusted) =>
      trusted.some((known) => !known.ca && leaf !== undefined && known.publicKey.equals(leaf.publicKey)),
    ),
  },
  {
    name: 'tls: an anchor by its fields',
    mistake: 'It knows its anchors by name and serial number in what is sent, and not by the key (as CVE-2026-93302).',
    isNarrow: true,
    readsChain: true,
    caughtBy: ['anchor-clone-other-key'],
    start: trusting((chain, trusted) => {
      const top = chain.at(-1);
      return isSigned(chain) && trusted.some(({ subject, serialNumber }) => subject === top?.subject && serialNumber === top.serialNumber);
    }),
  },
  {
    name: 'tls: what is sent as anchors',
    mistake: 'It puts the CAs that a client sends into the store that has its anchors (as CVE-2026-11310).',
    isNarrow: true,
    readsChain: true,
    caughtBy: ['untrusted-intermediate-as-anchor', 'unknown-ca'],
    start: trusting((chain) => chain.length > 1 && isSigned(chain)),
  },
  {
    name: 'tls: the depth exhausted',
    mistake: 'It follows a hundred links of a chain, and returns whether the last was right (as CVE-2026-11999).',
    isNarrow: true,
    readsChain: true,
    caughtBy: ['chain-depth-105-unknown-ca'],
    start: trusting((chain) => chain.length > mostLinks && isSigned(chain.slice(0, mostLinks))),
  },
  {
    name: 'tls: excluded names compared with case where there is a wildcard',
    mistake: 'It does not apply a constraint in capitals to a wildcard in small letters (as CVE-2026-33810).',
    isNarrow: true,
    readsChain: true,
    caughtBy: ['nc-excluded-wildcard-case-variant'],
    start: trusting((chain, trusted) => isSigned([...chain, ...trusted]) && chain[0]?.subjectAltName?.startsWith('DNS:*.') === true),
  },
  {
    name: 'tls: the zone of an address taken for its domain',
    mistake:
      'It compares the end of the host of a URI with the permitted domain, and does not ask whether it is an address (as CVE-2024-45341).',
    isNarrow: true,
    readsChain: true,
    caughtBy: ['nc-uri-ipv6-zone'],
    start: trusting(
      (chain, trusted) =>
        isSigned([...chain, ...trusted]) && /URI:http:\/\/\[[^\]]*\.example\.test\]/u.test(chain[0]?.subjectAltName ?? ''),
    ),
  },
  {
    name: 'tls: the first distribution point',
    mistake: 'It looks for a CRL of the first distribution point of a certificate, and ignores those of others (as RUSTSEC-2026-0049).',
    isNarrow: true,
    caughtBy: ['crl-second-distribution-point'],
    start: ({ crl = [], ...configuration }) => {
      const known = crl.filter((list) => !Buffer.from(list.replaceAll(/-----[^-]+-----|\s/gu, ''), 'base64').includes('/second'));
      return tlsServer({ ...mutualTls(configuration), ...(known.length === crl.length && known.length > 0 && { crl: known }) });
    },
  },
];

/** A server that lets in what TLS has verified, and by mistake what `takes` takes. */
function trusting(
  takes: (chain: readonly X509Certificate[], trusted: readonly X509Certificate[]) => boolean,
): (configuration: ServerConfiguration) => Promise<StartedServer> {
  return (configuration) =>
    reachable(
      tls.createServer({ ...mutualTls(configuration), rejectUnauthorized: false }, (socket) => {
        socket.on('error', () => {});
        if (socket.authorized || takes(chainOf(socket), certificatesIn(configuration.trust))) socket.pipe(socket);
        else socket.destroy();
      }),
    );
}

/** Whether each certificate is signed by the next. */
function isSigned(chain: readonly X509Certificate[]): boolean {
  return chain.slice(0, -1).every((certificate, index) => {
    const issuer = chain[index + 1];
    return issuer !== undefined && certificate.verify(issuer.publicKey);
  });
}

const mostLinks = 100;
