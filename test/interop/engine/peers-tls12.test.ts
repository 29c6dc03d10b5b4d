// Unedited flights of the engine, with the other implementations of TLS 1.2 on the other side.
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPki, type KeyAlgorithm } from '../../../src/index.ts';
import { runClientHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import { credentialOf, endOf } from '../../wire/engine/engine-peers.ts';
import { engineServer } from '../../wire/engine/tls12/peers.ts';
import { describeWith } from '../judges.ts';
import type { ClientPeer, ServerPeer } from '../peers/peer.ts';
import { stacks } from './stacks.ts';

const pki = createPki({ name: 'engine' });
const version = 'TLSv1.2';

for (const { name, tool, client, server, asksForOwnKind } of stacks) {
  describeWith(tool)(`a server of the engine and a client of ${name}`, () => {
    let peer: ClientPeer | undefined;
    beforeAll(async () => {
      peer = await client();
    }, 600_000);
    afterAll(() => peer?.[Symbol.asyncDispose]());

    test.for(['ec-p256', 'rsa-2048'] satisfies readonly KeyAlgorithm[])(
      'complete a handshake where the server has a key of the kind %s',
      async (keyAlgorithm) => {
        await using ours = await engineServer({
          version,
          credential: credentialOf(pki.server({ keyAlgorithm })),
          requestCertificate: true,
          greeting: false,
        });

        const credential = clientScenario('valid').arrange(pki);
        const report = await peer?.call({ port: ours.port, credential, serverName: 'localhost', trust: pki.anchors, version });

        expect(report?.verdict, report?.words).toBe('accepted');
        expect(await ours.ends[0], report?.words).toBeUndefined();
      },
    );

    test('say both that the server refuses a client without a certificate', async () => {
      await using ours = await engineServer({ version, credential: credentialOf(pki.server()), requestCertificate: true, greeting: false });

      const report = await peer?.call({ port: ours.port, serverName: 'localhost', trust: pki.anchors, version });

      expect(report?.verdict, report?.words).toBe('rejected');
      expect(await ours.ends[0]).toMatchObject({ kind: 'wrong-answer', alert: 'handshake_failure', step: 'client certificate' });
    });
  });

  describeWith(tool)(`a client of the engine and a server of ${name}`, () => {
    let peer: ServerPeer | undefined;
    beforeAll(async () => {
      peer = await server(pki);
    }, 600_000);
    afterAll(() => peer?.[Symbol.asyncDispose]());

    test.for<KeyAlgorithm>(asksForOwnKind ? ['ec-p256', 'ec-p384'] : ['ec-p256', 'rsa-2048'])(
      'complete a handshake where the client has a key of the kind %s',
      async (keyAlgorithm) => {
        const credential = credentialOf(pki.client('alice', { keyAlgorithm }));

        const served = await peer?.serve(version, async (port) => {
          const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
          const connection = await runClientHandshake(socket, { version, credential, servername: 'localhost' });
          await connection.write(Buffer.from('hello\n'));
          await connection.close();
          return connection;
        });

        expect(served?.report, served?.report.words).toMatchObject({ verdict: 'accepted', client: 'alice' });
        expect(served?.result).toMatchObject({ version, resumed: false });
      },
    );

    test('say both that the server refuses a client of an unknown CA', async () => {
      const credential = credentialOf(createPki({ name: 'other' }).client('mallory'));

      const served = await peer?.serve(version, async (port) => {
        const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
        return endOf(runClientHandshake(socket, { version, credential, servername: 'localhost' }));
      });

      expect(served?.report.verdict, served?.report.words).toBe('rejected');
      expect(served?.result?.kind, JSON.stringify(served?.result)).toMatch(/^(refused|closed|reset)$/u);
    });
  });
}
