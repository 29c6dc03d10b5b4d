// Unedited flights of the engine, with the other implementations of TLS 1.3 on the other side: all of them take it, and it takes them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { EngineError } from '../../../src/wire/engine/handshake-end.ts';
import type { ClientOptions } from '../../../src/wire/engine/peer-options.ts';
import { runClientHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { connect, credentialOf, engineServer } from '../../wire/engine/engine-peers.ts';
import { describeWith } from '../judges.ts';
import type { ClientPeer, ServerPeer, StartClientPeer, StartServerPeer } from '../peers/peer.ts';
import { stacks } from './stacks.ts';

const pki = createPki({ name: 'engine' });
const version = 'TLSv1.3';

/** How a handshake ends that the server refuses. */
const byAlert: unknown = { end: expect.objectContaining({ kind: 'refused' }) };
const withoutAnswer: unknown = expect.not.objectContaining({ answer: 'hello\n' });

for (const { name, tool, server, client, rejectsCookies, isMute = false, hangsUp = false, isTls12Alone = false } of stacks) {
  if (isTls12Alone) continue;
  describeWith(tool)(`a server of ${name}`, () => testServer(server, { isMute, refusal: hangsUp ? withoutAnswer : byAlert }));
  describeWith(tool)(`a client of ${name}`, () => testClient(client, rejectsCookies ? ['group'] : ['group', true]));
}

const algorithms = ['ec-p256', 'ec-p384', 'rsa-2048'] as const;

function testServer(start: StartServerPeer, { isMute, refusal }: { readonly isMute: boolean; readonly refusal: unknown }): void {
  let server: ServerPeer | undefined;
  beforeAll(async () => {
    server = await start(pki);
  }, 600_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  describe('accepts the client', () => {
    test.for(algorithms)('with a key of %s, and answers it', async (keyAlgorithm) => {
      const credential = credentialOf(pki.client('engine-client', { keyAlgorithm }));
      const { result, report } = await served(server).serve(version, (port) => askedBy(port, { credential }, isMute));

      expect(result, report.words).toEqual({ answer: isMute ? '' : 'hello\n' });
      expect(report, report.words).toMatchObject({ verdict: 'accepted', client: 'engine-client' });
    });

    test.for(['secp256r1', 'secp384r1'])('with a key share of %s alone', async (group) => {
      const credential = credentialOf(pki.client('engine-client'));
      const { result, report } = await served(server).serve(version, (port) => askedBy(port, { credential, groups: [group] }, isMute));

      expect(result, report.words).toEqual({ answer: isMute ? '' : 'hello\n' });
      expect(report.verdict, report.words).toBe('accepted');
    });
  });

  test('refuses the client without a certificate', async () => {
    const { result, report } = await served(server).serve(version, (port) => askedBy(port, {}));

    expect(result, report.words).toEqual(refusal);
    expect(report.verdict, report.words).toBe('rejected');
  });
}

/** What a server answered, or how the connection ended. */
async function askedBy(port: number, options: Omit<ClientOptions, 'version'>, isMute = false): Promise<object> {
  try {
    const connection = await runClientHandshake(connect(port), { version, servername: 'localhost', timeout: 20_000, ...options });
    await connection.write(Buffer.from('hello\n'));
    const answer = isMute ? '' : String(await connection.read());
    await connection.close();
    return { answer };
  } catch (error) {
    if (error instanceof EngineError) return { end: error.end };
    throw error;
  }
}

function testClient(start: StartClientPeer, retries: readonly ('group' | true)[]): void {
  let client: ClientPeer | undefined;
  beforeAll(async () => {
    client = await start();
  }, 600_000);
  afterAll(() => client?.[Symbol.asyncDispose]());

  const call = async (port: number): Promise<{ readonly verdict: string; readonly words: string }> => {
    if (!client) throw new TypeError('the client was not started');
    const credential = { identity: pki.client('caller'), host: 'localhost', trust: pki.anchors };
    return client.call({ port, credential, serverName: 'localhost', trust: pki.anchors, version });
  };

  test.for(algorithms)('accepts a server with a key of %s', async (keyAlgorithm) => {
    await using server = await engineServer({
      credential: credentialOf(pki.server({ keyAlgorithm })),
      requestCertificate: true,
      timeout: 20_000,
    });

    const { verdict, words } = await call(server.port);

    expect(verdict, words).toBe('accepted');
    expect(server.ends).toEqual([expect.objectContaining({ version })]);
  });

  test.for(retries)('accepts a server that sends a HelloRetryRequest (%s)', async (helloRetry) => {
    await using server = await engineServer({
      credential: credentialOf(pki.server()),
      helloRetry,
      requestCertificate: true,
      timeout: 20_000,
    });

    const { verdict, words } = await call(server.port);

    expect(verdict, `${words} ${JSON.stringify(server.ends)}`).toBe('accepted');
  });

  test('refuses a server of another authority', async () => {
    await using server = await engineServer({ credential: credentialOf(createPki({ name: 'other' }).server()), timeout: 20_000 });

    const { verdict, words } = await call(server.port);

    expect(verdict, words).toBe('rejected');
  });
}

function served(server: ServerPeer | undefined): ServerPeer {
  if (!server) throw new TypeError('the server was not started');
  return server;
}
