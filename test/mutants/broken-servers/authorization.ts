import type tls from 'node:tls';
import { startTlsServer } from '../../../src/index.ts';
import type { AttemptFunction } from '../../../src/scenarios/run/target.ts';
import { axiosAttempt, http2Attempt, httpsAttempt, type Service, undiciFetchAttempt, undiciRequestAttempt } from '../correct-attempts.ts';
import { deciding } from '../deciding-servers.ts';
import type { ApplicationServer, Mutant, RunningServer } from '../mutant.ts';

const id = 'spiffe://example.test/workload';
const client = { authorizes: { commonName: 'client' }, within: { tiers: ['app'] } } as const;
const workload = { authorizes: { spiffeId: id }, within: { tiers: ['app'] } } as const;
const express = { server: 'express', client: httpsAttempt, tls: 'verifies' } as const;
const fastify = { server: 'fastify', client: undiciRequestAttempt, tls: 'verifies' } as const;
const https = { server: 'https', client: axiosAttempt, tls: 'verifies' } as const;
const http2 = { server: 'http2', client: http2Attempt, tls: 'verifies' } as const;

/** Servers whose TLS is in order, and whose application takes others for the one peer that it lets in. */
export const brokenAuthorization: readonly Mutant<ApplicationServer | RunningServer>[] = [
  {
    ...client,
    name: 'express: a part of the common name',
    mistake: 'It looks for the name in the common name.',
    caughtBy: ['identity-cn-injection-comma', 'identity-cn-nul'],
    ...deciding({ ...express, lets: ({ socket }) => commonNameOf(socket).includes('client') }),
  },
  {
    ...client,
    name: 'fastify: the beginning of the common name',
    mistake: 'It compares the beginning of the common name.',
    caughtBy: ['identity-cn-nul'],
    ...deciding({ ...fastify, lets: ({ socket }) => commonNameOf(socket).startsWith('client') }),
  },
  {
    ...client,
    name: 'http2: the end of the common name',
    mistake: 'It compares the end of the common name.',
    caughtBy: ['identity-cn-injection-newline', 'identity-cn-injection-slash'],
    ...deciding({ ...http2, lets: ({ socket }) => commonNameOf(socket).endsWith('client') }),
  },
  {
    ...client,
    name: 'https: either case of the common name',
    mistake: 'It compares common names like host names.',
    caughtBy: ['identity-cn-case'],
    ...deciding({ ...https, lets: ({ socket }) => commonNameOf(socket).toLowerCase() === 'client' }),
  },
  {
    ...client,
    name: 'express: the common name trimmed',
    mistake: 'It takes the spaces off the common name before it compares.',
    caughtBy: ['identity-cn-whitespace'],
    ...deciding({ ...express, lets: ({ socket }) => commonNameOf(socket).trim() === 'client' }),
  },
  {
    ...client,
    name: 'fastify: any of several common names',
    mistake: 'It looks for the name among the common names.',
    caughtBy: ['identity-multiple-cn', 'identity-multivalue-rdn'],
    ...deciding({ ...fastify, lets: ({ socket }) => [socket.getPeerCertificate().subject.CN].flat().includes('client') }),
  },
  {
    ...client,
    name: 'https: an expression over the subject',
    mistake: 'It looks for CN=client at the beginning of a line of the subject.',
    caughtBy: ['identity-multiple-cn'],
    ...deciding({ ...https, lets: ({ socket }) => /^CN=client$/mu.test(socket.getPeerX509Certificate()?.subject ?? '') }),
  },
  {
    ...client,
    name: 'http2: a part of the subject',
    mistake: 'It looks for CN=client in the subject.',
    caughtBy: ['identity-cn-injection-slash', 'identity-cn-nul', 'identity-multivalue-rdn'],
    ...deciding({ ...http2, lets: ({ socket }) => socket.getPeerX509Certificate()?.subject.includes('CN=client') ?? false }),
  },
  {
    ...client,
    name: 'express: a plain object as the list',
    mistake: 'It looks the common name up in an object, which has more names than were put into it.',
    caughtBy: ['identity-proto-key'],
    ...deciding({ ...express, lets: ({ socket }) => Boolean(permissions[commonNameOf(socket)]) }),
  },
  {
    ...client,
    name: 'express: a header',
    mistake: 'It verifies the certificate, and takes the identity from a header of the request.',
    caughtBy: ['identity-wrong-cn'],
    ...deciding({
      server: 'express',
      client: saying({ 'x-client-name': 'client' }),
      tls: 'verifies',
      lets: ({ headers }) => headers['x-client-name'] === 'client',
    }),
  },
  {
    authorizes: { commonName: 'client' },
    name: 'fastify: the header of a proxy',
    mistake: 'It lets in who says what the proxy in front would say, which is not in front of this port.',
    isNarrow: true,
    caughtBy: ['no-client-certificate', 'unknown-ca', 'identity-wrong-cn'],
    ...deciding({
      server: 'fastify',
      client: saying({ 'x-forwarded-client-cert': 'Subject="CN=client"' }),
      tls: 'leaves it',
      lets: ({ headers }) => headers['x-forwarded-client-cert'] === 'Subject="CN=client"',
    }),
  },
  {
    authorizes: { subject: 'OU=payments, CN=client' },
    within: { tiers: ['app'] },
    name: 'https: no organizational unit',
    mistake: 'It lets in a client of a unit, and compares the common name alone.',
    caughtBy: ['identity-same-cn-other-ou'],
    ...deciding({ ...https, lets: ({ socket }) => commonNameOf(socket) === 'client' }),
  },
  {
    ...workload,
    name: 'express: any trust domain',
    mistake: 'It compares the path of the SPIFFE id.',
    caughtBy: ['spiffe-wrong-trust-domain'],
    ...deciding({ ...express, lets: ({ socket }) => urisOf(socket).some((uri) => uri.replace(/^spiffe:\/\/[^/]*/u, '') === '/workload') }),
  },
  {
    ...workload,
    name: 'fastify: the beginning of the SPIFFE id',
    mistake: 'It compares the beginning of the SPIFFE id.',
    caughtBy: ['spiffe-too-long', 'spiffe-trailing-slash', 'spiffe-with-query'],
    ...deciding({ ...fastify, lets: ({ socket }) => urisOf(socket).some((uri) => uri.startsWith(id)) }),
  },
  {
    ...workload,
    name: 'http2: the beginning of the trust domain',
    mistake: 'It lets in whatever begins like an id of its trust domain.',
    caughtBy: ['spiffe-trust-domain-prefix', 'spiffe-empty-path'],
    ...deciding({ ...http2, lets: ({ socket }) => urisOf(socket).some((uri) => uri.startsWith('spiffe://example.test')) }),
  },
  {
    ...workload,
    name: 'https: a part of the alternative names',
    mistake: 'It looks for the id in the text of the alternative names.',
    caughtBy: ['spiffe-multiple-uri-san', 'spiffe-too-long'],
    ...deciding({ ...https, lets: ({ socket }) => socket.getPeerCertificate().subjectaltname?.includes(`URI:${id}`) ?? false }),
  },
  {
    ...workload,
    name: 'express: the first URI',
    mistake: 'It looks at the first URI only, and does not see that there are more.',
    caughtBy: ['spiffe-uri-plus-http-uri', 'spiffe-multiple-uri-san'],
    ...deciding({ ...express, lets: ({ socket }) => urisOf(socket)[0] === id }),
  },
  {
    ...workload,
    name: 'fastify: a URL parser',
    mistake: 'It parses the id as a URL, and compares host and path.',
    caughtBy: ['spiffe-with-port', 'spiffe-with-userinfo', 'spiffe-with-query', 'spiffe-dot-segments'],
    ...deciding({
      server: 'fastify',
      client: undiciFetchAttempt,
      tls: 'verifies',
      lets: ({ socket }) => {
        const url = URL.parse(urisOf(socket)[0] ?? '');
        return url?.hostname === 'example.test' && url.pathname === '/workload';
      },
    }),
  },
  {
    ...workload,
    name: 'https: lets in when the check throws',
    mistake: 'An exception in the check is written to the log, and the request goes on.',
    caughtBy: ['spiffe-no-uri-san'],
    ...deciding({
      ...https,
      lets: ({ socket }) => {
        try {
          const [, uri] = /^URI:(.*)$/u.exec(String(socket.getPeerCertificate().subjectaltname)) ?? [];
          return new URL(uri ?? '').href === id;
        } catch {
          return true;
        }
      },
    }),
  },
  {
    ...workload,
    name: 'tls: verifyPeer without an id',
    mistake: 'It compares the SPIFFE id of whoever has one.',
    caughtBy: ['spiffe-no-uri-san'],
    run: (pki) =>
      startTlsServer({
        identity: pki.server(),
        verifyPeer: ({ altNames }) => altNames.uri.every((uri) => uri === id) || 'another workload',
      }),
  },
  {
    authorizes: { x509Svid: id },
    within: { tiers: ['app'] },
    name: 'tls: verifyPeer takes a CA for a workload',
    mistake: 'It compares the id of an SVID, and does not ask whether it is a leaf.',
    caughtBy: ['spiffe-signing-cert-as-leaf', 'spiffe-leaf-crlsign'],
    run: (pki) => startTlsServer({ identity: pki.server(), verifyPeer: ({ spiffeId }) => spiffeId === id || 'another workload' }),
  },
  {
    authorizes: { federatedSpiffeId: id },
    within: { tiers: ['app'] },
    name: 'tls: verifyPeer with the bundles of all trust domains in one',
    mistake: 'It compares the SPIFFE id, and does not ask which trust domain has issued it.',
    caughtBy: ['spiffe-federated-other-domains-ca'],
    run: (pki) => startTlsServer({ identity: pki.server(), verifyPeer: ({ spiffeId }) => spiffeId === id || 'another workload' }),
  },
  {
    authorizes: { userPrincipalName: 'client@example.test' },
    within: { tiers: ['app'] },
    name: 'tls: verifyPeer with the user as a C string',
    mistake: 'It compares the user principal name up to the first NUL.',
    caughtBy: ['upn-embedded-nul', 'san-othername-nul-bmpstring'],
    run: (pki) =>
      startTlsServer({
        identity: pki.server(),
        verifyPeer: ({ altNames: { otherName = [] } }) =>
          otherName.some(({ value }) => value?.split('\0')[0] === 'client@example.test') || 'another user',
      }),
  },
];

const permissions: Readonly<Record<string, unknown>> = { client: 'reader' };

function commonNameOf(socket: tls.TLSSocket): string {
  return String(socket.getPeerCertificate().subject?.CN ?? '');
}

function urisOf(socket: tls.TLSSocket): readonly string[] {
  const names = socket.getPeerCertificate().subjectaltname?.split(', ') ?? [];
  return names.flatMap((name) => (name.startsWith('URI:') ? [name.slice(4)] : []));
}

/** A client that says this with each request. */
function saying(headers: Record<string, string>): (service: Service) => AttemptFunction {
  return ({ port }) => httpsAttempt({ port, headers });
}
