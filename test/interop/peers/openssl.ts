import type { Pki } from '../../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startChild } from './child.ts';
import type { ClientPeer, ServerPeer } from './peer.ts';
import { pemFields } from './programs.ts';

/** OpenSSL's s_client, a process for each call. `keyLog`: the file that it writes its secrets to. `tool`: the program, where it is not the one of the machine. */
export function sClient({ keyLog, tool = 'openssl' }: { readonly keyLog?: string | undefined; readonly tool?: string } = {}): ClientPeer {
  const folder = temporaryFolder();
  return {
    async call({ port, credential, serverName, trust, version }) {
      const peer = ['-connect', `127.0.0.1:${port}`, '-servername', serverName, '-verify_hostname', serverName, protocols[version]];
      const verification = ['-verify_return_error', '-CAfile', folder.write('trusted.pem', trust), ...noOtherAnchors];
      const [chain, key] = credential ? pemFields(credential.identity, folder) : [];
      const own = chain === undefined || key === undefined ? [] : ['-cert', chain, '-cert_chain', chain, '-key', key];
      const logged = keyLog === undefined ? [] : ['-keylogfile', keyLog];
      await using child = startChild(tool, ['s_client', '-quiet', '-no_ign_eof', ...peer, ...verification, ...own, ...logged]);
      child.write('hello\n'); // its input stays open: at the end of it s_client leaves without waiting for the answer
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

/** A process for each connection: it ends by itself, and what it printed is of that one. */
export function sServer(pki: Pki, tool = 'openssl'): ServerPeer {
  const folder = temporaryFolder();
  const [chain, key] = pemFields(pki.server(), folder);
  const own = ['-cert', chain, '-cert_chain', chain, '-key', key];
  const verification = ['-Verify', '100', '-verify_return_error', '-CAfile', folder.write('trusted.pem', pki.anchors), ...noOtherAnchors];
  return {
    async serve(version, attempt) {
      const args = ['-accept', '127.0.0.1:0', '-naccept', '1', protocols[version], ...own, ...verification];
      await using child = startChild(tool, ['s_server', ...args]); // at the end of its input it would leave
      const [, port] = await child.until(/^ACCEPT .*:(\d+)$/mu);
      const result = await attempt(Number(port));
      const { words } = await child.ended();
      const client = /^subject=CN ?= ?(.*)$/mu.exec(words)?.[1];
      const verdict = /^ *1 server accepts that finished$/mu.test(words) ? 'accepted' : 'rejected';
      return { result, report: { verdict, words, ...(client !== undefined && { client }) } };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.dispose]()),
  };
}

const protocols = { 'TLSv1.3': '-tls1_3', 'TLSv1.2': '-tls1_2' } as const;
const noOtherAnchors = ['-no-CApath', '-no-CAstore'];
