import tls from 'node:tls';
import { BoundPorts } from 'testcontainers';
import { describe, expect, test } from 'vitest';
import { type EngineContainer, findEngine } from '../../src/containers/engine/engine.ts';
import { waitForMtls } from '../../src/containers/mtls-wait.ts';
import { createPki } from '../../src/index.ts';
import { lacksImages } from './images.ts';
import { listen, slowLinkTo } from '../support/slow-link.ts';

const pki = createPki();

describe.skipIf(await lacksImages([]))('waiting for a service behind a slow link', () => {
  test('one that rejects a client without certificate is ready', async () => {
    await expect(readiness({ rejectUnauthorized: true })).resolves.toBeUndefined();
  });

  test('one that accepts a client without certificate is an error', async () => {
    await expect(readiness({ rejectUnauthorized: false })).rejects.toMatchObject({ code: 'CLIENT_CERTIFICATE_NOT_REQUIRED' });
  });
});

/** Of a server of this process with a round trip of 300 ms, longer than an attempt waits for a late rejection by default. */
async function readiness(policy: { readonly rejectUnauthorized: boolean }): Promise<void> {
  const server = tls.createServer({ ...pki.server().serverTls, requestCert: true, ...policy }, (socket) => socket.on('error', () => {}));
  const ports = new BoundPorts();
  ports.setBinding(8443, await listen(slowLinkTo(await listen(server)), await hostOfEngine()));

  await waitForMtls({ identity: pki.client(), port: 8443 }).waitUntilReady(running, ports);
}

/** Where the wait strategy finds the ports of a container: an address of this machine, as the engine is. */
async function hostOfEngine(): Promise<string> {
  const { info } = await findEngine();
  return info.containerRuntime.host;
}

/** All that a wait strategy reads of a container. */
const running = { inspect: async () => ({ State: { Running: true }, Config: { Image: 'none' } }) } as unknown as EngineContainer;
