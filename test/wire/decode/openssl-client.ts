import { spawn } from 'node:child_process';
import type { Identity } from '../../../src/index.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';
import type { RecordedEndpoint } from './record-connection.ts';

/**
 * OpenSSL's client, which can change keys ("K": and asks the server to, "k": alone) and renegotiate ("R"): a line of input that is one of
 * these letters. Each line is said once the one before has had its effect; then the client leaves.
 */
export async function opensslClient(endpoint: RecordedEndpoint, { identity, args, steps }: OpensslVisit): Promise<void> {
  using folder = temporaryFolder();
  const { key, cert, ca } = identity.tls;
  const chain = folder.write('cert.pem', cert);
  const files = ['-key', folder.write('key.pem', key), '-cert', chain, '-cert_chain', chain, '-CAfile', folder.write('ca.pem', ca)];
  const client = spawn('openssl', ['s_client', '-connect', `${endpoint.host}:${endpoint.port}`, ...args, ...files]);
  const closed = new Promise<void>((resolve) => {
    client.on('close', () => resolve());
  });
  const left = [{ line: '', until: /Verify return code/u }, ...steps];
  let seen = '';
  const take = (bytes: Buffer): void => {
    seen += bytes.toString('latin1');
    if (!left[0]?.until.test(seen)) return;
    seen = '';
    left.shift();
    if (left[0]) client.stdin.write(`${left[0].line}\n`);
    else client.stdin.end('Q\n');
  };
  client.stdin.on('error', () => {});
  client.stdout.on('data', take);
  client.stderr.on('data', take);
  await closed;
}

interface OpensslVisit {
  readonly identity: Identity;
  readonly args: readonly string[];
  /** What to say, and what is printed once it has had its effect. */
  readonly steps: readonly { readonly line: string; readonly until: RegExp }[];
}
