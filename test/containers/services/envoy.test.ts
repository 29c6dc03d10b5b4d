import fs from 'node:fs';
import { Wait } from 'testcontainers';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MtlsEnvoy, type StartedMtlsEnvoy } from '../../../src/containers/services/envoy.ts';
import { createPki, startHttpsServer } from '../../../src/index.ts';
import { envoyDefinitions, problemsOf } from '../envoy-protos.ts';
import { imageOf, lacksImages } from '../images.ts';

const pki = createPki();

/** Envoy's image is only available from a registry: a script in place of its entrypoint records what it would be given. */
describe.skipIf(await lacksImages(['nginx']))('Envoy’s wrapper, in a container without Envoy', () => {
  let envoy: StartedMtlsEnvoy;
  beforeAll(async () => {
    envoy = await new MtlsEnvoy(imageOf('nginx'))
      .withPki(pki)
      .withCredential({ crl: true })
      .withCopyContentToContainer([{ content: entrypoint, target: '/docker-entrypoint.sh', mode: 0o755 }])
      .withEntrypoint(['/docker-entrypoint.sh'])
      .withWaitStrategy(Wait.forLogMessage('Envoy would run'))
      .start();
  });
  afterAll(() => envoy?.stop());

  test('starts Envoy with the configuration, whose files its user reads', async () => {
    const { output: given } = await envoy.exec(['cat', '/tmp/arguments']);
    const { output: configuration } = await envoy.exec(['cat', '/etc/envoy/envoy.yaml']);

    expect(given).toBe('-c /etc/envoy/envoy.yaml\n');
    expect(configuration).toBe(contentOf('envoy-crl.yaml'));
    for (const file of filesIn(parse(configuration))) {
      const { output, exitCode } = await envoy.exec(['setpriv', '--reuid=101', '--regid=101', '--clear-groups', 'cat', file]);
      expect({ file, output, exitCode }).toMatchObject({ output: expect.stringMatching(/^-----BEGIN /u), exitCode: 0 });
    }
  });

  test('no other user can read the key', async () => {
    const { output } = await envoy.exec(['stat', '-c', '%n %u:%g %a', '/mtls/tls.key']);

    expect(output.trim()).toBe('/mtls/tls.key 101:101 600');
  });

  test('returns options with which undici is accepted, or not', async () => {
    await using server = await startHttpsServer((_, response) => response.end(), { identity: pki.server(), trust: pki });
    const statusFor = async (options: Agent.Options): Promise<number> => {
      const { statusCode, body } = await request(server.url, { dispatcher: new Agent(options) });
      await body.dump();
      return statusCode;
    };

    const status = await statusFor(envoy.clientOptions());
    const refused = statusFor(envoy.clientOptions({ ca: pki.anchors }));

    expect(status).toBe(200);
    await expect(refused).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  });
});

test('Envoy’s two configurations differ by the CRLs alone', () => {
  const [plain, withCrls] = ['envoy.yaml', 'envoy-crl.yaml'].map((name) => contentOf(name).split('\n'));

  const added = withCrls?.filter((line) => !plain?.includes(line)).map((line) => line.trim());

  expect(added).toEqual(['# Envoy wants a CRL of every authority in the chain.', 'crl: { filename: /mtls/ca.crl }']);
  expect(withCrls?.filter((line) => plain?.includes(line))).toEqual(plain);
});

test('Envoy’s configurations read the files that the container is given', () => {
  const files = ['/mtls/tls.crt', '/mtls/tls.key', '/mtls/ca.crt'];

  expect(filesIn(parse(contentOf('envoy.yaml')))).toEqual(files);
  expect(filesIn(parse(contentOf('envoy-crl.yaml')))).toEqual([...files, '/mtls/ca.crl']);
});

const definitions = envoyDefinitions();
// oxlint-disable-next-line no-console -- a missing check must not pass unnoticed
if (!definitions) console.warn('@grpc/grpc-js-xds is not installed, so Envoy’s definitions check nothing');

describe.skipIf(!definitions)('Envoy’s own definitions', () => {
  const judge = (text: string): string[] => {
    if (!definitions) throw new TypeError('there are no definitions'); // skipped
    return problemsOf(parse(text), definitions.lookupType('envoy.config.bootstrap.v3.Bootstrap'));
  };

  test.for(['envoy.yaml', 'envoy-crl.yaml'])('find nothing wrong with %s', (name) => {
    expect(judge(contentOf(name))).toEqual([]);
  });

  test.for([
    ['a field that does not exist', 'crl:', 'crls:', 'CertificateValidationContext has no such field'],
    ['a text for a boolean', 'certificate: true', 'certificate: "true"', 'it is a string in place of a boolean'],
    ['an unknown version', 'TLSv1_2', 'TLSv1.2', 'TlsProtocol has no TLSv1.2'],
    ['an unknown type', '.DownstreamTlsContext', '.ServerTlsContext', 'no such type'],
    ['two alternatives at once', 'prefix: /', 'prefix: /, path: /', 'more than one path_specifier'],
    ['that something required is missing', 'stat_prefix: mtls', 'codec_type: AUTO', 'stat_prefix: it is missing'],
  ] as const)('would find %s', ([, right, wrong, problem]) => {
    const problems = judge(contentOf('envoy-crl.yaml').replace(right, wrong));

    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

function contentOf(name: string): string {
  return fs.readFileSync(new URL(`../../../fixtures/containers/envoy/${name}`, import.meta.url), 'utf8');
}

/** What stands under `filename` anywhere in it. */
function filesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (key === 'filename' ? [String(inner)] : filesIn(inner)));
}

const entrypoint = '#!/bin/sh\necho "$*" >/tmp/arguments\necho "Envoy would run"\nexec sleep 600\n';
