import { inspect } from 'node:util';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { expect, onTestFinished, test } from 'vitest';
import { hostGateway, MtlsMariadb, MtlsRedis, withMtls } from '../../src/containers/index.ts';
import { createPki, type Identity, startTlsServer } from '../../src/index.ts';
import { describeWithImages, imageOf } from '../containers/images.ts';
import { keysIn, keysOf } from './secrets.ts';

const pki = createPki();

interface Started {
  readonly container: StartedTestContainer;
  readonly identity: Identity;
  /** Everything of it that a test holds in its hands. */
  readonly objects: readonly object[];
}

const ways: readonly (readonly [how: string, start: () => Promise<Started>])[] = [
  [
    'withMtls',
    async () => {
      const plain = new GenericContainer(imageOf('redis'))
        .withEntrypoint(['sleep', '60'])
        .withWaitStrategy(Wait.forSuccessfulCommand('true'));
      const definition = await withMtls(plain, pki);
      const container = await definition.start();
      return { container, identity: definition.mtls.identity, objects: [definition, definition.mtls, container] };
    },
  ],
  ['MtlsRedis', async () => startedOf(new MtlsRedis(imageOf('redis')).withPki(pki))],
  ['MtlsMariadb', async () => startedOf(new MtlsMariadb(imageOf('mariadb')).withPki(pki))],
];

await describeWithImages('keys in containers', ['redis', 'mariadb'], () => {
  test.for(ways)(
    '%s puts the key into a file of its own alone: not into environment, labels, command, log and objects',
    async ([, start]) => {
      const { container, identity, objects } = await start();
      onTestFinished(async () => void (await container.stop()));
      const keys = keysOf(pki, identity);
      const { container: engine } = await getContainerRuntimeClient();
      const handle = engine.getById(container.getId());
      const [inspected, log, file] = await Promise.all([
        engine.inspect(handle),
        handle.logs({ stdout: true, stderr: true }),
        container.exec(['sh', '-c', 'stat -c %a /mtls/tls.key; cat /mtls/tls.key; env']),
      ]);

      expect(keysIn(JSON.stringify(inspected), keys)).toEqual([]);
      expect(keysIn(log, keys)).toEqual([]);
      for (const object of objects)
        expect(keysIn(inspect(object) + inspect(object, { depth: Infinity, maxArrayLength: Infinity }), keys)).toEqual([]);
      expect(file.stdout).toMatch(/^600\n/u);
      expect(new Set(keysIn(file.stdout, keys).map((found) => found.replace(/,.*$/u, '')))).toEqual(new Set([identity.name])); // of the PKI nothing
    },
  );

  test('a server on the address that hostGateway hands out causes no warning', async () => {
    const warnings: Error[] = [];
    const record = (warning: Error): void => void warnings.push(warning);
    process.on('warning', record);
    onTestFinished(() => void process.off('warning', record));
    const { bindAddress } = await hostGateway();
    await using server = await startTlsServer({ identity: pki.server(), host: bindAddress });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });

    expect(server.host).toBe(bindAddress);
    expect(warnings).toEqual([]);
  });
});

async function startedOf(definition: MtlsRedis | MtlsMariadb): Promise<Started> {
  const container = await definition.start();
  return { container, identity: container.identity, objects: [definition, container] };
}
