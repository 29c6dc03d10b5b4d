import { once } from 'node:events';
import type https from 'node:https';
import net from 'node:net';
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
