import { beforeAll, describe, inject } from 'vitest';
import { restorePki } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const seen: { pki?: string; port?: number } = {};

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

beforeAll(() => {});
