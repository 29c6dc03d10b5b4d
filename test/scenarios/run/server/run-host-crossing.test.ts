import { once } from 'node:events';
import type https from 'node:https';
import net from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../../src/index.ts';
import type { ScenarioResult } from '../../../../src/scenarios/records/scenario-result.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ServerConfiguration, StartedServer, StartServer } from '../../../../src/scenarios/run/target.ts';
import { engineHosts } from '../../../mutants/engine-hosts.ts';
import { httpsServer, mutualTls, reachable } from '../../../mutants/correct-servers.ts';
import { onServer } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'crossing' });
const hosts = { 'admin.test': { pki: createPki({ name: 'admins' }) } };

/** The contexts of hosts, by addContext. */
function withHosts(server: https.Server, { hosts: named = {} }: ServerConfiguration): https.Server {
  for (const [name, host] of Object.entries(named)) server.addContext(name, mutualTls(host));
  return server;
}

function cross(id: 'renegotiation-other-sni' | 'hello-retry-other-sni', start: StartServer, timeout = 5000): Promise<ScenarioResult> {
  const version = id === 'renegotiation-other-sni' ? 'TLSv1.2' : 'TLSv1.3';
  return runScenario(onServer(id), { pki, hosts, host: 'admin.test', target: { start }, version, timeout });
}

describe('a renegotiation under the name of another host', () => {
  test('is accepted by a server of Node.js with contexts by name', async () => {
    const result = await cross('renegotiation-other-sni', (own) => withHosts(httpsServer(mutualTls(own)), own));

    expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the request answered "HTTP/1.1 200 OK"') });
  });

  test('is refused by one that disables renegotiation', async () => {
    const result = await cross('renegotiation-other-sni', (own) =>
      withHosts(httpsServer(mutualTls(own)), own).on('secureConnection', (socket) => socket.disableRenegotiation()),
    );

    expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('was not served') });
  });

  test('is refused by one whose application compares names and roots', async () => {
    const result = await cross('renegotiation-other-sni', (own) =>
      withHosts(
        httpsServer(mutualTls(own), (socket) => {
          const isAdmin = socket.getPeerX509Certificate()?.issuer.includes('admins') === true;
          return isAdmin === (socket.servername === 'admin.test');
        }),
        own,
      ),
    );

    expect(result).toMatchObject({
      status: 'as-expected',
      message: expect.stringContaining('the request answered "HTTP/1.1 403 Forbidden"'),
    });
  });

  test('is refused by a server with the option hosts', async () => {
    const result = await cross('renegotiation-other-sni', (own) => startHttpsServer((_request, response) => response.end('ok'), own));

    expect(result).toMatchObject({ status: 'as-expected' });
  });

  test('is not judged where the server says nothing to it', async () => {
    const result = await cross('renegotiation-other-sni', (own) => behindDeafRelay(withHosts(httpsServer(mutualTls(own)), own)), 1000);

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('nothing came within 1000 ms') });
  });
});

describe('another name in the second ClientHello', () => {
  test('is accepted by a server that does not compare it with the first', async () => {
    const result = await cross('hello-retry-other-sni', (own) => engineHosts(own, ['second-hello']));

    expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('was served') });
  });

  test('is refused by one that does', async () => {
    const result = await cross('hello-retry-other-sni', (own) => engineHosts(own));

    expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('the peer sent the alert illegal_parameter') });
  });
});

describe('the answer to the request at the other host', () => {
  /** How it is written, part by part, and what it comes to. */
  const answers: readonly (readonly [how: string, parts: readonly string[], status: ScenarioResult['status'], words: string])[] = [
    ['is a refusal whose status line is in two records', ['HTTP/1.1 4', '21 Misdirected Request\r\n\r\n'], 'as-expected', '421'],
    ['is a refusal in records of one octet', Array.from('HTTP/1.1 403 Forbidden\r\n\r\n'), 'as-expected', '403'],
    ['is a refusal behind 100 (Continue)', ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 403 Forbidden\r\n\r\n'], 'as-expected', '403'],
    [
      'is a refusal behind 103 (Early Hints), which is cut too',
      ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n', '\r\nHTTP/1', '.1 421 Misdirected Request\r\n\r\n'],
      'as-expected',
      '421',
    ],
    ['is an acceptance whose status line is in two records', ['HTTP/1.1 2', '00 OK\r\n\r\n'], 'unexpected', 'HTTP/1.1 200 OK'],
    ['is an acceptance by 101 (Switching Protocols)', ['HTTP/1.1 101 Switching Protocols\r\n\r\n'], 'unexpected', '101'],
    ['is an acceptance in another protocol', ['+PONG\r\n'], 'unexpected', '+PONG'],
    ['is none where it ends in its status line', ['HTTP/1.1 4'], 'not-judged', 'HTTP/1.1 4'],
    ['is none where 100 (Continue) is all of it', ['HTTP/1.1 100 Continue\r\n\r\n'], 'not-judged', 'HTTP/1.1 100 Continue'],
    ['is none where the status line has no status', ['HTTP/1.1 OK\r\n\r\n'], 'not-judged', 'HTTP/1.1 OK'],
    ['is a refusal where the connection is closed in its place', [], 'as-expected', 'the connection then closed'],
  ];

  test.for(answers)('%s, in a renegotiation', async ([, parts, status, words]) => {
    const result = await cross('renegotiation-other-sni', (own) => answeringInParts(own, parts));

    expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  test.for(answers)('%s, after a second ClientHello', async ([, parts, status, words]) => {
    const valid = ['HTTP/1.1 2', '00 OK\r\n\r\n'];
    const result = await cross('hello-retry-other-sni', (own) =>
      engineHosts(own, ['second-hello'], (name) => (name === 'admin.test' ? valid : parts)),
    );

    expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
  });
});

/** Takes every client of either host under both names, and answers one of the other host under the name of this one in these parts, each in a record of its own. */
function answeringInParts(own: ServerConfiguration, parts: readonly string[]): Promise<StartedServer> {
  const server = tls.createServer(mutualTls(own), (socket: TLSSocket) => {
    socket.setNoDelay(true).on('error', () => {});
    socket.once('data', () => {
      const isAdmin = socket.getPeerX509Certificate()?.issuer.includes('admins') === true;
      void writeApart(socket, isAdmin ? ['HTTP/1.1 200 OK\r\n\r\n'] : parts);
    });
  });
  for (const [name, host] of Object.entries(own.hosts ?? {})) server.addContext(name, mutualTls(host));
  return reachable(server);
}

async function writeApart(socket: TLSSocket, parts: readonly string[]): Promise<void> {
  for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
  socket.end();
}

/** In front of a server: passes the first handshake on, and of what the client sends after it nothing, unless it is a request. */
async function behindDeafRelay(server: https.Server): Promise<StartedServer> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on a port
  const relay = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    let isDeaf = false;
    let hasFinished = false;
    client.on('data', (bytes: Buffer) => {
      isDeaf ||= hasFinished && bytes[0] === handshakeRecord;
      hasFinished ||= bytes.includes(changeCipherSpec);
      if (!isDeaf) upstream.write(bytes);
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  relay.on('close', () => server.close());
  return reachable(relay);
}

const handshakeRecord = 22;
const changeCipherSpec = Buffer.from([20, 3, 3, 0, 1, 1]);
