import { createPrivateKey } from 'node:crypto';
import { decodePem, encodePem } from '../../src/asn1/pem.ts';
import { createPki, type Identity, type LeafOptions } from '../../src/index.ts';
import { Authority } from '../../src/pki/authority.ts';
import { acceptableChains, type NamedChain, namedChain } from './acceptable-chains.ts';
import type { ChainCase, ChainJudge } from './chain-judges.ts';

/** A case that is to be refused, and how each judge puts it. */
export interface RefusableChain extends NamedChain {
  readonly fault: Fault;
}

type Fault = keyof typeof reasons;

/** How each judge says what is wrong. */
export const reasons = {
  signature: {
    openssl: 'certificate signature failure',
    certtool: 'The signature in the certificate is invalid',
    go: 'verification (failure|error)',
    java: 'signature check failed',
    python3: 'certificate signature failure',
  },
  unknownIssuer: {
    openssl: 'unable to get local issuer certificate',
    certtool: 'The certificate issuer is unknown',
    go: 'certificate signed by unknown authority',
    java: 'does not chain with any of the trust anchors',
    python3: 'unable to get local issuer certificate',
  },
  expired: {
    openssl: 'certificate has expired',
    certtool: 'uses expired certificate',
    go: 'certificate has expired or is not yet valid: .* is after',
    java: 'validity check failed',
    python3: 'certificate has expired',
  },
  notYetValid: {
    openssl: 'certificate is not yet valid',
    certtool: 'uses not yet valid certificate',
    go: 'certificate has expired or is not yet valid: .* is before',
    java: 'validity check failed',
    python3: 'certificate is not yet valid',
  },
  purpose: {
    openssl: 'unsuitable certificate purpose',
    certtool: 'does not match the intended purpose',
    go: 'incompatible key usage',
    java: 'purpose: not for a (server|client)',
    python3: 'unsuitable certificate purpose',
  },
  pathLength: {
    openssl: 'path length constraint exceeded',
    certtool: "violates the signer's constraints",
    go: 'too many intermediates for path length constraint',
    java: 'pathLenConstraint violated',
    python3: 'path length constraint exceeded',
  },
  notAuthority: {
    openssl: 'invalid CA certificate',
    certtool: 'The certificate issuer is not a CA',
    go: 'parent certificate cannot sign this kind of certificate',
    java: 'CA key usage check failed',
    python3: 'invalid CA certificate',
  },
  hostName: {
    openssl: 'hostname mismatch',
    certtool: 'The name in the certificate does not match the expected',
    go: 'certificate is valid for localhost, not elsewhere.test',
    java: 'host name: not for elsewhere.test',
    python3: 'Hostname mismatch',
  },
} as const satisfies Record<string, Record<ChainJudge, string>>;

const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 3_600_000);
const pki = createPki();
const server = pki.server();
const exhausted = pki.root.issueAuthority({ pathLength: 0 });
const expiredIssuer = pki.root.issueAuthority({ notAfter: past });

/** Chains with one fault each: for every key algorithm a damaged signature, and the rest with P-256. */
export const refusableChains: readonly RefusableChain[] = [
  ...acceptableChains.filter(({ role, issuers }) => role === 'server' && issuers.length === 1).map((chain) => withDamagedSignature(chain)),
  refusable('a server of another PKI', 'unknownIssuer', server, { anchors: createPki().anchors }),
  refusable('a server of a PKI that has the same names', 'unknownIssuer', server, { anchors: createPki({ name: pki.name }).anchors }),
  refusable('a server without its intermediate', 'unknownIssuer', server, { chainPem: server.certificatePem }),
  refusable('a server that expired', 'expired', serverWith({ notAfter: past })),
  refusable('a server of an authority that expired', 'expired', expiredIssuer.issue({ dns: 'localhost', notAfter: future })),
  refusable('a server that is not valid yet', 'notYetValid', serverWith({ notBefore: future })),
  refusable('a server that is called by another name', 'hostName', server, { host: 'elsewhere.test' }),
  refusable('a server with the certificate of a client', 'purpose', serverWith({ extendedKeyUsage: ['clientAuth'] })),
  refusable(
    'a server below one CA more than a path length allows',
    'pathLength',
    unchecked(exhausted).issueAuthority().issue({ dns: 'localhost' }),
  ),
  refusable('a server that another server issued', 'notAuthority', unchecked(server).issue({ dns: 'localhost' })),
  refusable('a client with the certificate of a server', 'purpose', server, { role: 'client' }),
  refusable('a client of another PKI', 'unknownIssuer', pki.client(), { role: 'client', anchors: createPki().anchors }),
  refusable('a client that expired', 'expired', pki.client('late', { notAfter: past }), { role: 'client' }),
];

function refusable(name: string, fault: Fault, presented: Identity, changes: Partial<ChainCase> = {}): RefusableChain {
  return { ...namedChain(name, 'server', presented, ['ec-p256']), ...changes, fault };
}

/** What holds a key can sign with it, whatever its certificate says: this authority does not look at that. */
function unchecked(holder: Authority | Identity): Authority {
  const parent = holder instanceof Authority ? holder.parent : holder.authority;
  return new Authority({
    certificate: holder.certificate.raw,
    key: createPrivateKey(holder.keyPem),
    parent,
    defaults: { keyAlgorithm: 'ec-p256', validFor: 3_600_000 },
  });
}

function serverWith(options: LeafOptions): Identity {
  return pki.server({ dns: 'localhost', ...options });
}

/** The last bit of the leaf is the last of its signature. */
function withDamagedSignature(chain: NamedChain): RefusableChain {
  const [leaf = new Uint8Array(), ...issuers] = decodePem(chain.chainPem).map(({ der }) => der);
  const damaged = Uint8Array.from(leaf, (octet, index) => (index === leaf.length - 1 ? octet ^ 1 : octet));
  const chainPem = [damaged, ...issuers].map((der) => encodePem('CERTIFICATE', der)).join('');
  return { ...chain, name: `${chain.name} with one bit of its signature changed`, chainPem, fault: 'signature' };
}
