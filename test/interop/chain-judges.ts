import { askPeer, run, type Tool } from './judges.ts';
import type { TemporaryFolder } from './temporary-folder.ts';

/** A chain that a peer presents, and what a relying party trusts. */
export interface ChainCase {
  readonly role: 'server' | 'client';
  /** PEM: the leaf, then its intermediates. */
  readonly chainPem: string;
  readonly keyPem: string;
  readonly anchors: string;
  /** The name under which a server is called; default `localhost`. */
  readonly host?: string;
}

export interface Verdict {
  readonly accepted: boolean;
  /** The judge's own words; empty where it accepts. */
  readonly reason: string;
}

/** What a judge says of each case, in order. */
export async function verdictsOf(judge: ChainJudge, cases: readonly ChainCase[], folder: TemporaryFolder): Promise<Verdict[]> {
  const files = cases.map(({ role, chainPem, keyPem, anchors, host = 'localhost' }, index) => ({
    role,
    host,
    chain: folder.write(`${index}.chain.pem`, chainPem),
    key: folder.write(`${index}.key.pem`, keyPem),
    anchors: folder.write(`${index}.anchors.pem`, anchors),
  }));
  if (judge === 'openssl') return Promise.all(files.map(askOpenssl));
  if (judge === 'certtool') return Promise.all(files.map(askCerttool));
  const lines = await askPeer(
    peers[judge],
    files.map(({ role, host, chain, key, anchors }) => [role, host, chain, key, anchors]),
    folder.path,
  );
  return lines.map(([line = '']) => ({ accepted: line === 'accept', reason: line === 'accept' ? '' : line.replace(/^reject /u, '') }));
}

/** Who judges chains. */
export type ChainJudge = Extract<Tool, 'openssl' | 'certtool' | 'go' | 'java' | 'python3'>;

interface CaseFiles {
  readonly role: 'server' | 'client';
  readonly host: string;
  readonly chain: string;
  readonly anchors: string;
}

async function askOpenssl({ role, host, chain, anchors }: CaseFiles): Promise<Verdict> {
  const purpose = role === 'server' ? ['-purpose', 'sslserver', '-verify_hostname', host] : ['-purpose', 'sslclient'];
  const onlyThese = ['-CAfile', anchors, '-no-CApath', '-no-CAstore', '-untrusted', chain];
  const { status, stderr } = await run('openssl', ['verify', '-x509_strict', ...purpose, ...onlyThese, chain]);
  return { accepted: status === 0, reason: /lookup: (.*)/u.exec(stderr)?.[1] ?? stderr.trim() };
}

async function askCerttool({ role, host, chain, anchors }: CaseFiles): Promise<Verdict> {
  const purpose = role === 'server' ? ['--verify-purpose', serverAuth, '--verify-hostname', host] : ['--verify-purpose', clientAuth];
  const { status, stdout, stderr } = await run('certtool', ['--verify', '--load-ca-certificate', anchors, ...purpose, '--infile', chain]);
  const accepted = status === 0;
  return { accepted, reason: accepted ? '' : (/Chain verification output: (.*)/u.exec(stdout)?.[1] ?? stderr).trim() };
}

const peers = { go: 'go-verify', java: 'java-verify', python3: 'python-verify' } as const;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
