import path from 'node:path';
import type { Identity, Pki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { outputOf } from '../judges.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';
import { type Child, startChild } from './child.ts';
import type { ClientPeer, PeerReport, ServerPeer } from './peer.ts';

/** How the programs of one language are started, and how they are given a certificate and its key: as two fields. */
export interface Language {
  /** The command; may build it into the folder, once. */
  readonly command: (program: 'client' | 'server', folder: TemporaryFolder) => Promise<readonly [string, ...string[]]>;
  readonly credentialFields: (identity: Identity, folder: TemporaryFolder) => readonly [string, string];
}

/** The client program of a language; one process answers all calls. */
export async function clientProgram({ command, credentialFields }: Language): Promise<ClientPeer> {
  const folder = temporaryFolder();
  const [tool, ...args] = await command('client', folder);
  const child = startChild(tool, args);
  return {
    async call({ port, credential, serverName, trust, version }) {
      const presented = credential ? credentialFields(credential.identity, folder) : ['', ''];
      const fields = ['127.0.0.1', String(port), serverName, folder.write('trusted.pem', trust), ...presented, version];
      child.write(`${fields.join('\t')}\n`);
      return reportOf(await child.line());
    },
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** The server program of a language; one process for each version of TLS, from when it is first needed. */
export async function serverProgram({ command, credentialFields }: Language, pki: Pki): Promise<ServerPeer> {
  const folder = temporaryFolder();
  const [tool, ...args] = await command('server', folder);
  const own = credentialFields(pki.server(), folder);
  const anchors = folder.write('trusted.pem', pki.anchors);
  const running = new Map<TlsVersion, { readonly child: Child; readonly port: Promise<number> }>();
  const start = (version: TlsVersion): { readonly child: Child; readonly port: Promise<number> } => {
    const child = startChild(tool, [...args, anchors, ...own, version]);
    const started = { child, port: child.line().then(portOf) };
    running.set(version, started);
    return started;
  };
  return {
    async serve(version, attempt) {
      const { child, port } = running.get(version) ?? start(version);
      const result = await attempt(await port);
      return { result, report: reportOf(await child.line()) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.values()].map(({ child }) => child[Symbol.asyncDispose]()));
      folder[Symbol.dispose]();
    },
  };
}

/** A stack in C: one program is client and server, by its first argument. */
export function languageOfC(stack: string, libraries: readonly string[]): Language {
  return {
    async command(program, folder) {
      const built = path.join(folder.path, stack);
      await outputOf('cc', ['-o', built, path.join(sourceOf(stack), 'peer.c'), ...libraries]);
      return [built, program];
    },
    credentialFields: pemFields,
  };
}

/** Where the programs of a language are. */
export function sourceOf(name: string): string {
  return path.join(import.meta.dirname, '../../../fixtures/peers', name);
}

/** Writes chain and key as two PEM files. */
export function pemFields({ chainPem, keyPem }: Identity, folder: TemporaryFolder): [string, string] {
  return [folder.write('chain.pem', chainPem), folder.write('key.pem', keyPem)];
}

function portOf(line: string): number {
  return (JSON.parse(line) as { readonly port: number }).port; // the first line of each server program
}

function reportOf(line: string): PeerReport {
  // One line of each program, as it describes itself in its first comment.
  const { verdict, ...said } = JSON.parse(line) as {
    readonly verdict: PeerReport['verdict'];
    readonly answer?: string;
    readonly client?: string;
    readonly error?: string;
    readonly reason?: string;
  };
  const words = [said.error, said.reason, said.answer].filter((text) => text !== undefined).join('; ');
  return { verdict, words, ...(said.client !== undefined && { client: said.client }) };
}
