import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe } from 'vitest';
import type { Pki } from '../../src/index.ts';
import { startChild } from './peers/child.ts';
import { pemFields, sourceOf } from './peers/programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The libraries in which there is a server that refuses late. */
type LateStack = keyof typeof libraries;

/** What such a server does; see fixtures/peers/late-refusal/openssl.c. */
export interface LateBehavior {
  readonly stack: LateStack;
  /** Milliseconds between the end of the handshake and the refusal. */
  readonly delay: number;
  readonly tickets: boolean;
  readonly how: 'alert' | 'close' | 'greet' | 'early' | 'early-close';
}

/** A running server. */
export interface LateServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
}

/** `describe` for what the C servers do; skipped loudly where they cannot be compiled, a failure under CI. */
export function describeWithLateServers(): typeof describe | typeof describe.skip {
  const broken = (['openssl', 'gnutls'] as const).map((stack) => programOf(stack)).find((program) => 'problem' in program);
  if (!broken) return describe;
  const missing = `the servers in fixtures/peers/late-refusal cannot be compiled, so they are not tried (${broken.problem}); on Debian: apt-get install gcc libc6-dev libssl-dev libgnutls28-dev`;
  if (process.env['CI']) throw new Error(missing);
  // oxlint-disable-next-line no-console -- a peer that is missing must not pass unnoticed
  console.warn(missing);
  return describe.skip;
}

/** Starts one, on a port of its own choice. */
export async function startLateServer(pki: Pki, { stack, delay, tickets, how }: LateBehavior): Promise<LateServer> {
  const program = programOf(stack);
  if ('problem' in program) throw new Error(program.problem);
  const folder = temporaryFolder();
  const files = [...pemFields(pki.server(), folder), folder.write('anchors.pem', pki.anchors)];
  const child = startChild(program.path, [...files, String(delay), tickets ? '1' : '0', how]);
  return {
    host: '127.0.0.1',
    port: Number(await child.line()),
    servername: 'localhost',
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

type Program = { readonly path: string } | { readonly problem: string };

/** Compiled once for each test file. */
function programOf(stack: LateStack): Program {
  const known = programs.get(stack);
  if (known) return known;
  const output = path.join(programFolder.path, stack);
  const source = path.join(sourceOf('late-refusal'), `${stack}.c`);
  const { error, status, stderr } = spawnSync('gcc', ['-O1', '-o', output, source, ...libraries[stack]], { encoding: 'utf8' });
  const program =
    status === 0 ? { path: output } : { problem: error?.message ?? stderr.split('\n').find((line) => line.includes('error')) ?? 'gcc' };
  programs.set(stack, program);
  return program;
}

const libraries = { openssl: ['-lssl', '-lcrypto'], gnutls: ['-lgnutls'] } as const;
const programs = new Map<LateStack, Program>();
const programFolder = temporaryFolder();
process.once('exit', () => programFolder[Symbol.dispose]());
