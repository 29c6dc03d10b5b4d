import type { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { application } from '../application.ts';
import { nameOf } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { fromBase64, fromEscapedPem } from '../reading/encodings.ts';
import { lineOf, type RequestLines } from '../reading/header-lines.ts';
import { commonNameOf } from '../reading/names.ts';
import { authoritiesOf, isCurrent, isForClients, isSignedBy, leadsTo } from '../reading/verification.ts';

/** Applications whose proxy verifies nothing, and that do not verify enough. */
export const brokenChains: readonly ForwardedMutant[] = [
  {
    name: 'http: never verifies',
    mistake: 'It takes for verified what Azure App Service passes on.',
    format: 'azure-app-service',
    caughtBy: ['forwarded-certificate-of-other-ca', 'forwarded-certificate-self-signed'],
    start: () => application('http', (request) => appServiceNameOf(request, isCurrent)),
  },
  {
    name: 'http: knows clients by fingerprint',
    mistake: 'It verifies nothing, and says to each client the fingerprint of its certificate, which is never that of another.',
    format: 'azure-app-service',
    options: { identity: ({ body }) => (body === '' ? undefined : body) },
    caughtBy: ['forwarded-certificate-of-other-ca', 'forwarded-certificate-expired'],
    start: () =>
      createServer((request, response) => {
        const text = request.headers['x-arr-clientcert'];
        try {
          response.end(typeof text === 'string' ? fromBase64(text).fingerprint256 : undefined);
        } catch {
          response.writeHead(400).end();
        }
      }),
  },
  {
    name: 'express: dates are not compared',
    mistake: 'It verifies the signature, and not the dates.',
    format: 'azure-app-service',
    caughtBy: ['forwarded-certificate-expired', 'forwarded-certificate-not-yet-valid'],
    start({ pki }) {
      const authorities = authoritiesOf(pki);
      const isSigned = (leaf: X509Certificate): boolean => authorities.some((authority) => isSignedBy(leaf, authority));
      return application('express', (request) => appServiceNameOf(request, (leaf) => isForClients(leaf) && isSigned(leaf)));
    },
  },
  {
    name: 'koa: the name of the issuer',
    mistake: 'It compares the name of the issuer with those of its CAs, and verifies no signature.',
    format: 'azure-app-service',
    caughtBy: ['forwarded-certificate-of-impostor', 'forwarded-certificate-signature-forged'],
    start({ pki }) {
      const names = new Set(authoritiesOf(pki).map(({ subject }) => subject));
      return application('koa', (request) => appServiceNameOf(request, (leaf) => isCurrent(leaf) && names.has(leaf.issuer)));
    },
  },
  {
    name: 'fastify: serial number and issuer',
    mistake: 'It knows its user by the serial number and the name of the issuer, which are the same in a certificate of an impostor.',
    format: 'azure-app-service',
    caughtBy: ['forwarded-certificate-of-impostor'],
    start() {
      const known = new Set<string>(); // of the first it has seen
      return application('fastify', (request) =>
        appServiceNameOf(request, (leaf) => {
          const key = `${leaf.serialNumber} ${leaf.issuer}`;
          if (known.size === 0) known.add(key);
          return isCurrent(leaf) && known.has(key);
        }),
      );
    },
  },
  {
    name: 'fastify: any certificate of the chain',
    mistake: 'It requires that one of the certificates leads to its CA, and takes the name of the first.',
    format: 'aws-alb-passthrough',
    caughtBy: ['forwarded-certificate-signature-forged'],
    start({ pki }) {
      const authorities = authoritiesOf(pki);
      return application('fastify', (request) => {
        const chain = chainOfAlb(request);
        const isKnown = chain.some((certificate) => authorities.some((authority) => isSignedBy(certificate, authority)));
        return chain[0] && isKnown && isCurrent(chain[0]) && isForClients(chain[0]) ? nameOf(chain[0]) : undefined;
      });
    },
  },
  {
    name: 'http: whichever is not an authority',
    mistake: 'It looks for the client in the chain, and takes the first that is not a CA.',
    format: 'aws-alb-passthrough',
    caughtBy: ['forwarded-chain-swapped'],
    start({ pki }) {
      const authorities = authoritiesOf(pki);
      return application('http', (request) => {
        const chain = chainOfAlb(request);
        const leaf = chain.find(({ ca }) => !ca);
        return leaf && isForClients(leaf) && leadsTo(authorities, leaf, chain) ? nameOf(leaf) : undefined;
      });
    },
  },
  {
    name: 'express: a certificate for any use',
    mistake: 'It verifies the chain, and not what the certificate is for.',
    format: 'aws-alb-passthrough',
    caughtBy: ['forwarded-certificate-for-servers'],
    start({ pki }) {
      const authorities = authoritiesOf(pki);
      return application('express', (request) => {
        const [leaf, ...issuers] = chainOfAlb(request);
        return leaf && leadsTo(authorities, leaf, issuers) ? nameOf(leaf) : undefined;
      });
    },
  },
  {
    name: 'koa: a CA is a client too',
    mistake: 'It verifies chain and usage, and lets a CA in as a client.',
    format: 'aws-alb-passthrough',
    caughtBy: ['forwarded-certificate-of-ca'],
    start({ pki }) {
      const authorities = authoritiesOf(pki);
      return application('koa', (request) => {
        const [leaf, ...issuers] = chainOfAlb(request);
        return leaf && isForClients(leaf) && leadsTo(authorities, leaf, issuers) ? commonNameOf(leaf) : undefined;
      });
    },
  },
];

function appServiceNameOf(request: RequestLines, isValid: (leaf: X509Certificate) => boolean): string | undefined {
  const text = lineOf(request, 'X-ARR-ClientCert');
  if (text === undefined) return undefined;
  const leaf = fromBase64(text);
  return isValid(leaf) ? nameOf(leaf) : undefined;
}

function chainOfAlb(request: RequestLines): X509Certificate[] {
  const pem = lineOf(request, 'X-Amzn-Mtls-Clientcert');
  return pem === undefined ? [] : fromEscapedPem(pem);
}
