import https from 'node:https';
import { observe } from '../../../src/index.ts';
import type { ObservedServer } from '../../../src/index.ts';
import { startSvidSource } from '../../../src/spiffe/index.ts';
import type { SpiffeContext } from '../../../src/vitest/index.ts';
import type { SpiffeSubject } from './spiffe-subject.ts';
import { audience, serviceWithTokens } from './token-service.ts';
import { serviceWith } from './workload-service.ts';

/** Ids that the services authorize, of the own trust domain and of a federated one. */
export const authorizes = ['spiffe://example.test/shop', 'spiffe://other.test/partner'] as const;

/** Decides in the handshake, by `verifyPeer`. */
async function startBySvidSource({ address, authorizes: ids }: SpiffeContext): Promise<ObservedServer & { close(): Promise<void> }> {
  const source = await startSvidSource({ address });
  const server = https.createServer(source.serverOptions(), (_request, response) => response.end('hello'));
  const observed = observe(server, { verifyPeer: (peer) => source.verify(peer, (id) => ids.includes(id)) });
  source.follow(server);
  server.once('close', () => source.close());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return observed;
}

/** Servers of Node.js 24 do not give the chain of their peer (measured on 24.21), which a service needs that verifies by itself. */
export const givesNoChain: boolean = process.versions.node.startsWith('24.');

const jwt = { audience };

export const correctServices: readonly SpiffeSubject[] = [
  { name: 'https with SvidSource', source: { start: startBySvidSource, authorizes } },
  ...(givesNoChain ? [] : [{ name: 'https whose application decides', source: { start: serviceWith(), authorizes } }]),
  ...(givesNoChain ? [] : [{ name: 'https with tokens by jose', source: { start: serviceWithTokens(), authorizes, jwt } }]),
];
