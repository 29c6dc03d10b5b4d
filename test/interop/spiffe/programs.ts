import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { fetchedProgram, outputOf, pySpiffe } from '../judges.ts';
import { type Child, startChild } from '../peers/child.ts';
import { sourceOf } from '../peers/programs.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

/** What a client says of one message, or of an error. */
export interface ClientReport {
  readonly svids?: readonly { readonly id: string; readonly hint: string; readonly leaf: string; readonly certificates: number }[];
  /** SHA-256 of the roots by trust domain. */
  readonly bundles?: Readonly<Record<string, readonly string[]>>;
  readonly error?: string;
  readonly code?: string;
  readonly [other: string]: unknown;
}

/** The environment of a client: where its Workload API is. */
export interface WorkloadEnv {
  readonly SPIFFE_ENDPOINT_SOCKET: string;
}

/** A program that prints lines of JSON. */
export interface Reporting extends AsyncDisposable {
  next(): Promise<ClientReport>;
  ask(...fields: readonly string[]): Promise<ClientReport>;
}

/** Builds the program on go-spiffe for the tests of a block; what it returns gives its path once they run. */
export function builtGoSpiffe(): () => string {
  let folder: TemporaryFolder | undefined;
  let program = '';
  beforeAll(async () => {
    folder = temporaryFolder();
    program = await buildGoSpiffe(folder);
  }, buildTimeout);
  afterAll(() => folder?.[Symbol.dispose]());
  return () => program;
}

/** With its modules. A clean machine fetches and compiles gRPC, which takes minutes. */
async function buildGoSpiffe(folder: TemporaryFolder): Promise<string> {
  const built = path.join(folder.path, 'go-spiffe');
  const env = { GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' };
  await outputOf('go', ['build', '-C', sourceOf('go-spiffe'), '-o', built, '.'], { env, timeout: buildTimeout });
  return built;
}

/** Starts it in one of its modes. */
export function startGoSpiffe(program: string, env: WorkloadEnv, ...args: readonly string[]): Reporting {
  return reporting(startChild(program, args, { ...env }));
}

/** Builds the program on the crate spiffe for the tests of a block, in a folder that stays: what the crate needs takes minutes. */
export function builtRustSpiffe(): () => string {
  const folder = fetchedProgram('rust-spiffe');
  beforeAll(async () => {
    const manifest = path.join(sourceOf('rust-spiffe'), 'Cargo.toml');
    await outputOf('cargo', ['build', '--quiet', '--locked', '--manifest-path', manifest], {
      env: { CARGO_TARGET_DIR: folder },
      timeout: buildTimeout,
    });
  }, buildTimeout);
  return () => path.join(folder, 'debug', 'rust-spiffe');
}

/** The same with the program on the crate spiffe. */
export function startRustSpiffe(program: string, env: WorkloadEnv, ...args: readonly string[]): Reporting {
  return reporting(startChild(program, args, { ...env }));
}

/** The same with the program on py-spiffe. */
export function startPySpiffe(env: WorkloadEnv, ...args: readonly string[]): Reporting {
  return reporting(startChild('python3', [pySpiffe, ...args], { ...env }));
}

function reporting(child: Child): Reporting {
  const next = async (): Promise<ClientReport> => JSON.parse(await child.line()) as ClientReport; // as the programs say in their first comments
  return {
    next,
    ask(...fields) {
      child.write(`${fields.join('\t')}\n`);
      return next();
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Milliseconds. */
const buildTimeout = 600_000;
