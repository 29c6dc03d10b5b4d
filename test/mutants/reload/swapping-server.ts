import { once } from 'node:events';
import type https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { ReloadMaterial, ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';

/** What a reload is given. */
export interface Swap {
  readonly material: ReloadMaterial;
  /** The server of before. */
  readonly old: https.Server;
  /** The one that accepts connections for either. */
  readonly listener: net.Server;
}

/** A listener that hands its connections to a TLS server, which a reload replaces by another: how services reload whose TLS takes its options once. */
export function bySwapping(
  create: (material: ReloadMaterial) => https.Server,
  reload: (swap: Swap) => https.Server | Promise<https.Server>,
): ReloadSource {
  let current: Swap | undefined;
  return {
    start: async (material) => {
      const sockets = new Set<net.Socket>();
      const listener = net.createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        current?.old.emit('connection', socket);
      });
      current = { material, old: create(material), listener };
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo; // it listens on a port
      const close = async (): Promise<void> => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => listener.close(resolve));
      };
      return { host: '127.0.0.1', port, close };
    },
    reload: async () => {
      if (current) current = { ...current, old: await reload(current) };
    },
    within: 1000,
  };
}
