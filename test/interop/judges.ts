import { execFile, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'vitest';

/** The other implementations that judge ours, by command. */
export type Tool = keyof typeof tools;

/**
 * `describe` for what one of the tools judges. Where the tool is missing, its tests are skipped loudly; under CI they fail, for a judge
 * that did not come has not agreed.
 */
export function describeWith(tool: Tool): typeof describe | typeof describe.skip {
  return isUsable(tool) ? describe : describe.skip;
}

/** `test` for what needs one of the tools, under the same conditions. */
export function testWith(tool: Tool): typeof test | typeof test.skip {
  return isUsable(tool) ? test : test.skip;
}

function isUsable(tool: Tool): boolean {
  if (isInstalled(tool)) return true;
  const row: ToolRow = tools[tool];
  const advice = row.debianPackage === undefined ? 'run .ci/programs' : `on Debian: apt-get install ${row.debianPackage}`;
  const missing = `"${tool}" is not installed (or too old), so it judges nothing; ${advice}`;
  if (process.env['CI'] && row.isRequired !== false) throw new Error(missing);
  // oxlint-disable-next-line no-console -- a judge that is missing must not pass unnoticed
  console.warn(missing);
  return false;
}

/** What a tool answered. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a tool is run. */
interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Runs a tool to its end; a status other than 0 is an answer, not an error. */
export async function run(
  tool: string,
  args: readonly string[],
  { input = '', env = {}, timeout = 60_000 }: RunOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { timeout, maxBuffer: 1 << 24, env: { ...process.env, ...neutralLocale, ...env } };
    const child = execFile(tool, args, options, (error, stdout, stderr) => {
      const status = child.exitCode;
      if (status === null || status < 0) reject(new Error(`${tool} was not started, or did not end: ${error?.message}`));
      else resolve({ status, stdout, stderr });
    });
    child.stdin?.on('error', () => {}); // it ended without reading: its status says the rest
    child.stdin?.end(input);
  });
}

/** The standard output of a tool that is expected to succeed. */
export async function outputOf(tool: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await run(tool, args, options);
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

/** Runs a program of `fixtures/peers` on lines of fields, and gives the lines of fields that it prints. */
export async function askPeer(peer: Peer, questions: readonly (readonly string[])[], folder: string): Promise<string[][]> {
  const input = questions.map((fields) => `${fields.join('\t')}\n`).join('');
  const [tool, ...args] = await commandOf(peer, folder);
  const output = await outputOf(tool, args, { input });
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

/** The programs in `fixtures/peers`, by folder. */
export type Peer = 'go-verify' | 'go-read' | 'java-verify' | 'java-read' | 'python-verify';

async function commandOf(peer: Peer, folder: string): Promise<readonly [string, ...string[]]> {
  const source = path.join(import.meta.dirname, '../../fixtures/peers', peer);
  if (peer === 'python-verify') return ['python3', path.join(source, 'verify.py')];
  if (peer === 'java-verify') return ['java', quickStart, path.join(source, 'Verify.java')];
  if (peer === 'java-read') return ['java', quickStart, path.join(source, 'Read.java')];
  const program = path.join(folder, peer);
  await outputOf('go', ['build', '-o', program, path.join(source, 'main.go')], {
    env: { GO111MODULE: 'off', GOFLAGS: '-mod=mod', GOCACHE: path.join(folder, 'go-cache') },
  });
  return [program];
}

function isInstalled(tool: Tool): boolean {
  const { command, args, version } = tools[tool];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  return status !== null && version.test(stdout + stderr); // NSS's tools print their usage with a status of their own
}

/** Where `.ci/programs` puts what Debian has not. */
export function fetchedProgram(name: string): string {
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'mtls-fixtures-programs', name);
}

/** A program of Debian sid there. */
export function newerProgram(name: string): string {
  return path.join(fetchedProgram('newer'), name);
}

/** The Java there, which has no compiler. */
export const java25: string = fetchedProgram('java-25/bin/java');

interface ToolRow {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: RegExp;
  /** Absent for what `.ci/programs` fetches. */
  readonly debianPackage?: string;
  /** Whether CI fails without it; default true. */
  readonly isRequired?: boolean;
}

/** The program on py-spiffe, which looks for that where `.ci/programs` puts it. */
export const pySpiffe: string = path.join(import.meta.dirname, '../../fixtures/peers/py-spiffe/client.py');

/** The program on rustls. */
export const rustlsManifest: string = path.join(import.meta.dirname, '../../fixtures/peers/rustls/Cargo.toml');

/** By version: macOS has a certtool and an openssl that are others, and a java that only says that there is none. */
const tools = {
  openssl: { command: 'openssl', args: ['version'], version: /^OpenSSL [3-9]/u, debianPackage: 'openssl' },
  certtool: { command: 'certtool', args: ['--version'], version: /^certtool [3-9]/u, debianPackage: 'gnutls-bin' },
  // As its server is started: with coreutils.
  gnutls: { command: 'stdbuf', args: ['-oL', 'gnutls-serv', '--version'], version: /^gnutls-serv [3-9]/u, debianPackage: 'gnutls-bin' },
  'OpenSSL 3.6': { command: newerProgram('openssl'), args: ['version'], version: /^OpenSSL 3\.6\./u, isRequired: false }, // sid goes on
  'GnuTLS 3.8': { command: newerProgram('gnutls-serv'), args: ['--version'], version: /^gnutls-serv 3\.8\./u, isRequired: false },
  curl: { command: 'curl', args: ['--version'], version: /^curl .* OpenSSL\//u, debianPackage: 'curl' },
  wget: { command: 'wget', args: ['--version'], version: /^GNU Wget 1\.2/u, debianPackage: 'wget' },
  nginx: { command: 'nginx', args: ['-v'], version: /nginx\/1\.(?:19|[2-9]\d)/u, debianPackage: 'nginx' },
  apache: { command: 'apache2', args: ['-v'], version: /Apache\/2\.4/u, debianPackage: 'apache2-bin' },
  haproxy: { command: 'haproxy', args: ['-v'], version: /HAProxy version (?:2\.[4-9]|[3-9]\.)/u, debianPackage: 'haproxy' },
  envoy: { command: fetchedProgram('envoy'), args: ['--version'], version: /\/1\.\d+\.\d+\//u },
  caddy: { command: 'caddy', args: ['version'], version: /^v?2\.[4-7]\./u, debianPackage: 'caddy' },
  'current Caddy': { command: fetchedProgram('caddy'), args: ['version'], version: /^v?2\.(?:1[1-9]|[2-9]\d)\./u },
  nss: { command: 'pk12util', args: ['-H'], version: /^Usage:\s+pk12util/u, debianPackage: 'libnss3-tools' },
  go: { command: 'go', args: ['version'], version: /go1\.(?:19|[2-9]\d)/u, debianPackage: 'golang-go' },
  // As go-spiffe wants it: 1.24.
  'go modules': { command: 'go', args: ['version'], version: /go1\.(?:2[4-9]|[3-9]\d)/u, debianPackage: 'golang-go', isRequired: false }, // Debian 12 has 1.19
  // As the crate spiffe wants it: 1.88, with crates.io in reach.
  cargo: { command: 'cargo', args: ['--version'], version: /^cargo 1\.(?:8[89]|9\d|\d{3})\./u, debianPackage: 'cargo', isRequired: false }, // Debian 12 has 0.66
  'py-spiffe': { command: 'python3', args: [pySpiffe, 'version'], version: /^spiffe 0\.3\./u },
  java: { command: 'java', args: ['-version'], version: /version "(?:1[7-9]|[2-9]\d)/u, debianPackage: 'default-jdk-headless' },
  'Java 25': { command: java25, args: ['-version'], version: /version "25\./u },
  keytool: { command: 'java', args: ['-version'], version: /version "(?:1[7-9]|[2-9]\d)/u, debianPackage: 'default-jdk-headless' },
  // Built from C where the test runs.
  wolfssl: {
    command: 'cc',
    args: ['-E', '-dM', '-include', 'wolfssl/version.h', '-x', 'c', '/dev/null'],
    version: /LIBWOLFSSL_VERSION_STRING/u,
    debianPackage: 'gcc libc6-dev libwolfssl-dev',
  },
  mbedtls: {
    command: 'cc',
    args: ['-E', '-dM', '-include', 'mbedtls/version.h', '-x', 'c', '/dev/null'],
    version: /MBEDTLS_VERSION_STRING/u,
    debianPackage: 'gcc libc6-dev libmbedtls-dev',
  },
  'nss-dev': {
    command: 'cc',
    args: ['-E', '-dM', '-I/usr/include/nss', '-I/usr/include/nspr', '-include', 'nss.h', '-x', 'c', '/dev/null'],
    version: /NSS_VERSION "3\./u,
    debianPackage: 'gcc libc6-dev libnss3-dev',
  },
  erlang: {
    command: 'erl',
    args: ['-noshell', '-eval', 'io:format("OTP ~s, ssl ~p", [erlang:system_info(otp_release), code:which(ssl)]), halt().'],
    version: /^OTP 2[5-9], ssl ".*ssl\.beam"/u,
    debianPackage: 'erlang-base erlang-ssl',
  },
  // Built from its crates, as far as cargo has fetched them.
  rustls: {
    command: 'cargo',
    args: ['tree', '--offline', '--manifest-path', rustlsManifest],
    version: /rustls v0\.23/u,
    debianPackage: 'cargo',
    isRequired: false,
  },
  php: {
    command: 'php',
    args: ['-r', 'echo PHP_VERSION, " ", OPENSSL_VERSION_TEXT;'],
    version: /^8\.\d+\.\d+\S* OpenSSL 3\./u,
    debianPackage: 'php-cli',
  },
  ruby: {
    command: 'ruby',
    args: ['-ropenssl', '-e', 'print RUBY_VERSION, " ", OpenSSL::OPENSSL_LIBRARY_VERSION'],
    version: /^3\.\d+\.\d+\S* OpenSSL 3\./u,
    debianPackage: 'ruby',
  },
  perl: {
    command: 'perl',
    args: ['-MIO::Socket::SSL', '-MJSON::PP', '-e', 'print "$IO::Socket::SSL::VERSION ", Net::SSLeay::SSLeay_version(0)'],
    version: /^2\.\d+ OpenSSL 3\./u,
    debianPackage: 'libio-socket-ssl-perl',
  },
  python3: { command: 'python3', args: ['--version'], version: /^Python 3\.(?:[89]|\d\d)/u, debianPackage: 'python3' },
} as const satisfies Readonly<Record<string, ToolRow>>;

/** English messages, and arguments and files in UTF-8. */
const neutralLocale = { LC_ALL: 'C.UTF-8', TZ: 'UTC' };
/** The JVM does not live long enough for its second compiler to pay. */
const quickStart = '-XX:TieredStopAtLevel=1';
