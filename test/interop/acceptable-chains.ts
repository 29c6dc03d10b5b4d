import { type Authority, createPki, type Identity, type KeyAlgorithm } from '../../src/index.ts';
import type { ChainCase } from './chain-judges.ts';

/** A case by name, with the algorithms of the keys that signed its certificates. */
export interface NamedChain extends ChainCase {
  readonly name: string;
  readonly issuers: readonly KeyAlgorithm[];
}

const everyDepth = [0, 1, 2, 3] as const;

/** Every key algorithm but ML-DSA; RSA keys of 4096 bits take a second each, so they are at one depth. */
const depthsByAlgorithm: readonly (readonly [KeyAlgorithm, readonly (0 | 1 | 2 | 3)[]])[] = [
  ['ec-p256', everyDepth],
  ['ec-p384', everyDepth],
  ['ec-p521', everyDepth],
  ['ed25519', everyDepth],
  ['rsa-2048', everyDepth],
  ['rsa-3072', everyDepth],
  ['rsa-4096', [0]],
  ['rsa-pss-2048', everyDepth],
];

/** From the root down to the leaf. */
const mixtures: readonly (readonly [KeyAlgorithm, ...KeyAlgorithm[]])[] = [
  ['rsa-2048', 'ec-p384', 'ed25519'],
  ['ed25519', 'rsa-2048', 'ec-p256'],
  ['ec-p256', 'ed25519', 'rsa-pss-2048'],
  ['ec-p521', 'rsa-pss-2048', 'rsa-2048'],
];

const below = ['the root', 'one intermediate', 'two intermediates', 'three intermediates'] as const;

/** Chains without a fault, as servers and as clients: of one algorithm at each depth, and of several. */
export const acceptableChains: readonly NamedChain[] = [
  ...depthsByAlgorithm.flatMap(([algorithm, depths]) => depths.flatMap((depth) => uniform(algorithm, depth))),
  ...mixtures.flatMap((algorithms) => mixed(algorithms)),
  withPathLengths(),
  ...withUnusualSubjects(),
];

export function namedChain(
  name: string,
  role: ChainCase['role'],
  { chainPem, keyPem, anchors }: Identity,
  issuers: readonly KeyAlgorithm[],
): NamedChain {
  return { name, role, chainPem, keyPem, anchors, issuers };
}

function uniform(algorithm: KeyAlgorithm, depth: 0 | 1 | 2 | 3): NamedChain[] {
  const pki = createPki({ keyAlgorithm: algorithm, intermediates: depth });
  const chain = `of ${algorithm} below ${below[depth]}`;
  return [
    namedChain(`a server ${chain}`, 'server', pki.server(), [algorithm]),
    namedChain(`a client ${chain}`, 'client', pki.client(), [algorithm]),
  ];
}

function withPathLengths(): NamedChain {
  const upper = createPki({ intermediates: 0 }).root.issueAuthority({ pathLength: 1 });
  const lower = upper.issueAuthority({ pathLength: 0 });
  return namedChain('a server below path lengths of 1 and 0', 'server', lower.issue({ dns: 'localhost' }), ['ec-p256']);
}

/** What RFC 5280 allows for a subject at its limits. */
function withUnusualSubjects(): NamedChain[] {
  const pki = createPki({ name: 'x'.repeat(53) });
  const dns = `${'a'.repeat(60)}.long.test`;
  const server = (name: string, host: string, options: object): NamedChain => ({
    ...namedChain(`a server ${name}`, 'server', pki.server({ dns: host, ...options }), ['ec-p256']),
    host,
  });
  return [
    server('without a common name, for its host name has 70 characters', dns, {}),
    server('of an empty subject', 'a.test', { subject: {} }),
    server('of a common name of 64 characters', 'a.test', { commonName: 'x'.repeat(64) }),
    { ...server('of an international name', 'bücher.example', {}), host: 'xn--bcher-kva.example' },
    namedChain('a client of a common name of 64 characters', 'client', pki.client('ü'.repeat(64)), ['ec-p256']),
  ];
}

function mixed([root, ...others]: readonly [KeyAlgorithm, ...KeyAlgorithm[]]): NamedChain[] {
  const [leaf, ...intermediates] = others.toReversed();
  let issuer: Authority = createPki({ keyAlgorithm: root, intermediates: 0 }).root;
  for (const keyAlgorithm of intermediates.toReversed()) issuer = issuer.issueAuthority({ keyAlgorithm });
  const issue = (purpose: string): Identity =>
    issuer.issue({ ...(leaf && { keyAlgorithm: leaf }), dns: 'localhost', extendedKeyUsage: [purpose] });

  const chain = `whose chain is of ${[root, ...others].join(', ')}`;
  const issuers = [root, ...intermediates];
  return [
    namedChain(`a server ${chain}`, 'server', issue('serverAuth'), issuers),
    namedChain(`a client ${chain}`, 'client', issue('clientAuth'), issuers),
  ];
}
