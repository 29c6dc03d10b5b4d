import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe } from 'vitest';
import { attemptHandshake, type Identity, type Pki, startTlsServer } from '../../src/index.ts';
import type { ArrangedCredential, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import { describeWith, run } from '../interop/judges.ts';
import { temporaryFolder, type TemporaryFolder } from '../interop/temporary-folder.ts';

/** What OpenSSL's command line came to. */
export interface OpensslAnswer {
  readonly verdict: 'accepted' | 'rejected';
  /** The number of the first error of its verification (X509_V_ERR_...). */
  readonly verifyError: number | undefined;
  /** Everything that it printed. */
  readonly words: string;
}

/** `describe` for what OpenSSL 3.0 judges, of which the record is; another version is another judge, and its tests are skipped. */
export function describeWithOpenssl30(): typeof describe | typeof describe.skip {
  const installed = describeWith('openssl');
  const version = spawnSync(program, ['version'], { encoding: 'utf8' }).stdout ?? '';
  if (version.startsWith('OpenSSL 3.0.')) return installed;
  // oxlint-disable-next-line no-console -- a judge that is missing must not pass unnoticed
  console.warn(`the record is of OpenSSL 3.0, and this is ${version.trim()}, so it judges nothing`);
  return describe.skip;
}

/** Under which PKI, and with which version of TLS. */
export interface JudgeOptions {
  readonly pki: Pki;
  readonly version: TlsVersion;
}

/** Presents a client credential to `openssl s_server`, which serves this one connection. */
export async function askServer(credential: ArrangedCredential, { pki, version }: JudgeOptions): Promise<OpensslAnswer> {
  using folder = temporaryFolder();
  const own = presenting(pki.server(), folder);
  await using server = await startServer([...onePeer, ...own, ...verification(credential, { version, folder })]);
  const handshake = await attemptHandshake(
    { host: '127.0.0.1', port: server.port },
    { ...presented(credential, version), trust: pki.anchors },
  );
  const words = await server.words();
  const verdict = /^ *1 server accepts that finished$/mu.test(words) ? 'accepted' : 'rejected';
  if (verdict !== handshake.verdict) throw new Error(`OpenSSL ${verdict}, and this was taken for: ${handshake.explain()}\n${words}`);
  return answer(verdict, words);
}

/** Presents a server credential to `openssl s_client`. */
export async function askClient(credential: ArrangedCredential, { pki, version }: JudgeOptions): Promise<OpensslAnswer> {
  using folder = temporaryFolder();
  const { host: name, spelling: host = name } = credential;
  await using server = await startTlsServer({ ...presented(credential, version), trust: pki.anchors, clientAuth: 'none' });
  const asked = net.isIP(host) === 0 ? ['-servername', host, '-verify_hostname', host] : ['-noservername', '-verify_ip', host];
  const call = ['s_client', '-brief', '-connect', `127.0.0.1:${server.port}`, '-verify', mostIssuers, ...asked];
  const { status, stdout, stderr } = await run(program, [...call, ...verification(credential, { version, folder })], { input: 'Q\n' });
  const words = stdout + stderr;
  return answer(status === 0 && words.includes('CONNECTION ESTABLISHED') ? 'accepted' : 'rejected', words);
}

/** How either end presents a credential with this library. */
function presented(
  { identity, certificateMessage, ciphers }: ArrangedCredential,
  version: TlsVersion,
): Pick<ArrangedCredential, 'identity' | 'certificateMessage' | 'ciphers'> & Record<'minVersion' | 'maxVersion', TlsVersion> {
  return {
    identity,
    minVersion: version,
    maxVersion: version,
    ...(certificateMessage && { certificateMessage }),
    ...(ciphers !== undefined && { ciphers }),
  };
}

/** How OpenSSL presents a credential. */
function presenting({ chainPem, keyPem }: Identity, folder: TemporaryFolder): string[] {
  const chain = folder.write('chain.pem', chainPem);
  return ['-cert', chain, '-cert_chain', chain, '-key', folder.write('key.pem', keyPem)];
}

/** Whom the judge trusts, and that it stops at its first error. OpenSSL takes the CRLs from the same file. */
function verification(
  { trust, crl = [] }: ArrangedCredential,
  { version, folder }: { readonly version: TlsVersion; readonly folder: TemporaryFolder },
): string[] {
  const trusted = folder.write('trusted.pem', [trust, ...crl].join(''));
  const revocation = crl.length > 0 ? ['-crl_check_all'] : [];
  const protocol = version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2';
  return ['-CAfile', trusted, '-no-CApath', '-no-CAstore', '-verify_return_error', protocol, ...revocation];
}

function answer(verdict: OpensslAnswer['verdict'], words: string): OpensslAnswer {
  const number = /verify error:num=(\d+)/u.exec(words)?.[1];
  return { verdict, verifyError: number === undefined ? undefined : Number(number), words };
}

interface OpensslServer extends AsyncDisposable {
  readonly port: number;
  /** What it has printed when it has ended by itself. */
  words(): Promise<string>;
}

async function startServer(args: readonly string[]): Promise<OpensslServer> {
  const child = spawn(program, ['s_server', '-accept', '127.0.0.1:0', ...args], { stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 }); // at the end of its input it would leave
  const ended = once(child, 'close');
  let words = '';
  const { promise: listening, resolve: listens } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      words += text;
      const port = /^ACCEPT .*:(\d+)$/mu.exec(words)?.[1];
      if (port !== undefined) listens(Number(port));
    });
  const port = await Promise.race([listening, ended.then(() => Promise.reject(new Error(`openssl s_server did not start: ${words}`)))]);
  return {
    port,
    async words() {
      await ended;
      return words;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

const program = 'openssl';
/** OpenSSL's own limit, which the option wants to have said. */
const mostIssuers = '100';
const onePeer = ['-naccept', '1', '-Verify', mostIssuers, '-no_dhe'];
