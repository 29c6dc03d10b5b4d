import type { Pki } from '../../../src/index.ts';
import { newerProgram, type Tool } from '../judges.ts';
import { gnutlsCli, gnutlsServ } from '../peers/gnutls.ts';
import { erlang, go, java, mbedtls, nss, perl, php, python, ruby, rustls, wolfssl } from '../peers/languages.ts';
import { sClient, sServer } from '../peers/openssl.ts';
import type { ClientPeer, ServerPeer } from '../peers/peer.ts';
import { clientProgram, type Language, serverProgram } from '../peers/programs.ts';

/** A stack that the engine performs handshakes with. */
export interface EngineStack {
  readonly name: string;
  readonly tool: Tool;
  readonly client: () => Promise<ClientPeer>;
  /** It presents a certificate with an ECDSA key. */
  readonly server: (pki: Pki) => Promise<ServerPeer>;
  /** The server asks for signatures by its own kind of key alone, in TLS 1.2. */
  readonly asksForOwnKind?: true;
  /** The stack has TLS 1.2 alone here. */
  readonly isTls12Alone?: true;
  /** The client takes no HelloRetryRequest that asks for a cookie and no group, as RFC 8446 4.1.4 allows. */
  readonly rejectsCookies?: true;
  /** The server prints what it reads, and answers nothing. */
  readonly isMute?: true;
  /** The server ends the connection without an alert where the client has no certificate. */
  readonly hangsUp?: true;
}

/** All of those with a program for both sides. */
export const stacks: readonly EngineStack[] = [
  openssl('OpenSSL', 'openssl'),
  openssl('OpenSSL 3.6', 'OpenSSL 3.6', newerProgram('openssl')),
  gnutls('GnuTLS', 'gnutls'),
  gnutls('GnuTLS 3.8', 'GnuTLS 3.8', newerProgram('gnutls')),
  programs('Go', 'go', go),
  programs('Java', 'java', java),
  programs('Python', 'python3', python),
  programs('NSS', 'nss-dev', nss),
  { ...programs('wolfSSL', 'wolfssl', wolfssl), asksForOwnKind: true },
  { ...programs('Mbed TLS', 'mbedtls', mbedtls), isTls12Alone: true },
  programs('rustls', 'rustls', rustls),
  { ...programs('Erlang', 'erlang', erlang), rejectsCookies: true },
  programs('Ruby', 'ruby', ruby),
  programs('Perl', 'perl', perl),
  { ...programs('PHP', 'php', php), hangsUp: true },
];

function programs(name: string, tool: Tool, language: Language): EngineStack {
  return { name, tool, client: () => clientProgram(language), server: (pki) => serverProgram(language, pki) };
}

function openssl(name: string, tool: Tool, program?: string): EngineStack {
  return {
    name,
    tool,
    client: () => Promise.resolve(sClient(program === undefined ? {} : { tool: program })),
    server: (pki) => Promise.resolve(sServer(pki, program)),
    isMute: true,
  };
}

/** `begin`: what the names of its programs begin with. */
function gnutls(name: string, tool: Tool, begin = 'gnutls'): EngineStack {
  return {
    name,
    tool,
    client: () => Promise.resolve(gnutlsCli(`${begin}-cli`)),
    server: (pki) => Promise.resolve(gnutlsServ(pki, `${begin}-serv`)),
    rejectsCookies: true,
  };
}
