import { once } from 'node:events';
import http2 from 'node:http2';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { forwardedHeaders, type Gateway, type GatewayOptions, startGateway } from '../../../src/forwarded/index.ts';
import { headerFormats } from '../../../src/forwarded/formats.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { answersIn, exchange, linesOf, mirror, namesOf, type Received } from './application.ts';

const pki = createPki();
const alice = pki.client('alice');
const [ours = ''] = Object.values(forwardedHeaders(alice, 'rfc9440'));

async function start(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await startGateway({ pki, upstream: mirror, format: 'rfc9440', ...options });
  onTestFinished(() => gateway.close());
  return gateway;
}

const close = 'Host: app.test\r\nConnection: close\r\n';

/** One request of alice's with these header lines, as the application received it. */
async function received(gateway: Gateway, lines: string): Promise<Received | undefined> {
  const [answer] = answersIn(await exchange(gateway, alice, `GET / HTTP/1.1\r\n${lines}${close}\r\n`));
  return answer;
}

test.for<[what: string, lines: string]>([
  ['a header of the same name', 'Client-Cert: forged\r\n'],
  ['it twice', 'Client-Cert: forged\r\nClient-Cert: forged\r\n'],
  ['it in other letter case', 'cLIENT-cERT: forged\r\n'],
  ['underscores in it', 'Client_Cert: forged\r\n'],
  ['dots in it', 'client.cert: forged\r\n'],
  ['other signs in it', "client!cert: forged\r\nclient'cert: forged\r\nclient~cert: forged\r\n"],
  ['another header of the format', 'Client-Cert-Chain: forged\r\nclient_cert_chain: forged\r\n'],
  ['an empty line for it', 'Client-Cert:\r\nClient-Cert: forged\r\n'],
  ['a tab before its value', 'Client-Cert:\tforged\r\n'],
  ['a name listed in Connection', 'Connection: client-cert\r\nClient-Cert: forged\r\n'],
  ['ours listed in Connection, with keep-alive', 'Connection: keep-alive, Client-Cert\r\nClient-Cert: forged\r\n'],
  ['octets beyond ASCII', 'Client-Cert: forged\xff\r\n'],
])('the application gets the line of the gateway alone where the client sends %s', async ([, lines]) => {
  const answer = await received(await start(), lines);

  expect(linesOf(answer ?? { rawHeaders: [] }, 'client-cert')).toEqual([ours]);
  expect(JSON.stringify(answer)).not.toContain('forged');
});

test('it gets no line under a name of any format', async () => {
  const names = headerFormats.flatMap((row) => Object.values(row.names));
  const forms = names.flatMap((name) => [name, name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.')]);
  const gateway = await start({ names: { certificate: 'X-Own' } });

  const answer = await received(gateway, [...forms, 'x_own'].map((name) => `${name}: forged\r\n`).join(''));

  expect(names.length).toBeGreaterThan(1);
  expect(answer).toBeDefined();
  expect(JSON.stringify(answer)).not.toContain('forged');
});

test.for<[what: string, octets: string]>([
  ['obsolete folding', `GET / HTTP/1.1\r\nX-Other: a\r\n Client-Cert: forged\r\n${close}\r\n`],
  ['a folded value', `GET / HTTP/1.1\r\nClient-Cert:\r\n forged\r\n${close}\r\n`],
  ['a space before the colon', `GET / HTTP/1.1\r\nClient-Cert : forged\r\n${close}\r\n`],
  ['a bare line feed', `GET / HTTP/1.1\r\nX-Other: a\nClient-Cert: forged\r\n${close}\r\n`],
  ['a bare carriage return', `GET / HTTP/1.1\r\nX-Other: a\rClient-Cert: forged\r\n${close}\r\n`],
  ['a NUL in a name', `GET / HTTP/1.1\r\nClient-Cert\0: forged\r\n${close}\r\n`],
  ['both Transfer-Encoding and Content-Length', smuggling('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')],
  ['the same the other way round', smuggling('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n')],
  ['two lengths', smuggling('Content-Length: 5\r\nContent-Length: 50\r\n')],
  ['a coding that is not chunked', smuggling('Transfer-Encoding: xchunked\r\n')],
  ['a chunked coding that is not the last', smuggling('Transfer-Encoding: chunked, identity\r\n')],
  ['a length with a sign', smuggling('Content-Length: +5\r\n')],
])('the application gets no forged line from a client that sends %s', async ([, octets]) => {
  const seen: Received[] = [];
  const gateway = await start({
    upstream: (request, response) => {
      const { rawHeaders, rawTrailers, method = '', url = '' } = request;
      seen.push({ rawHeaders, rawTrailers, method, url, body: '' });
      mirror(request, response);
    },
  });
  await exchange(gateway, alice, `GET /control HTTP/1.1\r\n${close}\r\n`);

  const answer = await exchange(gateway, alice, octets);

  expect(seen[0]?.url).toBe('/control');
  expect(seen.filter(({ url }) => url === '/smuggled')).toEqual([]);
  expect(JSON.stringify(seen.map(({ rawHeaders }) => rawHeaders))).not.toContain('forged');
  expect(answer.slice(0, 13)).toBe('HTTP/1.1 400 ');
});

/** A request whose end is somewhere else for a parser that believes the other header: the rest would be one more request. */
function smuggling(framing: string): string {
  return `POST / HTTP/1.1\r\n${framing}${close}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nClient-Cert: forged\r\n\r\n`;
}

test('trailers of the client do not arrive, also where they are announced', async () => {
  const gateway = await start();
  const head = `POST / HTTP/1.1\r\n${close}Transfer-Encoding: chunked\r\nTE: trailers\r\nTrailer: Client-Cert\r\n\r\n`;

  const [answer] = answersIn(await exchange(gateway, alice, `${head}2\r\nhi\r\n0\r\nClient-Cert: forged\r\n\r\n`));

  expect(answer).toMatchObject({ method: 'POST', body: 'hi', rawTrailers: [] });
  expect(linesOf(answer ?? { rawHeaders: [] }, 'client-cert')).toEqual([ours]);
  expect(JSON.stringify(answer)).not.toContain('forged');
});

test('of requests in a row on one connection each is named for itself', async () => {
  const gateway = await start();
  const one = (path: string, lines = ''): string => `GET ${path} HTTP/1.1\r\nHost: app.test\r\n${lines}\r\n`;

  const text11 = await exchange(
    gateway,
    alice,
    one('/1') + one('/2', 'Client-Cert: forged\r\n') + one('/3', 'Connection: close, client-cert\r\n'),
  );

  const answers = answersIn(text11);
  expect(answers.map(({ url }) => url)).toEqual(['/1', '/2', '/3']);
  expect(answers.map((answer) => linesOf(answer, 'client-cert'))).toEqual([[ours], [ours], [ours]]);
});

test('HTTP/1.0 with keep-alive: each request is named, and forwarded as one of HTTP/1.1', async () => {
  const gateway = await start({
    upstream: (request, response) => {
      response.setHeader('x-version', request.httpVersion);
      const body = JSON.stringify({ method: request.method, rawHeaders: request.rawHeaders, url: request.url });
      response.setHeader('content-length', Buffer.byteLength(body)).end(body);
    },
  });
  const first = 'GET /1 HTTP/1.0\r\nConnection: keep-alive\r\nClient-Cert: forged\r\n\r\n';

  const answer = await exchange(gateway, alice, `${first}GET /2 HTTP/1.0\r\nClient_Cert: forged\r\n\r\n`);

  expect(answer.match(/^x-version: 1\.1\r$/gmu)).toHaveLength(2);
  expect(answer).not.toContain('forged');
  expect(answer.match(/"Client-Cert"/gu)).toHaveLength(2);
  expect(gateway.requests).toMatchObject([
    { path: '/1', protocol: 'HTTP/1.0' },
    { path: '/2', protocol: 'HTTP/1.0' },
  ]);
});

test('a request for a whole URL is one for its path, and its authority is the host', async () => {
  const gateway = await start();
  const lines = `GET https://user@other.test/a?b=c HTTP/1.1\r\nClient-Cert: forged\r\n${close}\r\n`;

  const [answer] = answersIn(await exchange(gateway, alice, lines));

  expect(answer?.url).toBe('/a?b=c');
  expect(linesOf(answer ?? { rawHeaders: [] }, 'host')).toEqual(['other.test']);
  expect(linesOf(answer ?? { rawHeaders: [] }, 'x-forwarded-host')).toEqual(['other.test']);
  expect(linesOf(answer ?? { rawHeaders: [] }, 'client-cert')).toEqual([ours]);
});

test('what Connection lists is removed with Connection, the length and the host excepted', async () => {
  const gateway = await start();
  const head = 'POST / HTTP/1.1\r\nHost: app.test\r\nConnection: close, X-Once, Content-Length, Host\r\n';

  const [answer] = answersIn(await exchange(gateway, alice, `${head}X-Once: 1\r\nX-Stays: 2\r\nContent-Length: 2\r\n\r\nhi`));

  expect(answer?.body).toBe('hi');
  expect(namesOf(answer ?? { rawHeaders: [] })).toContain('x-stays');
  expect(namesOf(answer ?? { rawHeaders: [] })).not.toContain('x-once');
  expect(linesOf(answer ?? { rawHeaders: [] }, 'connection')).toEqual(['keep-alive']);
});

test('a header with the name of a member of objects is one like any other', async () => {
  const answer = await received(await start(), '__proto__: a\r\nconstructor: b\r\nX-Two: 1\r\nX-Two: 2\r\n');

  expect(linesOf(answer ?? { rawHeaders: [] }, '__proto__')).toEqual(['a']);
  expect(linesOf(answer ?? { rawHeaders: [] }, 'constructor')).toEqual(['b']);
  expect(linesOf(answer ?? { rawHeaders: [] }, 'x-two')).toEqual(['1', '2']);
});

test('a request with a body whose method usually has none is forwarded with its body, and no other request', async () => {
  const gateway = await start();
  const head = `DELETE / HTTP/1.1\r\n${close}Transfer-Encoding: chunked\r\n\r\n`;
  const body = 'GET /smuggled HTTP/1.1\r\nClient-Cert: forged\r\n\r\n';

  const answers = answersIn(await exchange(gateway, alice, `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`));

  expect(answers).toMatchObject([{ method: 'DELETE', url: '/', body }]);
});

test.for<[what: string, headers: Record<string, string | string[]>]>([
  ['the header', { 'client-cert': 'forged' }],
  ['it twice', { 'client-cert': ['forged', 'forged'] }],
  ['underscores in it', { client_cert: 'forged' }],
  ['dots in it', { 'client.cert': 'forged' }],
])('HTTP/2: the application gets the line of the gateway alone where the client sends %s', async ([, headers]) => {
  const gateway = await start();
  const session = http2.connect(gateway.url, gateway.clientOptions(alice));
  onTestFinished(() => session.destroy());
  const stream = session.request({ ...headers, ':path': '/', cookie: ['a=1', 'b=2'] }, { endStream: true });

  const answer = JSON.parse(await text(stream)) as Received;

  expect(linesOf(answer, 'client-cert')).toEqual([ours]);
  expect(linesOf(answer, 'cookie')).toEqual(['a=1; b=2']);
  expect(JSON.stringify(answer)).not.toContain('forged');
});

test('HTTP/2: trailers of the client do not arrive', async () => {
  const gateway = await start();
  const session = http2.connect(gateway.url, gateway.clientOptions(alice));
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/', ':method': 'POST' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'client-cert': 'forged' }));
  stream.end('hi');
  await once(stream, 'response');

  const answer = JSON.parse(await text(stream)) as Received;

  expect(answer).toMatchObject({ body: 'hi', rawTrailers: [] });
  expect(JSON.stringify(answer)).not.toContain('forged');
});
