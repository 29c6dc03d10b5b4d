import type { PeerCertificate } from '../../../src/index.ts';
import { authorizes } from './correct-services.ts';
import type { SpiffeMutant } from './spiffe-subject.ts';
import { type Held, isAuthorized, type ServiceRules, serviceWith } from './workload-service.ts';

/** Services that take one workload for another. */
export const wrongIds: readonly SpiffeMutant[] = [
  mutant(
    'pools bundles',
    'It accepts an authorized id of whatever root is in some bundle.',
    ['workload-federated-ca-own-id', 'workload-federated-id-of-own-ca'],
    {
      accepts: ({ altNames: { uri } }, _held, ids) => uri.length === 1 && ids.includes(uri[0] ?? ''),
    },
  ),
  mutant('compares paths', 'It compares the path of the id alone.', ['workload-federated-same-path'], {
    accepts: comparing((id, known) => pathOf(id) === pathOf(known)),
  }),
  mutant('compares the end', 'It accepts ids that end with the path of the authorized one.', ['workload-id-suffix'], {
    accepts: comparing((id, known) => id.endsWith(pathOf(known))),
  }),
  mutant('compares the beginning', 'It accepts ids that begin with the authorized one.', ['workload-id-prefix', 'workload-id-longer'], {
    accepts: comparing((id, known) => id.startsWith(known)),
  }),
  mutant('compares the other way round', 'It accepts ids that the authorized one begins with.', ['workload-id-shorter'], {
    accepts: comparing((id, known) => known.startsWith(id)),
  }),
  mutant('ignores case', 'It compares ids without regard to case.', ['workload-id-other-case'], {
    accepts: comparing((id, known) => id.toLowerCase() === known.toLowerCase()),
  }),
  mutant('takes each member', 'It authorizes every workload of the trust domain.', ['workload-other-id', 'workload-rotated-other-id'], {
    accepts: comparing((id, known) => id.split('/')[2] === known.split('/')[2]),
  }),
  mutant('compares the trust domain as a prefix', 'It accepts trust domains that begin with its own.', ['workload-trust-domain-prefix'], {
    accepts: unchecked((id, known) => id.startsWith(known.slice(0, -pathOf(known).length)) && id.endsWith(pathOf(known))),
  }),
  mutant('resolves URLs', 'It compares ids as the URL parser resolves them.', ['workload-dot-segments'], {
    accepts: unchecked((id, known) => new URL(id).href === known),
  }),
  mutant(
    'compares host and path',
    'It compares host name and path of ids, which have no port, user, query or fragment then.',
    ['workload-with-port', 'workload-with-userinfo', 'workload-with-query', 'workload-with-fragment', 'workload-wrong-scheme'],
    { accepts: unchecked((id, known) => hostAndPath(id) === hostAndPath(known)) },
  ),
  mutant('decodes', 'It decodes percent-encoded ids.', ['workload-percent-encoded'], {
    accepts: unchecked((id, known) => decodeURIComponent(id) === known),
  }),
  mutant('trims slashes', 'It ignores a slash at the end.', ['workload-trailing-slash'], {
    accepts: unchecked((id, known) => id.replace(/\/$/u, '') === known),
  }),
  mutant('lowers the trust domain', 'It lowers the whole id before it compares.', ['workload-uppercase-trust-domain'], {
    accepts: unchecked((id, known) => id.toLowerCase() === known),
  }),
];

/** Services that read the id of another place than the only URI name of the leaf. */
export const wrongNames: readonly SpiffeMutant[] = [
  mutant('takes the first URI', 'It takes the first of several URI names.', ['workload-other-id-last', 'workload-https-uri-last'], {
    accepts: (peer, held, ids) => isAuthorized(withUris(peer, peer.altNames.uri.slice(0, 1)), held, ids),
  }),
  mutant('takes any URI', 'It accepts a certificate of which some URI name is authorized.', ['workload-other-id-first'], {
    accepts: (peer, held, ids) => peer.altNames.uri.some((uri) => isAuthorized(withUris(peer, [uri]), held, ids)),
  }),
  mutant(
    'takes the only SPIFFE URI',
    'It does not count URI names of other schemes.',
    ['workload-https-uri-first', 'workload-https-uri-last'],
    {
      accepts: (peer, held, ids) =>
        isAuthorized(
          withUris(
            peer,
            peer.altNames.uri.filter((uri) => uri.startsWith('spiffe:')),
          ),
          held,
          ids,
        ),
    },
  ),
  mutant('takes the common name', 'It takes the common name where there is no URI name.', ['workload-id-in-common-name'], {
    accepts: (peer, held, ids) => isAuthorized(peer.altNames.uri.length === 0 ? withUris(peer, [peer.commonName ?? '']) : peer, held, ids),
  }),
  mutant('takes the id of the CA', 'It takes the id of the certificate of the issuer.', ['workload-id-in-issuer'], {
    accepts: (peer, held, ids) =>
      isAuthorized(withUris(peer, [...peer.altNames.uri, ...(peer.chain[0]?.altNames.uri ?? [])].slice(0, 1)), held, ids),
  }),
  mutant(
    'takes CAs',
    'It does not look whether the leaf is a CA or may sign.',
    ['workload-ca-flag', 'workload-signing-certificate', 'workload-cert-sign', 'workload-crl-sign'],
    { accepts: (peer, held, ids) => isAuthorized({ ...peer, isAuthority: false, keyUsage: ['digitalSignature'] }, held, ids) },
  ),
];

/** By an own rule about the id, behind the rules of SPIFFE. */
function comparing(isSame: (id: string, known: string) => boolean): NonNullable<ServiceRules['accepts']> {
  return (peer, held, ids) => {
    const { uri } = peer.altNames;
    return ids.some((known) => isSame(uri[0] ?? '', known)) && isAuthorized(peer, held, uri);
  };
}

/** By an own rule about the id, which may not be one. */
function unchecked(isSame: (id: string, known: string) => boolean): NonNullable<ServiceRules['accepts']> {
  return ({ altNames: { uri } }: PeerCertificate, _held: Held, ids: readonly string[]) =>
    uri.length === 1 && ids.some((known) => isSame(uri[0] ?? '', known));
}

function withUris(peer: PeerCertificate, uri: readonly string[]): PeerCertificate {
  return { ...peer, altNames: { ...peer.altNames, uri } };
}

function hostAndPath(id: string): string {
  const { hostname, pathname } = new URL(id);
  return `${hostname}${pathname}`;
}

function pathOf(id: string): string {
  return id.slice(id.split('/').slice(0, 3).join('/').length);
}

function mutant(name: string, mistake: string, caughtBy: SpiffeMutant['caughtBy'], rules: ServiceRules): SpiffeMutant {
  return { name, mistake, caughtBy, source: { start: serviceWith(rules), authorizes } };
}
