import type { BoundTokenMutant } from './bound-token-subject.ts';
import { resourceServer, textOf, thumbprintOf } from './resource-server.ts';
import { confirmed } from './token-issuer.ts';

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
