import type { HandshakeTrial, ServerProtocolScenario } from '../protocol-scenario.ts';
import type { ExpectedOutcome } from '../scenario.ts';
import { accepted, forServers, noCertificate, rejectedBy, type ServerDefinition } from '../protocol-definition.ts';

/** Several hosts on one server, each with clients of its own: what is accepted at one of them counts at no other. */
export const virtualHosts = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'host-ca-of-another-host',
      title: 'a client of another host of the server',
      tier: 'core',
      needsOtherHost: true,
      needsNoControl: true,
      byAttempt: true,
      differs: "the client's certificate is valid, and its root is one that only another host of the server trusts",
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 5280, section: '6.1.1' },
      ],
      cves: ['CVE-2026-123867'],
      cwes: ['CWE-295'],
      severity: 'high',
      expected: notOfThisHost,
      arrange: (_pki, valid, { otherPki }) => ({ kind: 'credential', identity: valid.client(otherPki) }),
    },
    {
      id: 'sni-uppercase',
      title: 'a client that asks for the host in capitals',
      tier: 'control',
      at: 'host',
      differs: 'server_name is in upper case: the same host, since names are compared without regard to case',
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 4343, section: '3' },
      ],
      cves: ['CVE-2026-48928', 'CVE-2026-53622'],
      expected: accepted,
      arrange: (pki, valid, { servername }) => askingFor(servername.toUpperCase(), { identity: valid.client(pki) }),
    },
    {
      id: 'sni-uppercase-without-certificate',
      title: 'a client without certificate that asks for the host in capitals',
      tier: 'core',
      at: 'host',
      differs: 'server_name is in upper case, and no client certificate is presented',
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 4343, section: '3' },
      ],
      cves: ['CVE-2026-48928', 'CVE-2026-53622'],
      cwes: ['CWE-178', 'CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: (pki, _valid, { servername }) => askingFor(servername.toUpperCase(), { trust: pki.anchors }),
    },
    {
      id: 'sni-trailing-dot-without-certificate',
      title: 'a client without certificate that asks for the host with a dot at its end',
      tier: 'core',
      at: 'host',
      differs: 'server_name ends in a dot, which no HostName has, and no client certificate is presented',
      references: [{ rfc: 6066, section: '3' }],
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: (pki, _valid, { servername }) => askingFor(`${servername}.`, { trust: pki.anchors }),
    },
    {
      id: 'resumption-across-sni',
      title: 'a session of another host of the server',
      tier: 'core',
      needsOtherHost: true,
      differs: 'the session was established with another host of the same server, whose clients this one does not accept',
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 8446, section: '4.2.11' },
        { rfc: 8446, section: '4.6.1' },
      ],
      cves: ['CVE-2025-23419', 'CVE-2025-23048', 'CVE-2026-105236', 'CVE-2026-120967'],
      cwes: ['CWE-287'],
      severity: 'high',
      expected: notOfThisHost,
      arrange: (pki, valid, { otherPki }) => ({
        kind: 'resumption',
        identity: valid.client(otherPki),
        change: { kind: 'other-host', valid: valid.client(pki) },
      }),
    },
    {
      id: 'renegotiation-other-sni',
      title: 'a client of another host of the server that renegotiates under the name of this one',
      tier: 'core',
      versions: ['TLSv1.2'],
      needsOtherHost: true,
      differs:
        "the client is authenticated at another host of the same server, and the renegotiation's server_name is this host, which does not accept it",
      references: [
        { rfc: 6066, section: '3' },
        { rfc: 5746, section: '5' },
      ],
      cves: ['CVE-2026-123872'],
      cwes: ['CWE-863'],
      severity: 'high',
      expected: rejectedBy('server'),
      arrange: (_pki, valid, { otherPki }) => ({ kind: 'host-crossing', by: 'renegotiation', identity: valid.client(otherPki) }),
    },
    {
      id: 'hello-retry-other-sni',
      title: 'a client of another host of the server that names this one after a HelloRetryRequest',
      tier: 'varies',
      versions: ['TLSv1.3'],
      needsOtherHost: true,
      differs: 'the first ClientHello asks for another host of the same server, whose valid client it is, and the second for this one',
      references: [
        { rfc: 8446, section: '4.1.2' },
        { rfc: 6066, section: '3' },
      ],
      cves: ['CVE-2026-116375'],
      cwes: ['CWE-863'],
      severity: 'high',
      expected: changedHello,
      arrange: (_pki, valid, { otherPki }) => ({ kind: 'host-crossing', by: 'second-hello', identity: valid.client(otherPki) }),
    },
    hostHeader('host-header-of-protected-host', 'HTTP/1.1'),
    hostHeader('host-header-of-protected-host-http2', 'HTTP/2'),
  );

/** By TLS; or by the application, of a server that pools the anchors of its hosts (SPIFFE bundles, for example) and compares the name and the root afterwards. */
const notOfThisHost: ExpectedOutcome = Object.freeze({
  verdict: 'rejected',
  by: 'server',
  alert: 'unknown_ca',
  alerts: Object.freeze(['access_denied'] as const),
});

/** A second hello that differs in what it must not; a server that goes by the second one alone finds a client that it does not know. */
const changedHello: ExpectedOutcome = Object.freeze({
  verdict: 'rejected',
  by: 'server',
  alert: 'illegal_parameter',
  alerts: Object.freeze(['unknown_ca', 'access_denied'] as const),
});

/** A request that names a host whose clients the connection was not verified for. */
function hostHeader(
  id: 'host-header-of-protected-host' | 'host-header-of-protected-host-http2',
  http: 'HTTP/1.1' | 'HTTP/2',
): ServerDefinition {
  const field = http === 'HTTP/1.1' ? 'the Host field' : ':authority';
  return {
    id,
    title: `a request for the host on a connection of another host, in ${http}`,
    tier: 'varies',
    at: 'host',
    needsOtherHost: true,
    differs: `${field} of the request names the host, the handshake's server_name another host of the server, whose valid client it is`,
    references: [
      { rfc: 9110, section: '7.4' },
      { rfc: 9110, section: '15.5.20' },
      ...(http === 'HTTP/2' ? ([{ rfc: 9113, section: '9.1.2' }] as const) : []),
    ],
    cves: ['CVE-2026-48491', 'CVE-2025-66614'],
    cwes: ['CWE-863'],
    severity: 'high',
    expected: rejectedBy('server'),
    arrange: (_pki, valid, { servername, otherPki }) => ({
      kind: 'request',
      identity: valid.client(otherPki),
      host: servername,
      isAtOtherHost: true,
      http,
    }),
  };
}

/** It is the server that judges here, so the client takes any certificate. */
function askingFor(servername: string, options: HandshakeTrial['options']): HandshakeTrial {
  return { kind: 'handshake', options: { ...options, servername, rejectUnauthorized: false }, cutCounts: true };
}
