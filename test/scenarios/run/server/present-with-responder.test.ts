import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../../src/index.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction, ServerTarget } from '../../../../src/scenarios/run/target.ts';
import { usualConfiguration } from '../../../../src/scenarios/run/server/server-under-test.ts';
import { listen } from '../../../../src/net/listen.ts';
import { httpsServer, mutualTls } from '../../../mutants/correct-servers.ts';
import { alarms } from '../../../mutants/report.ts';
import { judgeServer } from '../../../mutants/judge.ts';
import { ocspServer, type OcspServerOptions } from '../../../mutants/ocsp-servers.ts';
import { clientScenario } from '../../scenario.ts';

const pki = createPki({ name: 'published by OCSP' });
const ids = ['ocsp-client-revoked', 'ocsp-client-stale', 'ocsp-client-forged', 'ocsp-client-unknown', 'ocsp-client-responder-down'];
/** The servers of these tests read the chain that their client has sent, which those of Node.js 24.21 do not give. */
const hasChains = !process.versions.node.startsWith('24.');

test('a server of Node.js, which asks no responder, cannot take part', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });

  const result = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target: server });

  expect(result).toMatchObject({ status: 'not-judged', unsuitable: true, handshake: { verdict: 'accepted' } });
  expect(result.message).toContain('no request came to the OCSP responder');
});

test('a server that asks no responder fails where the user expects it to reject', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });

  const result = await runScenario(clientScenario('ocsp-client-revoked'), {
    pki,
    target: server,
    expected: { verdict: 'rejected', by: 'server' },
  });

  expect(result).toMatchObject({ status: 'unexpected' });
  expect(result.message).toMatch(/the OCSP responder was not asked$/u);
});

test('a suite of a server that asks no responder says so once, for all scenarios and versions', async () => {
  const subject = {
    name: 'Node.js',
    versions: ['TLSv1.3', 'TLSv1.2'] as const,
    within: { ids },
    start: (configuration: Parameters<typeof mutualTls>[0]) => httpsServer(mutualTls(configuration)),
  };

  const judgements = await judgeServer(subject, pki);

  const skipped = judgements.filter(({ status }) => status === 'skipped');
  expect(skipped).toHaveLength(2 * ids.length);
  expect(skipped.filter(({ isAside }) => isAside !== true).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^no request came to the OCSP responder that the certificate names/u),
  ]);
  expect(alarms(judgements)).toEqual([]);
});

test.runIf(hasChains).for(['POST', 'GET'] as const)('a result says how a server has asked: by %s', async (method) => {
  await using service = await serving({ method });

  const result = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target: service.target });

  expect(result).toMatchObject({ status: 'as-expected' });
  expect(result.message).toMatch(new RegExp(`; the OCSP responder was asked by ${method} and answered "revoked"$`, 'u'));
});

test.runIf(hasChains)('a server that fails softly is said to accept though its responder was out of order', async () => {
  await using service = await serving({ lets: async (status) => (await status().catch(() => 'none')) !== 'revoked' });

  const down = await runScenario(clientScenario('ocsp-client-responder-down'), { pki, target: service.target });
  const revoked = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target: service.target });

  expect(down).toMatchObject({ status: 'unexpected' });
  expect(down.message).toMatch(/let the client in; .* answered "unavailable", which the server takes for good: it fails softly$/u);
  expect(revoked).toMatchObject({ status: 'as-expected' });
});

test.runIf(hasChains)('a responder listens at the address that is asked for, and is closed afterwards', async () => {
  await using service = await serving({});
  const named: (string | undefined)[] = [];
  const target: ServerTarget = async (material) => {
    named.push(new X509Certificate(material.cert ?? '').infoAccess);
    await service.target(material);
  };

  const result = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target, responderHost: '127.0.0.2' });

  expect(result).toMatchObject({ status: 'as-expected' });
  expect(named).toEqual([expect.stringMatching(atOtherAddress), expect.stringMatching(atOtherAddress)]); // the control's, and that of the scenario
  for (const access of named) {
    const [url = ''] = /http:\S+/u.exec(access ?? '') ?? [];
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  }
});

test('an address that is not one is refused before anything is started', async () => {
  const run = runScenario(clientScenario('ocsp-client-revoked'), { pki, target: async () => {}, responderHost: '' });

  await expect(run).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});

test.runIf(hasChains)('a server that rejects every certificate with a responder is not judged', async () => {
  await using service = await serving({ lets: async (status) => (await status()) === 'never' });

  const result = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target: service.target });

  expect(result).toMatchObject({ status: 'not-judged' });
  expect(result.message).toContain('says "good" and was asked by POST and answered "good"');
});

async function serving(options: OcspServerOptions): Promise<{ readonly target: AttemptFunction } & AsyncDisposable> {
  const { serve, attempt } = ocspServer(options);
  const server = await serve(usualConfiguration({ pki }));
  await listen(server, { host: '127.0.0.1', port: 0 });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    target: attempt(port),
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const atOtherAddress = /^OCSP - URI:http:\/\/127\.0\.0\.2:\d+\/ocsp$/mu;
