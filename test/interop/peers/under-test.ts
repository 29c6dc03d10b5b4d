import type { Identity } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import type { TemporaryFolder } from '../temporary-folder.ts';
import { startChild } from './child.ts';

/** A peer program of `fixtures/peers` as the catalogue runs it. */
export interface PeerUnderTest {
  /** A server of that stack, anew for each scenario. */
  readonly start: (own: {
    readonly identity: Identity;
    readonly trust: string;
    readonly crl?: readonly string[] | undefined;
  }) => Promise<StartedPeer>;
  /** A call of a client of that stack, by a process of its own; throws the library's own words where it fails. */
  readonly call: (at: {
    readonly host: string;
    readonly port: number;
    readonly tls: {
      readonly key: string;
      readonly cert: string;
      readonly ca: string;
      readonly servername?: string;
      readonly crl?: readonly string[];
    };
  }) => Promise<void>;
}

interface StartedPeer {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly close: () => unknown;
}

/** The program that a command starts, with one version of TLS; its files are kept in the folder. */
export function peerUnderTest(
  [tool, ...args]: readonly [string, ...string[]],
  version: TlsVersion,
  folder: TemporaryFolder,
): PeerUnderTest {
  let files = 0;
  const file = (text: string): string => folder.write(`${version}-${(files += 1)}.pem`, text);
  return {
    async start({ identity, trust, crl }) {
      const crls = crl ? [file(crl.join(''))] : [];
      const own = [file(trust), file(identity.chainPem), file(identity.keyPem), version, ...crls];
      const child = startChild(tool, [...args, 'server', ...own]);
      const { port } = JSON.parse(await child.line()) as { readonly port: number }; // the first line of each server program
      return { host: '127.0.0.1', port, servername: 'localhost', close: () => child[Symbol.asyncDispose]() };
    },
    async call({ host, port, tls: { ca, cert, key, servername = host, crl } }) {
      await using child = startChild(tool, [...args, 'client']);
      const fields = ['127.0.0.1', String(port), servername, file(ca), file(cert), file(key), version, crl ? file(crl.join('')) : ''];
      child.write(`${fields.join('\t')}\n`);
      const said = JSON.parse(await child.line()) as { readonly verdict: string; readonly error?: string }; // one line of each client program
      if (said.verdict !== 'accepted') throw new Error(said.error ?? 'refused');
    },
  };
}
