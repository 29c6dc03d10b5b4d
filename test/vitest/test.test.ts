import { once } from 'node:events';
import type http from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import type tls from 'node:tls';
import { beforeAll, describe, inject } from 'vitest';
import { type Gateway, parseForwardedHeaders } from '../../src/forwarded/index.ts';
import { type Identity, restorePki } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const seen: { pki?: string; port?: number; gateway?: tls.Server } = {};

test.beforeAll(({ pki }) => {
  seen.pki = pki.anchors;
});

test('the PKI of a file is the one of the run, and beforeAll has it too', ({ pki }) => {
  const provided = inject('mtlsFixturesPki');

  expect(provided).toBeDefined();
  expect(pki.anchors).toBe(provided && restorePki(provided).anchors);
  expect(seen.pki).toBe(pki.anchors);
});

test('a server echoes and requires clients of the PKI', async ({ server, client }) => {
  seen.port = server.port;

  await expect(server).toAccept(client);
  await expect(server).toReject();
});

test('each test has a server of its own; that of the last one is closed', async ({ server }) => {
  expect(server.port).not.toBe(seen.port);
  expect(server.handshakes).toEqual([]);
});

describe('with server options of its own', () => {
  test.override('serverOptions', () => ({ minVersion: 'TLSv1.3' as const, verifyPeer: () => 'nobody today' }));

  test('a suite gets that server', async ({ server, client }) => {
    const control = test.extend('unused', () => 1);

    expect(control).toBeTypeOf('function');
    await expect(server).not.toAccept(client);
  });
});

test('a gateway names the clients of the PKI to an application that answers with the headers that it got', async ({ gateway, client }) => {
  await expect(gateway).toAccept(client);
  await expect(gateway).toReject();
  seen.gateway = gateway.server;

  const headers = await askGateway(gateway, client);

  expect(parseForwardedHeaders(headers, 'rfc9440').certificate?.fingerprint256).toBe(client.certificate.fingerprint256);
});

test('the gateway of the last test is closed', () => {
  expect(seen.gateway?.listening).toBe(false);
});

describe('with gateway options of its own', () => {
  test.override('gatewayOptions', () => ({ format: 'azure-app-service' as const }));

  test('a test gets that gateway', async ({ gateway, client }) => {
    const { 'x-arr-clientcert': lines } = await askGateway(gateway, client);

    expect(lines).toEqual([client.certificate.raw.toString('base64')]);
  });
});

async function askGateway(gateway: Gateway, client: Identity): Promise<Record<string, string[]>> {
  const request = https.get({ ...gateway.clientOptions(client), agent: false, headers: { 'client-cert': 'forged' } });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return (await json(response)) as Record<string, string[]>; // what the built-in application answers
}

beforeAll(() => {});
