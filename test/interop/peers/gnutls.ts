import getPort from 'get-port';
import type { Pki } from '../../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startChild } from './child.ts';
import type { ClientPeer, ServerPeer } from './peer.ts';
import { pemFields } from './programs.ts';

/** GnuTLS's gnutls-cli, a process for each call. */
export function gnutlsCli(tool = 'gnutls-cli'): ClientPeer {
  const folder = temporaryFolder();
  return {
    async call({ port, credential, serverName, trust, version }) {
      const peer = ['--port', String(port), '--priority', priorities[version]];
      const names = ['--sni-hostname', serverName, '--verify-hostname', serverName];
      const own = credential ? ownFiles(pemFields(credential.identity, folder)) : [];
      const args = [...peer, ...names, '--x509cafile', folder.write('trusted.pem', trust), ...own, '127.0.0.1'];
      await using child = startChild(tool, args);
      child.write('hello\n');
      const answered = await child.until(/^hello$/mu).then(
        () => true,
        () => false, // it ended before
      );
      child.end();
      const { words } = await child.ended();
      return { verdict: answered ? 'accepted' : 'rejected', words };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.dispose]()),
  };
}

/** A process for each connection, which is ended: what it printed is of that one. It takes no port of the system's choice. */
export function gnutlsServ(pki: Pki, tool = 'gnutls-serv'): ServerPeer {
  const folder = temporaryFolder();
  const own = ownFiles(pemFields(pki.server(), folder));
  const verification = ['--require-client-cert', '--verify-client-cert', '--x509cafile', folder.write('trusted.pem', pki.anchors)];
  return {
    async serve(version, attempt) {
      const port = await getPort();
      const args = ['--echo', '--port', String(port), '--priority', priorities[version], ...own, ...verification];
      // Line by line, since it never empties its buffer, and with an end, since it does not leave with its input.
      await using child = startChild('timeout', ['60', 'stdbuf', '-oL', tool, ...args]);
      await child.until(/listening on IPv4 .*\.\.\.done$/mu);
      const result = await attempt(port);
      const [, refusal] = await child.until(/^(Error in handshake: .*)$|^- Channel bindings$/mu);
      await child[Symbol.asyncDispose]();
      const { words } = await child.ended();
      const client = /Subject: CN=(.*)$/mu.exec(words)?.[1];
      const verdict = refusal === undefined ? 'accepted' : 'rejected';
      return { result, report: { verdict, words, ...(client !== undefined && { client }) } };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.dispose]()),
  };
}

function ownFiles([chain, key]: readonly [string, string]): readonly string[] {
  return ['--x509certfile', chain, '--x509keyfile', key];
}

const priorities = { 'TLSv1.3': 'NORMAL:-VERS-ALL:+VERS-TLS1.3', 'TLSv1.2': 'NORMAL:-VERS-ALL:+VERS-TLS1.2' } as const;
