import { createPrivateKey, X509Certificate } from 'node:crypto';
import net from 'node:net';
import type { ServerConfiguration, StartedServer } from '../../src/scenarios/run/target.ts';
import { EngineError } from '../../src/wire/engine/handshake-end.ts';
import type { PeerCheck } from '../../src/wire/engine/peer-check.ts';
import type { ServerOptions } from '../../src/wire/engine/peer-options.ts';
import { runServerHandshake } from '../../src/wire/engine/run-handshake.ts';
import { reachable } from './correct-servers.ts';
import { nameAsked } from './host-servers.ts';

/**
 * A server of TLS 1.3 by the engine for tests, with several hosts: the name in the first ClientHello chooses certificate and anchors. `skipped`: what it does not look at.
 * `answerTo`: what a client gets that asked for this name first, each part in a record of its own.
 */
export function engineHosts(
  configuration: ServerConfiguration,
  skipped: readonly PeerCheck[] = [],
  answerTo: (name: string | undefined) => readonly string[] = () => usualAnswer,
): Promise<StartedServer> {
  const { hosts = {} } = configuration;
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    void serve(socket);
  });
  return reachable(server);

  async function serve(socket: net.Socket): Promise<void> {
    const name = await nameAsked(socket, false);
    const host = (name !== undefined && hosts[name.toLowerCase()]) || configuration;
    try {
      const connection = await runServerHandshake(socket, { ...optionsOf(host), skipped: new Set(skipped) });
      if (await connection.read()) for (const part of answerTo(name)) await connection.write(Buffer.from(part));
      await connection.close();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error; // it has refused the client, or the client has left
    }
  }
}

const usualAnswer = ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n'];

function optionsOf({ identity, trust }: ServerConfiguration): ServerOptions {
  const anchors = certificatesIn(trust);
  return {
    version: 'TLSv1.3',
    credential: {
      certificates: certificatesIn(identity.chainPem).map(({ raw }) => raw),
      privateKey: createPrivateKey(identity.keyPem),
    },
    requestCertificate: true,
    tickets: true,
    checkClient: (certificates) => (leadsTo(anchors, certificates) ? undefined : 'unknown_ca'),
  };
}

/** Each is issued by the next one, and the last by an anchor: as far as the scenarios need that here. */
function leadsTo(anchors: readonly X509Certificate[], certificates: readonly Uint8Array[]): boolean {
  const chain = certificates.map((der) => new X509Certificate(der));
  return chain.every((certificate, at) => {
    const issuers = at + 1 < chain.length ? chain.slice(at + 1, at + 2) : anchors;
    return issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
}

function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/gu) ?? []).map((text) => new X509Certificate(text));
}
