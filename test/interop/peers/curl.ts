import { run } from '../judges.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { ClientPeer } from './peer.ts';
import { pemFields } from './programs.ts';

/** curl, a process for each call. */
export function curl(): ClientPeer {
  const folder = temporaryFolder();
  return {
    async call({ port, credential, serverName, trust, version }) {
      const number = version.slice('TLSv'.length);
      const protocol = [`--tlsv${number}`, '--tls-max', number];
      const [chain, key] = credential ? pemFields(credential.identity, folder) : [];
      const own = chain === undefined || key === undefined ? [] : ['--cert', chain, '--key', key];
      const peer = ['--noproxy', '*', '--resolve', `${serverName}:${port}:127.0.0.1`, `https://${serverName}:${port}/`];
      // With its view of the alerts: its error for a certificate_expired of the server is "SSL certificate verification failed" (measured on 7.88).
      const args = ['-sSv', ...protocol, '--cacert', folder.write('trusted.pem', trust), ...own, ...peer];
      const { status, stdout, stderr } = await run('curl', args);
      return { verdict: status === 0 ? 'accepted' : 'rejected', words: stdout + stderr };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.dispose]()),
  };
}
