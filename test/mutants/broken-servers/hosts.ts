import type tls from 'node:tls';
import { createPki } from '../../../src/index.ts';
import { http2Server, httpsServer, mutualTls, tlsServer } from '../correct-servers.ts';
import { behindRouter, everyRoot, type OptionsOf, withContexts } from '../host-servers.ts';
import { engineHosts } from '../engine-hosts.ts';
import { httpsAttempt } from '../correct-attempts.ts';
import type { ApplicationServer, HandshakeServer, Mutant } from '../mutant.ts';

const hosts = {
  'admin.test': { pki: createPki({ name: 'admins' }) },
  'www.test': { pki: createPki({ name: 'customers' }) },
};
const both = { hosts, versions: ['TLSv1.3', 'TLSv1.2'], isNarrow: true } as const;
/** Of a server that is known by its address alone an acceptance is waited for: fewer of them are tried. */
const one = { hosts: { 'admin.test': hosts['admin.test'] }, isNarrow: true } as const;
const workload = 'spiffe://example.test/workload';

/** Servers with several hosts, each of which has clients of its own. */
export const brokenHosts: readonly Mutant<HandshakeServer | ApplicationServer>[] = [
  {
    ...both,
    name: 'tls: addContext without key and certificate',
    mistake: 'It gives a host its anchors alone, which Node ignores: the clients of the default are let in (CVE-2026-123867).',
    caughtBy: ['host-ca-of-another-host at admin.test', 'host-ca-of-another-host at www.test', 'control at admin.test'],
    start: (configuration) => {
      const server = tlsServer(mutualTls(configuration));
      for (const [name, { trust }] of Object.entries(configuration.hosts ?? {})) server.addContext(name, { ca: trust });
      return server;
    },
  },
  {
    ...both,
    name: 'https: the anchors of the default at each host',
    mistake: 'Its contexts by name have certificates of their own, and the anchors of the default.',
    caughtBy: ['host-ca-of-another-host at admin.test', 'host-ca-of-another-host at www.test'],
    start: (configuration) =>
      withContexts(configuration, { create: httpsServer, options: (host) => mutualTls({ ...host, trust: configuration.trust }) }),
  },
  {
    ...both,
    name: 'https: the anchors of all hosts in one list',
    mistake: 'It trusts the roots of each host at every host.',
    caughtBy: ['host-ca-of-another-host', 'host-ca-of-another-host at admin.test', 'host-ca-of-another-host at www.test'],
    start: (configuration) =>
      withContexts(configuration, { create: httpsServer, options: (host) => ({ ...mutualTls(host), ca: everyRoot(configuration) }) }),
  },
  {
    ...both,
    versions: ['TLSv1.3'],
    name: 'tls: the anchors of the named hosts in one list',
    mistake: 'Its named hosts trust the roots of each other, though not that of the default.',
    caughtBy: ['host-ca-of-another-host at admin.test', 'host-ca-of-another-host at www.test'],
    start: (configuration) =>
      behindRouter(configuration, {
        create: tlsServer,
        options: (host, name) => ({
          ...mutualTls(host),
          ...(name !== undefined && { ca: everyRoot(configuration).filter((root) => root !== configuration.trust) }),
        }),
      }),
  },
  {
    ...both,
    name: 'https: bundles of all trust domains in one list, and the SPIFFE id alone',
    mistake:
      'It looks at the id, and not at whose bundle has vouched for it: the authority of one trust domain can issue the ids of another.',
    authorizes: { spiffeId: workload },
    caughtBy: ['host-ca-of-another-host', 'host-ca-of-another-host at admin.test', 'host-ca-of-another-host at www.test'],
    serve: (configuration) =>
      withContexts(configuration, {
        create: (options) => httpsServer(options, (socket) => socket.getPeerCertificate().subjectaltname === `URI:${workload}`),
        options: (host) => ({ ...mutualTls(host), ca: everyRoot(configuration) }),
      }),
    attempt: (port) => httpsAttempt({ port }),
  },
  {
    ...both,
    name: 'https: names compared with regard to case',
    mistake: 'It looks the name up as the client has written it, and serves its default where it is not found (CVE-2026-48928).',
    caughtBy: ['sni-uppercase at admin.test', 'sni-uppercase at www.test'],
    start: (configuration) => withContexts(configuration, { create: httpsServer, keyOf: asWritten }),
  },
  {
    ...one,
    name: 'https: names compared with regard to case, before an open default',
    mistake: 'It looks the name up as the client has written it, and its default asks for no certificate.',
    caughtBy: ['sni-uppercase-without-certificate at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: httpsServer, keyOf: asWritten, options: openDefault }),
  },
  {
    ...one,
    name: 'https: a dot at the end leads to an open default',
    mistake: 'A name with a dot at its end is one that it does not know, and its default asks for no certificate.',
    caughtBy: ['sni-trailing-dot-without-certificate at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: httpsServer, options: openDefault }),
  },
  {
    ...both,
    name: 'https: contexts by name, and sessions of the whole server',
    mistake: 'Its SNICallback chooses certificates and anchors; the sessions are of the server, and Node resumes them at any of its hosts.',
    caughtBy: ['resumption-across-sni', 'resumption-across-sni at admin.test', 'resumption-across-sni at www.test'],
    start: (configuration) => withContexts(configuration, { create: httpsServer }),
  },
  {
    ...both,
    name: 'tls: contexts added by name, and sessions of the whole server',
    mistake: 'The same with addContext, and a session id context for each host, which Node does not look at.',
    caughtBy: ['resumption-across-sni', 'resumption-across-sni at admin.test', 'resumption-across-sni at www.test'],
    start: (configuration) => {
      const server = tlsServer(mutualTls(configuration));
      for (const [name, host] of Object.entries(configuration.hosts ?? {}))
        server.addContext(name, { ...mutualTls(host), sessionIdContext: name.slice(0, 32) });
      return server;
    },
  },
  {
    ...both,
    versions: ['TLSv1.2'],
    name: 'tls: contexts added by name, and renegotiations',
    mistake: 'A renegotiation under the name of another host leaves its client authorized, as Node does by itself (CVE-2026-123872).',
    caughtBy: ['renegotiation-other-sni', 'renegotiation-other-sni at admin.test', 'renegotiation-other-sni at www.test'],
    start: (configuration) => withContexts(configuration, { create: tlsServer, common: { secureOptions: noTickets } }),
  },
  {
    ...both,
    versions: ['TLSv1.2'],
    name: 'https: a server for each host, and renegotiations',
    mistake:
      'A router has chosen the server by the name in the first hello; after a renegotiation that server takes the new name for the one of the connection.',
    caughtBy: ['renegotiation-other-sni', 'renegotiation-other-sni at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: httpsServer }),
  },
  {
    ...both,
    versions: ['TLSv1.3'],
    name: 'engine: the name of the second hello',
    mistake:
      'It verifies clients by the name in the first hello, and takes the one in the second for the name of the connection (CVE-2026-116375).',
    caughtBy: ['hello-retry-other-sni', 'hello-retry-other-sni at admin.test', 'hello-retry-other-sni at www.test'],
    start: (configuration) => engineHosts(configuration, ['second-hello']),
  },
  {
    ...both,
    versions: ['TLSv1.3'],
    name: 'tls: contexts by name, and the name of the second hello',
    mistake: 'The same, as OpenSSL does by itself: the name in the first hello chooses the context, and servername is that of the second.',
    caughtBy: ['hello-retry-other-sni', 'hello-retry-other-sni at admin.test'],
    start: (configuration) => withContexts(configuration, { create: tlsServer, common: { secureOptions: noTickets } }),
  },
  {
    ...both,
    name: 'https: sessions of all hosts in one store',
    mistake: 'Its hosts resume any session of a store that they share.',
    versions: ['TLSv1.2'],
    caughtBy: ['resumption-across-sni', 'resumption-across-sni at admin.test'],
    start: (configuration) => {
      const store = new Map<string, Buffer>();
      const create = (options: tls.TlsOptions): tls.Server => remembering(httpsServer(options), store);
      return withContexts(configuration, { create, common: { secureOptions: noTickets } });
    },
  },
  {
    ...both,
    name: 'https: contexts by name, and requestCert of an open default',
    mistake: 'Whether a certificate is asked for is a setting of the whole server, and its default is open.',
    caughtBy: ['no-client-certificate at admin.test', 'no-client-certificate at www.test'],
    start: (configuration) => withContexts(configuration, { create: httpsServer, common: { requestCert: false } }),
  },
  {
    ...one,
    name: 'https: only the default requires certificates',
    mistake: 'Its named hosts ask for no certificate.',
    caughtBy: ['no-client-certificate at admin.test'],
    start: (configuration) =>
      behindRouter(configuration, {
        create: httpsServer,
        options: (host, name) => ({ ...mutualTls(host), requestCert: name === undefined }),
      }),
  },
  {
    ...one,
    name: 'https: one host verifies nothing',
    mistake: 'A named host asks for certificates, and takes any.',
    caughtBy: ['unknown-ca at admin.test', 'host-ca-of-another-host at admin.test', 'expired-leaf at admin.test'],
    start: (configuration) =>
      behindRouter(configuration, {
        create: httpsServer,
        options: (host, name) => ({ ...mutualTls(host), rejectUnauthorized: name === undefined }),
      }),
  },
  {
    ...one,
    name: 'https: looks at the first record alone',
    mistake: 'It looks for the name in the first TLS record, and serves its default where it finds none (CVE-2026-32305).',
    caughtBy: ['client-hello-in-two-records at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: httpsServer, reads: 'first record' }),
  },
  {
    ...one,
    name: 'https: looks at the first record alone, before an open default',
    mistake: 'A name that is not in the first TLS record leads to its default, which asks for no certificate (CVE-2026-75595).',
    caughtBy: [
      'client-hello-in-two-records-without-certificate at admin.test',
      'client-hello-split-in-header-without-certificate at admin.test',
    ],
    start: (configuration) => behindRouter(configuration, { create: httpsServer, reads: 'first record', options: openDefault }),
  },
  {
    ...one,
    name: 'https: Host not compared',
    mistake: 'It serves the host that a request names, whichever the connection was verified for (CVE-2025-66614).',
    caughtBy: ['host-header-of-protected-host at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: httpsServer }),
  },
  {
    ...one,
    name: 'http2: :authority not compared',
    mistake: 'The same with HTTP/2 (CVE-2026-48491).',
    caughtBy: ['host-header-of-protected-host-http2 at admin.test'],
    start: (configuration) => behindRouter(configuration, { create: http2Server }),
  },
  {
    ...both,
    name: 'https: CRLs of the default at each host',
    mistake: 'Its hosts check the CRLs that its default is given, and none of their own.',
    caughtBy: ['crl-revoked-leaf at admin.test', 'resumption-after-revocation at admin.test'],
    start: (configuration) =>
      withContexts(configuration, {
        create: httpsServer,
        options: ({ identity, trust }) => mutualTls({ identity, trust, crl: configuration.crl }),
      }),
  },
];

/** Its default asks for no certificate. */
const openDefault: OptionsOf = (configuration, name) => ({ ...mutualTls(configuration), requestCert: name !== undefined });

function asWritten(name: string): string {
  return name;
}

function remembering(server: tls.Server, store: Map<string, Buffer>): tls.Server {
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    store.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
    done(null, store.get(id.toString('hex')) ?? null);
  });
  return server;
}

const noTickets = 0x4000; // SSL_OP_NO_TICKET
