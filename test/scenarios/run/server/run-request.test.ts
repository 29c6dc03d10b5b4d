import http2 from 'node:http2';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createPki, startHttp2Server, startHttpsServer, startTlsServer } from '../../../../src/index.ts';
import { type RunOptions, runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ScenarioResult } from '../../../../src/scenarios/records/scenario-result.ts';
import type { ServerTarget } from '../../../../src/scenarios/run/target.ts';
import { onServer } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'requests' });
const identity = pki.server();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const other = 'another-tenant.mtls-fixtures.test';

/** Asks for another host than the handshake did, which a server that compares them refuses. */
function askOtherHost(target: ServerTarget, options: Partial<RunOptions<ServerTarget>> = {}): Promise<ScenarioResult> {
  return runScenario(onServer('sni-host-header-mismatch'), { pki, target, expected: { verdict: 'rejected', by: 'server' }, ...options });
}

describe('what a server is asked for', () => {
  test.for(versions)('is a path, a method, headers and a body in HTTP/1.1 (%s)', async (version) => {
    const asked: unknown[] = [];
    await using server = await startHttpsServer(
      (request, response) => {
        void text(request).then((body) => {
          asked.push([request.method, request.url, request.headers['x-tenant'], request.headers.host, body]);
          return response.writeHead(request.headers.host === other ? 421 : 200).end();
        });
      },
      { pki },
    );
    const request = { method: 'POST', headers: { 'X-Tenant': 'a' }, body: '{"item":"ü"}' };

    const result = await askOtherHost(server, { version, path: '/v1/orders?x=1', request });

    expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('HTTP/1.1 421') });
    expect(asked).toEqual(['localhost', other].map((host) => ['POST', '/v1/orders?x=1', 'a', host, '{"item":"ü"}']));
  });

  test.for(versions)('is the same in HTTP/2 where a server speaks nothing else (%s)', async (version) => {
    const asked: unknown[] = [];
    await using server = await startHttp2Server(
      (request, response) => {
        void text(request).then((body) => {
          asked.push([request.httpVersion, request.method, request.url, request.headers['x-tenant'], request.authority, body]);
          response.writeHead(request.authority === other ? 421 : 200);
          return response.end();
        });
      },
      { pki },
    );
    const request = { method: 'PUT', headers: { 'X-Tenant': 'a' }, body: Buffer.from('octets') };

    const result = await askOtherHost(server, { version, path: '/v1', request });
    const lenient = await askOtherHost(
      { start: () => http2.createSecureServer(identity.serverTls, (_request, response) => response.end()) },
      { version },
    );

    expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('HTTP/2 421') });
    expect(lenient).toMatchObject({ status: 'unexpected', message: expect.stringContaining('HTTP/2 200') });
    expect(asked).toEqual(['localhost', other].map((host) => ['2.0', 'PUT', '/v1', 'a', host, 'octets']));
  });

  test('decides whether there is anything to judge: a valid client that gets a 404 shows nothing', async () => {
    await using server = await startHttpsServer(
      (request, response) => response.writeHead(request.url === '/health' ? (request.headers.host === other ? 403 : 204) : 404).end(),
      { pki },
    );

    const atRoot = await askOtherHost(server);
    const atHealth = await askOtherHost(server, { path: '/health' });

    expect(atRoot).toMatchObject({ status: 'not-judged', unsuitable: true, message: expect.stringContaining('404') });
    expect(atHealth).toMatchObject({ status: 'as-expected' });
  });
});

describe('an answer', () => {
  test.for([
    ['whose status arrives in parts', ['HTTP/1.1 4', '03 Forbidden\r\n\r\n'], 'as-expected'],
    [
      'after interim responses',
      ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early ', 'Hints\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n'],
      'as-expected',
    ],
    ['that redirects is one', ['HTTP/1.1 302 Found\r\n\r\n'], 'unexpected'],
    ['that switches protocols is one', ['HTTP/1.1 101 Switching Protocols\r\n\r\n'], 'unexpected'],
    ['that ends within its status line is none', ['HTTP/1.1 4'], 'not-judged'],
    ['that ends with an interim response is none', ['HTTP/1.1 100 Continue\r\n\r\n'], 'not-judged'],
    ['whose line has no status is none', ['HTTP/1.1 Forbidden\r\n\r\n'], 'not-judged'],
    ['whose status line does not end is none', [`HTTP/1.1 200 ${'O'.repeat(70_000)}`], 'not-judged'],
  ] as const)('%s', async ([, parts, status]) => {
    await using server = await startTlsServer({
      pki,
      onConnection: (socket) => {
        socket.once('data', (chunk) => {
          if (!String(chunk).includes(`Host: ${other}`)) socket.end('HTTP/1.1 200 OK\r\n\r\n');
          else void writeApart(socket, parts);
        });
      },
    });

    expect(await askOtherHost(server)).toMatchObject({ status });
  });

  test.for(versions)('that never comes is not a refusal (%s)', async (version) => {
    await using silent = await startHttpsServer(
      (request, response) => {
        if (request.headers.host !== other) response.end();
      },
      { pki },
    );

    const result = await askOtherHost(silent, { version, timeout: 2000 });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('no answer within 2000 ms') });
    expect(result.unsuitable).toBeUndefined();
  });
});

test.for([
  ['path', 'health'],
  ['path', '/a b'],
  ['path', '/a\r\nX: y'],
  ['request', { body: {} }],
  ['request', { method: 'G T' }],
  ['request', { headers: { 'content-length': '1' } }],
  ['request', { headers: { a: 'b\r\nc: d' } }],
  ['request', { header: {} }],
] as const)('%s %j is not one', async ([option, value]) => {
  await using server = await startTlsServer({ pki });

  await expect(askOtherHost(server, { [option]: value })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});

/** Each part in a TLS record of its own. */
async function writeApart(socket: Duplex, parts: readonly string[]): Promise<void> {
  for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
  socket.end();
}
