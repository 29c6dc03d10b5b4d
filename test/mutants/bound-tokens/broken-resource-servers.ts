import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { BoundTokenMutant } from './bound-token-subject.ts';
import { resourceServer, serverOf, type Shown, thumbprintOf } from './resource-server.ts';
import { confirmed, verifiedClaims } from './token-issuer.ts';

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

/** Resource servers that take the token or the certificate from the wrong place. */
export const wrongSources: readonly BoundTokenMutant[] = [
  {
    name: 'verifies no signature',
    mistake: 'the claims are decoded only',
    source: serverOf(
      () =>
        ({ token, certificate }) =>
          confirmed(decodeJwt(token)) === thumbprintOf(certificate),
    ),
    caughtBy: ['bound-token-rebound', 'bound-token-rebound-unsigned'],
  },
  {
    name: 'takes unsigned tokens',
    mistake: 'the algorithm of the header is believed, also where it is none',
    source: serverOf(() => async ({ token, certificate }) => {
      const claims = decodeProtectedHeader(token).alg === 'none' ? decodeJwt(token) : await verifiedClaims(token);
      return confirmed(claims) === thumbprintOf(certificate);
    }),
    caughtBy: ['bound-token-rebound-unsigned'],
  },
  {
    name: "believes a client's header",
    mistake: 'the certificate is taken from Client-Cert where a request has it',
    source: resourceServer(() => (claims, shown) => confirmed(claims) === thumbprintOf(certificateInHeader(shown) ?? shown.certificate)),
    caughtBy: ['bound-token-forged-header'],
  },
  {
    name: 'believes a header of a client without certificate',
    mistake: 'Client-Cert counts where the handshake had no certificate',
    source: resourceServer(() => (claims, shown) => confirmed(claims) === thumbprintOf(shown.certificate ?? certificateInHeader(shown)), {
      certificate: 'optional',
    }),
    caughtBy: ['bound-token-forged-header-without-certificate'],
  },
  {
    name: 'compares only where there is a certificate',
    mistake: 'a client without certificate needs the token alone',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          !certificate || confirmed(claims) === thumbprintOf(certificate),
      {
        certificate: 'optional',
      },
    ),
    caughtBy: ['bound-token-without-certificate'],
  },
  {
    name: 'compares undefined with undefined',
    mistake: 'a token without thumbprint fits a client without certificate',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          confirmed(claims) === thumbprintOf(certificate),
      { certificate: 'optional' },
    ),
    caughtBy: ['bound-token-unbound-without-certificate'],
  },
];

/** Resource servers that remember too much. */
export const wrongMemories: readonly BoundTokenMutant[] = [
  {
    name: 'remembers tokens',
    mistake: 'a token that was accepted is accepted from every client',
    source: resourceServer(() => {
      const known = new Set<string>();
      return (claims, { token, certificate }) => {
        if (confirmed(claims) === thumbprintOf(certificate)) known.add(token);
        return known.has(token);
      };
    }),
    caughtBy: ['bound-token-replayed'],
  },
  {
    name: 'remembers thumbprints by name',
    mistake: 'a client may show tokens of all certificates that a client of its name has had',
    source: resourceServer(() => {
      const known = new Set<string>();
      return ({ sub, ...claims }, { certificate }) => {
        known.add(`${sub} ${thumbprintOf(certificate)}`);
        return known.has(`${sub} ${textOf(confirmed(claims))}`);
      };
    }),
    caughtBy: ['bound-token-replayed'],
  },
  {
    name: 'remembers connections',
    mistake: 'a connection on which a token was accepted needs no other check',
    source: resourceServer(() => {
      const known = new WeakSet<object>();
      return (claims, { socket, certificate }) => {
        if (confirmed(claims) === thumbprintOf(certificate)) known.add(socket);
        return known.has(socket);
      };
    }),
    caughtBy: ['bound-token-kept-connection'],
  },
  {
    name: 'trusts resumed sessions',
    mistake: 'what was compared in the full handshake is not compared again',
    source: resourceServer(
      () =>
        (claims, { socket, certificate }) =>
          socket.isSessionReused() || confirmed(claims) === thumbprintOf(certificate),
    ),
    caughtBy: ['bound-token-resumed-session'],
  },
  {
    name: 'knows no certificate in resumed sessions',
    mistake: 'the certificate is looked for in the handshake, where a resumption has none',
    source: resourceServer(
      () =>
        (claims, { socket, certificate }) =>
          !socket.isSessionReused() && confirmed(claims) === thumbprintOf(certificate),
    ),
    caughtBy: ['bound-token-resumed'],
  },
];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?';
}

function chainOf(socket: Shown['socket']): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let certificate = socket.getPeerX509Certificate(); certificate; certificate = certificate.issuerCertificate)
    chain.push(certificate.raw);
  return chain;
}

/** As RFC 9440 has it. */
function certificateInHeader({ headers }: Shown): Uint8Array | undefined {
  const [, base64] = /^:(.+):$/u.exec(String(headers['client-cert'])) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
