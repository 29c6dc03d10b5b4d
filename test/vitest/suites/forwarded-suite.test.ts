import http from 'node:http';
import https from 'node:https';
import { expect, test } from 'vitest';
import { parseForwardedHeaders } from '../../../src/forwarded/index.ts';
import type { ForwardedFormat } from '../../../src/forwarded/format.ts';
import { headerFormats } from '../../../src/forwarded/formats.ts';
import { createPki, type PeerCertificate } from '../../../src/index.ts';
import { formatFacts } from '../../../src/scenarios/catalogue/forwarded/format-facts.ts';
import type { LegitimatePeer } from '../../../src/scenarios/catalogue/scenario.ts';
import type { ForwardedSource } from '../../../src/scenarios/run/forwarded/forwarded-source.ts';
import { planForwardedSuite } from '../../../src/vitest/suites/forwarded-suite.ts';
import type { ForwardedSuiteOptions } from '../../../src/vitest/suites/forwarded-options.ts';

const pki = createPki();

/** An application that reads the headers strictly, and authorizes one client. */
function strict(format: ForwardedFormat): http.RequestListener {
  return (request, response) => {
    request.resume();
    request.on('end', () => {
      try {
        const { certificate, verified, fields } = parseForwardedHeaders(request.rawHeaders, format);
        const name = certificate ? certificate.commonName : fields['user'];
        const isVerified = formatFacts[format].verify === undefined || verified === true;
        response.writeHead(isVerified && name === 'client' && certificate?.isAuthority !== true ? 200 : 403).end();
      } catch {
        response.writeHead(400).end();
      }
    });
  };
}

interface Run {
  readonly statuses: readonly string[];
  readonly alarms: readonly string[];
}

async function run(source: ForwardedSource, options: ForwardedSuiteOptions): Promise<Run> {
  const { application, control, scenarios, lastControl } = planForwardedSuite('an application', source, { pki, ...options });
  await application.open();
  try {
    const statuses: string[] = [];
    const alarms: string[] = [];
    for (const { record, run: outcomeOf } of [control, ...scenarios, ...(lastControl ? [lastControl] : [])]) {
      const { status, isSkipped, message } = await outcomeOf();
      statuses.push(isSkipped ? 'skipped' : status);
      if (!isSkipped && status !== 'as-expected') alarms.push(`${record.id}: ${message}`);
    }
    return { statuses, alarms };
  } finally {
    await application.close();
  }
}

test.for(headerFormats.map(({ format }) => format))('a strict application behind %s raises no alarm', async (format) => {
  const tiers = ['core', 'control', 'extended', 'varies'] as const;
  const { statuses, alarms } = await run({ start: () => strict(format), format }, { tiers, proxyVerifies: true });

  expect(alarms).toEqual([]);
  expect(statuses.filter((status) => status === 'as-expected').length).toBeGreaterThan(30);
});

test('an application is started, or found, in every form that servers have', async () => {
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  const running = http.createServer(strict('rfc9440')).listen(0, '127.0.0.1', resolve);
  await listening;
  const { port } = Object(running.address()) as { port: number }; // it listens
  const forms: readonly Partial<ForwardedSource>[] = [
    { start: () => strict('rfc9440') },
    { start: () => http.createServer(strict('rfc9440')) },
    { start: () => Promise.resolve({ server: http.createServer(strict('rfc9440')), close: () => undefined }) },
    { start: () => ({ callback: () => strict('rfc9440') }) },
    { start: () => ({ getHttpServer: () => http.createServer(strict('rfc9440')) }) },
    { start: () => ({ host: '127.0.0.1', port }) },
    { start: () => ({ url: `http://127.0.0.1:${port}` }) },
    { target: running },
    { target: { host: '127.0.0.1', port } },
    { target: new URL(`http://127.0.0.1:${port}/`) },
    { target: `http://127.0.0.1:${port}` },
    { target: http.createServer(strict('rfc9440')) },
  ];

  for (const form of forms)
    expect(await run({ ...form, format: 'rfc9440' }, { only: ['forwarded-other-client'] })).toEqual({
      statuses: ['as-expected', 'as-expected', 'as-expected'],
      alarms: [],
    });
  expect(running.listening).toBe(true); // it was not the suite's
  running.close();
});

test.for<readonly [source: object, message: RegExp]>([
  [{ start: () => 7 }, /^Cannot start the server under test: start or target is "7"; pass an http\.Server/u],
  [{ start: () => ({ app: 1 }) }, /start or target is "\{ app \}"/u],
  [
    {
      start: (): never => {
        throw new Error('no port');
      },
    },
    /start threw "no port"; correct what it does/u,
  ],
  [{ target: 'localhost:3000' }, /start or target is "localhost:3000"/u],
])('what is not an application is an error before any test: %o', async ([source, message]) => {
  const { application } = planForwardedSuite('never', { ...source, format: 'rfc9440' } as never, { pki }); // as JavaScript may

  await expect(application.open()).rejects.toThrow(
    expect.objectContaining({ code: 'SERVER_START_FAILED', message: expect.stringMatching(message) }),
  );
});

test.for([
  [{ names: { subject: 'X-Subject' } }, {}, /^Cannot use names "subject": expected fields of the format rfc9440: certificate, chain/u],
  [{}, { only: ['forwarded-verify-absent'] }, /^Cannot use only "forwarded-verify-absent": expected scenarios of the format rfc9440/u],
  [{}, { only: ['forwarded-nil'] }, /^Cannot use only "forwarded-nil": expected the id of a scenario/u],
  [{}, { skip: { 'forwarded-nul': '' } }, /^Cannot use skip\["forwarded-nul"\]/u],
  [{ authorizes: { name: 'client' } }, {}, /^Cannot use authorizes "name": expected exactly one of commonName/u],
  [{}, { path: 'a' }, /^Cannot use path "a": expected a path of printable ASCII/u],
  [{}, { request: { method: 'CONNECT' } }, /^Cannot use method "CONNECT"/u],
] as const)('what the catalogue decides is an error before anything is started: %j %j', ([source, options, message]) => {
  const plan = (): unknown =>
    planForwardedSuite('never', { start: () => strict('rfc9440'), format: 'rfc9440', ...source } as never, { pki, ...options }); // as JavaScript may

  expect(plan).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }));
});

test('an application that says who each client is passes, and is caught where it says the name that was forged', async () => {
  const says =
    (nameOf: (request: http.IncomingMessage) => unknown): http.RequestListener =>
    (request, response) => {
      try {
        const body = JSON.stringify({ client: nameOf(request) });
        response.writeHead(200).end(body);
      } catch {
        response.writeHead(400).end();
      }
    };
  const identity: ForwardedSuiteOptions['identity'] = ({ body }) => (JSON.parse(body) as { client?: string }).client; // its own answer
  const strictly = says(({ rawHeaders }) => parseForwardedHeaders(rawHeaders, 'rfc9440').certificate?.commonName);
  const believing = says(
    ({ headers, rawHeaders }) => headers['x-remote-user'] ?? parseForwardedHeaders(rawHeaders, 'rfc9440').certificate?.commonName,
  );
  const alarms = async (application: http.RequestListener): Promise<readonly string[]> =>
    (await run({ start: () => application, format: 'rfc9440' }, { identity })).alarms;

  expect(await alarms(strictly)).toEqual([]);
  expect(await alarms(believing)).toEqual([
    expect.stringMatching(/^forwarded-other-vendor-instead: .*, but it was accepted with status 200 as "client"\nsent:\n/u),
    expect.stringMatching(/^forwarded-other-vendor-beside: .*, but it was accepted with status 200 as "client"\nsent:\n/u),
  ]);
});

test.for([
  ['ed25519', {}],
  ['ec-p256', { intermediates: 0 }],
  ['ec-p256', { intermediates: 2 }],
] as const)('a PKI of %s with %o serves as well', async ([keyAlgorithm, more]) => {
  const { alarms } = await run(
    { start: () => strict('rfc9440'), format: 'rfc9440' },
    { pki: createPki({ keyAlgorithm, ...more }), tiers: ['core', 'control', 'extended'] },
  );

  expect(alarms).toEqual([]);
});

test('of RSA keys one certificate has to do, since none without a plus sign can be had', async () => {
  const { alarms, statuses } = await run(
    { start: () => strict('nginx'), format: 'nginx' },
    { pki: createPki({ keyAlgorithm: 'rsa-2048' }), only: ['forwarded-plus-sign', 'forwarded-other-client'] },
  );

  expect({ alarms, statuses }).toEqual({ alarms: [], statuses: ['as-expected', 'as-expected', 'as-expected', 'as-expected'] });
});

test('an application that authenticates its proxy by TLS is called with the certificate of the proxy, and forged without it', async () => {
  const { key, cert, ca } = pki.client('proxy').tls;
  const server = pki.server();
  const start = (rejectUnauthorized: boolean) => (): https.Server =>
    https.createServer(
      { key: server.keyPem, cert: server.chainPem, ca: pki.anchors, requestCert: true, rejectUnauthorized },
      strict('rfc9440'),
    );
  const judged = async (isStrict: boolean): Promise<Run> =>
    run(
      { start: start(isStrict), format: 'rfc9440' },
      { only: ['forwarded-direct', 'forwarded-other-client'], connect: { key, cert, ca } },
    );

  expect(await judged(true)).toEqual({ statuses: ['as-expected', 'as-expected', 'as-expected', 'as-expected'], alarms: [] });
  expect(await judged(false)).toMatchObject({
    alarms: [expect.stringContaining('forwarded-direct (rfc9440): expected rejected by the server, but it was accepted with status 200')],
  });
});

test.for<readonly [authorizes: LegitimatePeer, nameOf: (certificate: PeerCertificate) => string | undefined]>([
  [{ commonName: 'another client' }, ({ commonName }) => commonName],
  [{ subject: 'O=Example, CN=client' }, ({ subject }) => subject.text],
  [{ spiffeId: 'spiffe://example.test/client' }, ({ spiffeId }) => spiffeId],
])('an application that authorizes %o raises no alarm', async ([authorizes, nameOf]) => {
  const [name] = Object.values(authorizes) as string[]; // it has one
  const application =
    (format: ForwardedFormat): http.RequestListener =>
    (request, response) => {
      request.resume();
      request.on('end', () => {
        try {
          const { certificate } = parseForwardedHeaders(request.rawHeaders, format);
          response.writeHead(certificate && !certificate.isAuthority && nameOf(certificate) === name ? 200 : 403).end();
        } catch {
          response.writeHead(400).end();
        }
      });
    };

  for (const format of ['rfc9440', 'envoy', 'traefik'] as const)
    expect(await run({ start: () => application(format), format, authorizes }, { tiers: ['core', 'control', 'extended'] })).toMatchObject({
      alarms: [],
    });
});
