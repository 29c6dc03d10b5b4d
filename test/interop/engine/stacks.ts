import type { Pki } from '../../../src/index.ts';
import type { Tool } from '../judges.ts';
import { gnutlsCli, gnutlsServ } from '../peers/gnutls.ts';
import { erlang, go, java, mbedtls, nss, python, rustls, wolfssl } from '../peers/languages.ts';
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
}

/** All of those with a program for both sides. */
export const stacks: readonly EngineStack[] = [
  { name: 'OpenSSL', tool: 'openssl', client: () => Promise.resolve(sClient()), server: (pki) => Promise.resolve(sServer(pki)) },
  { name: 'GnuTLS', tool: 'gnutls', client: () => Promise.resolve(gnutlsCli()), server: (pki) => Promise.resolve(gnutlsServ(pki)) },
  programs('Go', 'go', go),
  programs('Java', 'java', java),
  programs('Python', 'python3', python),
  programs('NSS', 'nss-dev', nss),
  { ...programs('wolfSSL', 'wolfssl', wolfssl), asksForOwnKind: true },
  programs('Mbed TLS', 'mbedtls', mbedtls),
  programs('rustls', 'rustls', rustls),
  programs('Erlang', 'erlang', erlang),
];

function programs(name: string, tool: Tool, language: Language): EngineStack {
  return { name, tool, client: () => clientProgram(language), server: (pki) => serverProgram(language, pki) };
}
