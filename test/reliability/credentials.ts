import { type AttemptOptions, createPki, type Handshake, type Pki } from '../../src/index.ts';

/** A client and the verdict that it has to come to. */
export interface Case {
  readonly options: AttemptOptions;
  readonly expected: Pick<Handshake, 'verdict'> & Partial<Pick<Handshake, 'rejectedBy' | 'reason'>>;
}

/** Good and bad clients of both versions of TLS, each with a common name of its own, so that it is found again in the record: `commonName` is what the client presents. */
export function mixedCases(pki: Pki): (index: number) => Case & { readonly commonName: string | undefined } {
  const otherPki = createPki({ name: 'other' });
  const kinds: readonly ((commonName: string) => Case)[] = [
    (name) => ({ options: { identity: pki.client(name) }, expected: { verdict: 'accepted' } }),
    (name) => ({ options: { identity: pki.client(name, { notAfter: past }) }, expected: refused('CERT_HAS_EXPIRED') }),
    (name) => ({ options: { identity: pki.client(name) }, expected: { verdict: 'accepted' } }),
    (name) => ({
      options: { identity: otherPki.client(name).trusting(pki) },
      expected: refused('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    }),
    (name) => ({ options: { identity: pki.client(name, { extendedKeyUsage: ['serverAuth'] }) }, expected: refused('INVALID_PURPOSE') }),
    () => ({ options: { trust: pki }, expected: refused('PEER_DID_NOT_RETURN_A_CERTIFICATE') }),
    (name) => ({
      options: { identity: pki.client(name).trusting(otherPki) },
      expected: { verdict: 'rejected', rejectedBy: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    }),
  ];
  return (index) => {
    const version = index % 2 === 0 ? 'TLSv1.3' : 'TLSv1.2';
    const commonName = `client ${index}`;
    const kind = kinds[(index >> 1) % kinds.length];
    if (!kind) throw new RangeError(`no case ${index}`);
    const { options, expected } = kind(commonName);
    return {
      options: { ...options, minVersion: version, maxVersion: version },
      expected,
      // A TLS 1.3 client refuses a server before it presents its own certificate.
      commonName: 'identity' in options && !(expected.rejectedBy === 'client' && version === 'TLSv1.3') ? commonName : undefined,
    };
  };
}

function refused(reason: string): Case['expected'] {
  return { verdict: 'rejected', rejectedBy: 'server', reason };
}

const past = new Date(Date.now() - 60_000);
