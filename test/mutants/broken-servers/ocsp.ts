import { verify, type X509Certificate } from 'node:crypto';
import type { ApplicationServer, HandshakeServer, Mutant } from '../mutant.ts';
import type { OcspResponseParts } from '../ocsp-client.ts';
import { ocspServer, ocspTlsServer } from '../ocsp-servers.ts';

/** Servers that ask the OCSP responder of their clients, and do not make sure of the answer. */
export const brokenOcsp: readonly Mutant<ApplicationServer | HandshakeServer>[] = [
  {
    ...mutant('any status'),
    mistake: 'It wants a valid response, and does not look at the status in it.',
    caughtBy: ['ocsp-client-revoked', 'ocsp-client-unknown'],
    ...ocspServer({ lets: async (status) => (await status().catch(() => '')) !== '' }),
  },
  {
    ...mutant('does not wait'),
    mistake: 'It asks, logs what it learns, and serves the request meanwhile.',
    caughtBy: ['ocsp-client-revoked', 'ocsp-client-responder-down'],
    ...ocspServer({
      lets: async (status) => {
        void status().catch(() => '');
        return true;
      },
    }),
  },
  {
    ...mutant('goes on', 'tls'),
    mistake: 'It asks when the handshake is over, and goes on whatever the answer is, as the stream module of nginx did.',
    caughtBy: ['ocsp-client-revoked'],
    ...ocspTlsServer({ ends: false }),
  },
  {
    ...mutant('no signature'),
    mistake: 'It does not verify the signature of the response.',
    caughtBy: ['ocsp-client-forged', 'ocsp-client-wrong-issuer'],
    ...ocspServer({ isSigned: () => true }),
  },
  {
    ...mutant('the certificate in the response'),
    mistake: 'It verifies the signature by whatever certificate the response brings along.',
    caughtBy: ['ocsp-client-forged', 'ocsp-client-wrong-issuer'],
    ...ocspServer({ isSigned: (response, { issuer }) => signers(response, issuer).some((signer) => hasSigned(signer, response)) }),
  },
  {
    ...mutant('any CA of the same root'),
    mistake: 'It takes the response of any CA that the root has issued, without asking whether it may answer for this one.',
    caughtBy: ['ocsp-client-wrong-issuer'],
    ...ocspServer({
      isSigned: (response, { issuer }) =>
        signers(response, issuer).some(
          (signer) => signer.issuer === issuer.issuer && isSibling(signer, issuer) && hasSigned(signer, response),
        ),
    }),
  },
  {
    ...mutant('no dates'),
    mistake: 'It does not look at nextUpdate.',
    caughtBy: ['ocsp-client-stale'],
    ...ocspServer({ method: 'GET', isCurrent: ({ thisUpdate }) => thisUpdate <= Date.now() }),
  },
  {
    ...mutant('fails softly'),
    mistake: 'It lets clients in whose responder does not answer.',
    caughtBy: ['ocsp-client-responder-down'],
    ...ocspServer({ method: 'GET', lets: async (status) => ['good', 'Error: HTTP 503'].includes(await outcomeOf(status)) }),
  },
  {
    ...mutant('unless revoked'),
    mistake: 'It refuses whoever is revoked, and lets in whoever the responder does not know.',
    caughtBy: ['ocsp-client-unknown'],
    ...ocspServer({ lets: async (status) => ['good', 'unknown'].includes(await outcomeOf(status)) }),
  },
  {
    ...mutant('unless known to be revoked'),
    mistake: 'It takes every response that it cannot use for none, and every client without one for good.',
    caughtBy: ['ocsp-client-stale', 'ocsp-client-forged', 'ocsp-client-other-certificate', 'ocsp-client-responder-down'],
    ...ocspServer({ lets: async (status) => (await outcomeOf(status)) !== 'revoked' }),
  },
  {
    ...mutant('any certificate'),
    mistake: 'It does not compare the certificate in the response with the one that it asked about.',
    caughtBy: ['ocsp-client-other-certificate'],
    ...ocspServer({ isAbout: () => true }),
  },
];

function mutant(name: string, server: 'https' | 'tls' = 'https'): Pick<Mutant<object>, 'name' | 'isNarrow' | 'readsChain'> {
  return { name: `${server} with OCSP: ${name}`, isNarrow: true, readsChain: true };
}

async function outcomeOf(status: () => Promise<string>): Promise<string> {
  return status().catch(String);
}

function signers({ certificates }: OcspResponseParts, issuer: X509Certificate): readonly X509Certificate[] {
  return certificates.length > 0 ? certificates : [issuer];
}

/** Whether both have one authorityKeyIdentifier: the key of the root. */
function isSibling(signer: X509Certificate, issuer: X509Certificate): boolean {
  const keyOfRoot = (certificate: X509Certificate): string | undefined => authorityKey.exec(certificate.raw.toString('hex'))?.[1];
  return keyOfRoot(signer) === keyOfRoot(issuer);
}

function hasSigned({ publicKey }: X509Certificate, { signedPart, signature }: OcspResponseParts): boolean {
  return verify('sha256', signedPart, publicKey, signature);
}

/** The identifier 2.5.29.35, and the 20 octets of the key identifier in it. */
const authorityKey = /0603551d23041830168014([0-9a-f]{40})/u;
