import type http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { serverScenarios } from '../../../../src/scenarios/catalogue/catalogue.ts';
import type { Respond } from '../../../../src/scenarios/run/client/respond.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall } from '../../../../src/scenarios/run/target.ts';
import { onClient } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'answers' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const expired = serverScenarios.find(({ id }) => id === 'expired-leaf');
if (!expired) throw new Error('no such scenario');

/** Insists on JSON with a member, as clients of an API do. */
const byJson: ClientCall = async ({ url, tls }) => {
  const request = https.get(`${url}v1/orders`, { ...tls, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]; // its only argument
  const { orders } = JSON.parse(await text(response)) as { readonly orders?: unknown };
  if (!Array.isArray(orders)) throw new TypeError('no orders');
};

/** The same in HTTP/2. */
const byHttp2: ClientCall = async ({ url, tls }) => {
  const session = http2.connect(url, tls);
  try {
    const stream = session.request({ ':path': '/v1/orders' });
    const failed = once(session, 'error').then(([error]) => Promise.reject(error as Error)); // its only argument
    const body = await Promise.race([text(stream), failed]);
    if (!Array.isArray((JSON.parse(body) as { readonly orders?: unknown }).orders)) throw new TypeError('no orders');
  } finally {
    session.destroy();
  }
};

/** Ignores that a response was cut off: reads what came. */
const careless: ClientCall = ({ url, tls }) =>
  new Promise((resolve, reject) => {
    const request = https.get(`${url}v1/orders`, { ...tls, agent: false, insecureHTTPParser: true }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('error', () => {});
      response.on('close', () => {
        try {
          resolve(JSON.parse(body));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
  });

const orders = { orders: [1, 2] };
const handler: http.RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.url === '/v1/orders' ? orders : {}));
};

describe('a client that insists on its answer', () => {
  test.for(versions)('is not judged by the usual answer (%s)', async (version) => {
    const result = await runScenario(expired, { pki, target: byJson, version });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid server was refused') });
  });

  test.for(
    versions.flatMap((version) =>
      [
        ['JSON', orders, byJson],
        ['a handler', handler, byJson],
        ['JSON over HTTP/2', orders, byHttp2],
        ['a handler over HTTP/2', handler, byHttp2],
      ].map(([what, respond, call]) => [what, version, respond as Respond, call as ClientCall] as const),
    ),
  )('is judged by %s (%s)', async ([, version, respond, target]) => {
    const result = await runScenario(expired, { pki, target, version, respond, stack: 'node' });

    expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('CERT_HAS_EXPIRED') });
  });

  test.for([
    ['JSON', orders],
    ['a handler', handler],
  ] as const)('is served by a slow server with %s', async ([, respond]) => {
    const usual = await runScenario(onClient('server-one-byte-at-a-time'), { pki, target: byJson, controlled: true });
    const served = await runScenario(onClient('server-one-byte-at-a-time'), { pki, target: byJson, respond });

    expect(usual).toMatchObject({ status: 'unexpected' });
    expect(served).toMatchObject({ status: 'as-expected' });
  });

  test('fails where it takes an answer that ends before its length for whole, also where what came is JSON', async () => {
    const id = 'server-truncates-response';
    const careful = await runScenario(onClient(id), { pki, target: byJson, respond: orders });
    const lax = await runScenario(onClient(id), { pki, target: careless, respond: orders });

    expect([careful.status, lax.status]).toEqual(['as-expected', 'unexpected']);
  });
});

test.for<readonly [string, unknown]>([
  ['a bigint', 1n],
  ['a symbol', Symbol('answer')],
])('%s is not an answer', async ([, respond]) => {
  await expect(runScenario(expired, { pki, target: byJson, respond: respond as never })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'respond' },
  });
});

test('an answer beside a server of the own is refused', async () => {
  await expect(runScenario(expired, { pki, target: byJson, respond: orders, startPeer: startTlsServer })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'respond', value: 'beside startPeer' },
  });
});
