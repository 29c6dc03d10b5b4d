import type tls from 'node:tls';
import type { ServerConfiguration } from '../../src/scenarios/run/target.ts';
import { createPki, startHttp2Server, startHttpsServer, startTlsServer } from '../../src/index.ts';
import { http2Server, httpsServer, mutualTls, tlsServer } from './correct-servers.ts';
import { describeCorrectServer } from './correct-suite.ts';
import { httpsAttempt } from './correct-attempts.ts';
import { engineHosts } from './engine-hosts.ts';
import { behindRouter, everyRoot, withContexts } from './host-servers.ts';
import type { ServerUse, Subject } from './mutant.ts';

const pki = createPki({ name: 'correct hosts' });
const hosts = { 'admin.test': { pki: createPki({ name: 'admins' }) } };
const id = 'spiffe://example.test/workload';
/** It takes thousands of turns of the event loop. */
const slow = 'one-byte-at-a-time';
const both = { hosts, versions: ['TLSv1.3', 'TLSv1.2'], within: { tiers: ['core', 'control'], except: [slow] } } as const;
/** What is about hosts, or could be mistaken with them. */
const ids = [
  'no-client-certificate',
  'unknown-ca',
  'crl-revoked-leaf',
  'sni-unknown-without-certificate',
  'host-ca-of-another-host',
  'sni-uppercase',
  'sni-uppercase-without-certificate',
  'sni-trailing-dot-without-certificate',
  'client-hello-in-two-records',
  'client-hello-in-two-records-without-certificate',
  'client-hello-split-in-header',
  'client-hello-split-in-header-without-certificate',
  'resumption-across-sni',
] as const;
const about = { hosts, within: { ids } } as const;
/** A server without tickets resumes nothing in Node: it keeps no sessions by itself. */
const noTickets = { secureOptions: 0x4000 } as const; // SSL_OP_NO_TICKET

const servers: readonly Subject<ServerUse>[] = [
  {
    ...both,
    name: 'https with the option hosts',
    start: (configuration) => startHttpsServer((_request, response) => response.end('ok'), configuration),
  },
  {
    ...about,
    name: 'tls with the option hosts, rotated',
    run: (own) => startTlsServer({ pki: own, hosts }),
  },
  {
    ...about,
    versions: both.versions,
    name: 'https with contexts by name, and without sessions',
    start: (configuration) => withContexts(configuration, { create: httpsServer, common: noTickets }),
  },
  {
    ...about,
    versions: both.versions,
    name: 'tls with contexts added by name, and without sessions',
    start: (configuration) => {
      const server = tlsServer({ ...mutualTls(configuration), ...noTickets });
      for (const [name, host] of Object.entries(configuration.hosts ?? {})) server.addContext(name, mutualTls(host));
      return server;
    },
  },
  {
    hosts,
    versions: ['TLSv1.2'],
    within: { ids: ['renegotiation-other-sni', 'host-ca-of-another-host'] },
    name: 'https with contexts added by name, without sessions and renegotiations',
    start: (configuration) => {
      const server = httpsServer({ ...mutualTls(configuration), ...noTickets });
      for (const [name, host] of Object.entries(configuration.hosts ?? {})) server.addContext(name, mutualTls(host));
      return server.on('secureConnection', (socket) => socket.disableRenegotiation());
    },
  },
  {
    hosts,
    within: { ids: ['hello-retry-other-sni', 'host-ca-of-another-host', 'no-client-certificate', 'unknown-ca'] },
    name: 'a server of the engine, which compares the second ClientHello with the first',
    start: (configuration) => engineHosts(configuration),
  },
  {
    hosts,
    versions: both.versions,
    within: { ids: ['host-ca-of-another-host', 'no-client-certificate', 'unknown-ca'] },
    authorizes: { spiffeId: id },
    name: 'https with the bundles of all trust domains in one list, whose application looks whose it is',
    serve: (configuration) =>
      withContexts(configuration, {
        create: (options) => httpsServer(options, (socket) => isOfHost(socket, configuration)),
        options: (host) => ({ ...mutualTls(host), ca: everyRoot(configuration) }),
      }),
    attempt: (port) => httpsAttempt({ port }),
  },
  { ...about, name: 'two https servers behind a router', start: (configuration) => behindRouter(configuration, { create: httpsServer }) },
  {
    hosts,
    within: { ids: ['host-header-of-protected-host'] },
    name: 'https that compares Host with the name of the handshake',
    start: (configuration) =>
      behindRouter(configuration, {
        create: (options) =>
          httpsServer(options, (socket, { headers }) => !(headers.host === 'admin.test' && socket.servername !== 'admin.test')),
      }),
  },
  {
    hosts,
    within: { ids: ['host-header-of-protected-host-http2'] },
    name: 'http2 that compares :authority with the name of the handshake',
    start: (configuration) =>
      behindRouter(configuration, {
        create: (options) =>
          http2Server(options, (socket, { headers }) =>
            headers[':authority'] === 'admin.test' ? socket.servername === 'admin.test' : true,
          ),
      }),
  },
  {
    hosts,
    within: { ids: ['host-header-of-protected-host-http2', 'host-ca-of-another-host', 'resumption-across-sni'] },
    name: 'http2 with the option hosts, which compares them',
    start: (configuration) =>
      startHttp2Server((request, response) => {
        const { servername } = Object(request.stream.session?.socket) as { readonly servername?: string }; // a TLS socket
        response.statusCode = request.authority === 'admin.test' && servername !== 'admin.test' ? 421 : 200;
        response.end('ok');
      }, configuration),
  },
];

for (const server of servers) describeCorrectServer(server, pki);

/** TLS has verified that one of the bundles vouches for it: the issuing CA of which one is known by its name here. */
function isOfHost(socket: tls.TLSSocket, { identity, hosts: named = {} }: ServerConfiguration): boolean {
  const own = named[String(socket.servername)]?.identity ?? identity;
  const peer = socket.getPeerX509Certificate();
  return peer?.subjectAltName === `URI:${id}` && peer.issuer === own.certificate.issuer;
}
