import { appendFileSync } from 'node:fs';
import { expect, test } from '../../../src/vitest/index.ts';
import { attemptHandshake, createPki, startTlsServer, writeFiles } from '../../../src/index.ts';

/** One line of the log that all neighbours write. */
export interface NeighbourLine {
  readonly name: string;
  readonly ports: readonly number[];
  readonly directory: string;
  readonly runRoot: string;
  readonly ownRoot: string;
}

/** A test file among others that run at the same time: servers on any free port and on those of a list that all share, files, PKIs, and one failing test with a capture. */
export function registerNeighbour(name: string): void {
  test('meets none of the others', async ({ pki, server }) => {
    const own = createPki();
    using files = writeFiles(own.client(name));
    await using listed = await startTlsServer({ identity: own.server(), port: sharedPorts });
    const insider = { identity: own.client(name) };
    const outsider = { identity: pki.client(name).trusting(own) };

    for (let round = 0; round < 5; round += 1) {
      expect(await attemptHandshake(listed, insider)).toBeAccepted();
      expect(await attemptHandshake(listed, outsider)).toBeRejected({ by: 'server' });
      expect(await attemptHandshake(server, { identity: pki.client(name) })).toBeAccepted();
    }

    for (const { handshakes } of [listed, server])
      expect(new Set(handshakes.map(({ clientCertificate }) => clientCertificate?.commonName))).toEqual(new Set([name]));
    const line: NeighbourLine = {
      name,
      ports: [listed.port, server.port],
      directory: files.directory,
      runRoot: pki.root.certificate.fingerprint256,
      ownRoot: own.root.certificate.fingerprint256,
    };
    appendFileSync(process.env['NEIGHBOURS_LOG'] ?? '', `${JSON.stringify(line)}\n`);
  });

  test('fails, and writes a capture', async ({ server, client }) => {
    expect(await attemptHandshake(server, { identity: client })).toBeRejected();
  });
}

/** All neighbours begin at the same port; below those that systems hand out. */
const sharedPorts = Array.from({ length: 40 }, (_unused, index) => 21_100 + index);
