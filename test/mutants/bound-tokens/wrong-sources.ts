import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { BoundTokenMutant } from './bound-token-subject.ts';
import { resourceServer, serverOf, type Shown, thumbprintOf } from './resource-server.ts';
import { confirmed, verifiedClaims } from './token-issuer.ts';

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

/** As RFC 9440 has it. */
function certificateInHeader({ headers }: Shown): Uint8Array | undefined {
  const [, base64] = /^:(.+):$/u.exec(String(headers['client-cert'])) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
