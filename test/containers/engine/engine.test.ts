import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findEngine } from '../../../src/containers/engine/engine.ts';
import { MtlsNginx } from '../../../src/containers/services/web/nginx.ts';
import { imageOf, lacksImages } from '../images.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Only Linux lets a process have a /run of its own, and only root. */
const canHideTheEngine = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;

describe.runIf(canHideTheEngine)('without an engine', () => {
  test('the error says so, and what to do', () => {
    const attempts = ["withMtls(new GenericContainer('any'), createPki())", 'hostGateway()', 'new MtlsPostgres().start()'];

    const message =
      /^NO_CONTAINER_ENGINE Cannot use containers: no engine answers \(DOCKER_HOST is "tcp:\/\/127\.0\.0\.1:1"; .*\); start Docker/u;
    expect(errorsWithoutEngine(attempts)).toEqual(attempts.map(() => expect.stringMatching(message)));
  });

  test('wrong options are what is reported: they are checked before an engine is looked for', () => {
    const attempts = [
      "withMtls(new GenericContainer('any'), createPki(), { directory: 'relative' })",
      "withMtls(new GenericContainer('any'), createPki(), { names: 'not a name' })",
      "withMtls(new GenericContainer('any'), createPki(), { leaf: { notAfter: 'tomorrow' } })",
      "withMtls(new GenericContainer('any'), createPki(), { crl: 'not PEM' })",
      'new MtlsKafka().withCredential({ crl: true }).start()',
      'new MtlsRedis().withCredential({ crl: true }).start()',
      "new MtlsPostgres().withCredential({ trust: '' }).start()",
    ];

    expect(errorsWithoutEngine(attempts).map((line) => line.split(' ')[0])).toEqual([
      'OPTION_INVALID',
      'NAME_INVALID',
      'OPTION_INVALID',
      'PEM_INVALID',
      'OPTION_INVALID',
      'OPTION_INVALID',
      'TRUST_MISSING',
    ]);
  });
});

test('without testcontainers the error names the package to install', () => {
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (specifier === 'testcontainers') throw Object.assign(new Error('not found'), { code: 'MODULE_NOT_FOUND' });
      return next(specifier, context);
    } });
    await import('./src/containers/index.ts').catch((error) => console.log(error.code, error.message));
  `;

  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });

  expect(output.trim()).toBe(
    'PACKAGE_MISSING Cannot load "testcontainers": it is an optional package that is not installed; run npm install --save-dev testcontainers@12',
  );
});

describe.skipIf(await lacksImages(['nginx']))('an engine elsewhere', () => {
  test('gives containers certificates for its own name, over its API alone', async () => {
    const port = await startProxy('/var/run/docker.sock');
    const script = `
      import { MtlsNginx } from './src/containers/index.ts';
      import { attemptHandshake } from './src/index.ts';
      await using nginx = await new MtlsNginx('${imageOf('nginx')}').start();
      const endpoint = { host: nginx.getHost(), port: nginx.getPort(), servername: nginx.getHost() };
      const { verdict } = await attemptHandshake(endpoint, { identity: nginx.client });
      console.log(endpoint.host, verdict);
    `;

    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      env: { ...process.env, DOCKER_HOST: `tcp://127.0.0.1:${port}`, TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.3' },
    });

    expect(stdout.trim()).toBe('127.0.0.3 accepted');
  });
});

describe.skipIf(await lacksImages(['nginx']))('an image that the engine does not have', () => {
  test.for([
    ['for the platform', () => new MtlsNginx(imageOf('nginx')).withPlatform('linux/s390x'), 'linux/s390x'],
    ['from its registry', () => new MtlsNginx('127.0.0.1:1/none:1'), '127.0.0.1:1'],
  ] as const)('%s is an error with the engine’s reason, and nothing is left', async ([, create, reason]) => {
    const label = { 'mtls-fixtures.test': randomUUID() };

    await expect(create().withLabels(label).start()).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      facts: { reason: expect.stringContaining(reason) },
    });
    expect(await containersWith(label)).toEqual([]);
    await using control = await new MtlsNginx(imageOf('nginx')).withLabels(label).start();
    expect(await containersWith(label)).toEqual([control.getId()]);
  });
});

async function containersWith(label: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { container } = await findEngine();
  const found = await container.dockerode.listContainers({
    all: true,
    filters: { label: Object.entries(label).map((pair) => pair.join('=')) },
  });
  return found.map(({ Id }) => Id);
}

/** Stands in for an engine on another machine: reached by TCP, under another address. */
async function startProxy(path: string): Promise<number> {
  const proxy = net.createServer((socket) => {
    const engine = net.connect(path);
    socket.on('error', () => engine.destroy()).pipe(engine);
    engine.on('error', () => socket.destroy()).pipe(socket);
  });
  proxy.listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await once(proxy, 'listening');
  return (proxy.address() as net.AddressInfo).port; // of a TCP server
}

/** What each of these expressions rejects with, in a process that sees no engine: `<code> <message>`. */
function errorsWithoutEngine(attempts: readonly string[]): readonly string[] {
  const script = `
    import { withMtls, hostGateway, MtlsKafka, MtlsPostgres, MtlsRedis } from './src/containers/index.ts';
    import { createPki } from './src/index.ts';
    import { GenericContainer } from 'testcontainers';
    const attempts = [${attempts.map((attempt) => `async () => ${attempt}`).join(', ')}];
    for (const attempt of attempts) await attempt().catch((error) => console.log(error.code, error.message));
  `;
  const command = 'mount -t tmpfs none /run && exec "$0" --input-type=module --eval "$1"';
  const output = execFileSync('unshare', ['--mount', 'sh', '-c', command, process.execPath, script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', DOCKER_HOST: 'tcp://127.0.0.1:1' },
  });
  return output.trim().split('\n');
}
