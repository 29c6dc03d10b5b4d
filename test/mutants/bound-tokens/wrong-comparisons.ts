import { createHash, X509Certificate } from 'node:crypto';
import type { BoundTokenMutant } from './bound-token-subject.ts';
import { resourceServer, type Shown, textOf, thumbprintOf } from './resource-server.ts';
import { confirmed } from './token-issuer.ts';

/** Resource servers that compare wrongly what the token and the certificate say. */
export const wrongComparisons: readonly BoundTokenMutant[] = [
  {
    name: 'ignores cnf',
    mistake: 'any valid token is taken from any client',
    source: resourceServer(() => () => true),
    caughtBy: [
      'bound-token-of-another-client',
      'bound-token-of-another-key',
      'bound-token-of-renewed-certificate',
      'bound-token-of-another-ca',
    ],
  },
  {
    name: 'accepts unbound tokens',
    mistake: 'a token without cnf is a bearer token',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          claims['cnf'] === undefined || confirmed(claims) === thumbprintOf(certificate),
    ),
    caughtBy: ['bound-token-unbound'],
  },
  {
    name: 'accepts other confirmations',
    mistake: 'a cnf without x5t#S256 is taken for a matter of another component',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          claims['cnf'] !== undefined && [undefined, thumbprintOf(certificate)].includes(confirmed(claims) as never),
    ),
    caughtBy: ['bound-token-other-confirmation', 'bound-token-empty-confirmation'],
  },
  {
    name: 'compares without regard to case',
    mistake: 'base64url is compared as if it were hexadecimal',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          String(confirmed(claims)).toLowerCase() === thumbprintOf(certificate)?.toLowerCase(),
    ),
    caughtBy: ['bound-token-upper-case-thumbprint'],
  },
  {
    name: 'compares the beginning',
    mistake: 'the comparison ends with the value of the token',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          thumbprintOf(certificate)?.startsWith(textOf(confirmed(claims))) === true,
    ),
    caughtBy: ['bound-token-truncated-thumbprint', 'bound-token-empty-thumbprint'],
  },
  {
    name: 'looks for the thumbprint',
    mistake: 'the thumbprint is searched for in the claim',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          textOf(confirmed(claims)).includes(thumbprintOf(certificate) ?? '?'),
    ),
    caughtBy: ['bound-token-longer-thumbprint'],
  },
  {
    name: 'compares any member of cnf',
    mistake: 'the thumbprint of a key for DPoP is taken for that of a certificate',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          Object.values(Object(claims['cnf'])).includes(thumbprintOf(certificate)),
    ),
    caughtBy: ['bound-token-other-confirmation'],
  },
  {
    name: 'hashes the PEM',
    mistake: 'the thumbprint is taken of the text, which no issuer does',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          certificate !== undefined &&
          confirmed(claims) === createHash('sha256').update(new X509Certificate(certificate).toString()).digest('base64url'),
    ),
    caughtBy: ['control'],
  },
  {
    name: 'compares the subject',
    mistake: 'the common name of the certificate is compared with sub',
    source: resourceServer(
      () =>
        ({ sub }, { socket }) =>
          sub === socket.getPeerCertificate().subject.CN,
    ),
    caughtBy: ['bound-token-of-another-key', 'bound-token-of-renewed-certificate', 'bound-token-of-another-ca', 'bound-token-unbound'],
  },
  {
    name: 'compares any certificate of the chain',
    mistake: 'the thumbprint of an issuer is taken too',
    source: resourceServer(
      () =>
        (claims, { socket }) =>
          chainOf(socket).some((certificate) => thumbprintOf(certificate) === confirmed(claims)),
    ),
    caughtBy: ['bound-token-of-issuer'],
    readsChain: true,
  },
  {
    name: 'takes SHA-1',
    mistake: 'x5t is taken where there is no x5t#S256',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          certificate !== undefined &&
          (confirmed(claims) === thumbprintOf(certificate) ||
            confirmed(claims, 'x5t') === createHash('sha1').update(certificate).digest('base64url')),
    ),
    options: { only: ['bound-token-sha1-thumbprint'] },
    caughtBy: ['bound-token-sha1-thumbprint'],
  },
];

function chainOf(socket: Shown['socket']): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let certificate = socket.getPeerX509Certificate(); certificate; certificate = certificate.issuerCertificate)
    chain.push(certificate.raw);
  return chain;
}
