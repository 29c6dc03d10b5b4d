import type net from 'node:net';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki } from '../../src/index.ts';
import { badClients, speaks, stall } from './bad-clients.ts';
import { inParallel } from './in-parallel.ts';
import { serverKinds } from './servers.ts';
import { patience, sized } from './size.ts';

const pki = createPki();
const count = sized({ sample: 64, soak: 1000 });

describe(`among ${count} clients that stall, reset, send garbage or vanish`, { timeout: patience }, () => {
  test.for(serverKinds)(
    'good ones are let in as ever, each that sends anything has its record, and the server closes (%s)',
    async ([, start]) => {
      const server = await start(pki);
      const stalled: net.Socket[] = [];
      const good = pki.client('good');
      const silent = badClients.length - 1;
      let letIn = 0;
      let vanished = 0;
      let stalledMidway = 0;

      await inParallel(count, 32, async (index) => {
        const kind = (index >> 1) % badClients.length;
        if (index % 2 === 0) {
          stalled.push(await stall(server, index / 2));
          if (speaks(index / 2)) stalledMidway += 1;
        } else {
          await badClients[kind]?.[1](server);
          if (kind !== silent) vanished += 1;
        }
        if (index % 8 !== 0) return;
        expect(await attemptHandshake(server, { identity: good })).toBeAccepted();
        letIn += 1;
      });
      while (server.handshakes.length < vanished + letIn) await server.nextHandshake();
      const beforeClose = server.handshakes;
      await server.close();

      expect(beforeClose.filter(({ verdict }) => verdict === 'accepted')).toHaveLength(letIn);
      expect(beforeClose.filter(({ verdict }) => verdict === 'rejected')).toHaveLength(vanished);
      const ended = server.handshakes.slice(beforeClose.length);
      expect(ended.map(({ reason }) => reason)).toEqual(Array.from({ length: stalledMidway }, () => 'SERVER_CLOSED'));
      expect(ended[0]?.explain()).toContain('the server was closed during the handshake');
      await expect.poll(() => stalled.every(({ closed }) => closed)).toBe(true);
    },
  );
});
