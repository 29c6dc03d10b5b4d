import { expect, test } from 'vitest';
import { attemptHandshake, createPki, observe, startTlsServer } from '../../../src/index.ts';
import { echoServer } from '../user-server.ts';

const pki = createPki();

test('a server remembers all handshakes in their order, unless it is given a maximum', async () => {
  await using all = await startTlsServer({ identity: pki.server() });
  await using two = await startTlsServer({ identity: pki.server(), maxHandshakes: 2 });

  for (const name of ['a', 'b', 'c']) for (const server of [all, two]) await attemptHandshake(server, { identity: pki.client(name) });

  expect(all.handshakes.map(({ clientCertificate }) => clientCertificate?.commonName)).toEqual(['a', 'b', 'c']);
  expect(two.handshakes.map(({ clientCertificate }) => clientCertificate?.commonName)).toEqual(['b', 'c']);
});

test('each is handed out once, also where older ones are forgotten meanwhile', async () => {
  await using server = await startTlsServer({ identity: pki.server(), maxHandshakes: 2 });
  const next = async (timeout?: number): Promise<string | undefined> =>
    (await server.nextHandshake({ timeout })).clientCertificate?.commonName;
  const connect = (name: string): Promise<unknown> => attemptHandshake(server, { identity: pki.client(name) });

  const first = next();
  await connect('a');
  expect(await first).toBe('a');
  await connect('b');
  expect(await next()).toBe('b');
  for (const name of ['c', 'd', 'e']) await connect(name);

  expect([await next(), await next()]).toEqual(['d', 'e']); // c was forgotten before it was asked for
  await expect(next(50)).rejects.toMatchObject({ code: 'NO_HANDSHAKE', facts: { seen: 5 } });
});

test.for([0, -1, 1.5, Number.NaN, '2'])('keeping %s of them is refused before anything opens', async (maxHandshakes) => {
  const options = { maxHandshakes } as { maxHandshakes: number };

  await expect(startTlsServer({ identity: pki.server(), ...options })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'maxHandshakes' },
  });
  expect(() => observe(echoServer(), options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
