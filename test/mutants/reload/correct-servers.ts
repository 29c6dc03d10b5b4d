import type https from 'node:https';
import tls from 'node:tls';
import fastify from 'fastify';
import type { ReloadScenarioId } from '../../../src/scenarios/catalogue/ids/reload-ids.ts';
import type { ReloadMaterial } from '../../../src/scenarios/run/reload/reload-source.ts';
import { bySignal } from './by-signal.ts';
import { byWatch } from './by-watch.ts';
import { byCall, contextOf, readChecked, serve } from './reloading-server.ts';
import type { ReloadSubject } from './reload-subject.ts';

/** Of servers that reload by themselves, or in their own time: each damaged file is waited out. */
const some: readonly ReloadScenarioId[] = [
  'after-reload-new-key',
  'after-reload-new-anchor',
  'after-reload-old-anchor',
  'after-reload-without-certificate',
  'after-reload-open-connection',
  'after-reload-under-load',
  'after-failed-reload-key-of-another',
  'after-failed-reload-key-missing',
  'after-failed-reload-ca-truncated',
  'after-failed-reload-ca-unreadable',
  'ca-garbage-at-start',
];
/** What they are given, on a machine that does something else as well. */
const patientMs = 2000;

/** Servers that reload as they should. */
export const correctReloads: readonly ReloadSubject[] = [
  {
    name: 'https, by call',
    source: () =>
      byCall(
        (material) => serve(contextOf(readChecked(material))),
        (server, material) => {
          server.setSecureContext(contextOf(readChecked(material)));
        },
      ),
  },
  {
    name: 'https with CRLs, by call',
    source: () =>
      byCall(
        (material) => serve(contextOf(readChecked(material, { withCrl: true }))),
        (server, material) => {
          server.setSecureContext(contextOf(readChecked(material, { withCrl: true })));
        },
      ),
  },
  {
    name: 'https, by a watcher on the folder',
    source: () => byWatch(({ files }) => files.directory, { within: patientMs }),
    options: { only: some },
  },
  {
    name: 'https, by a watcher on the folder of a mounted Secret',
    source: () => byWatch(({ files }) => files.directory, { within: patientMs }),
    options: { only: some, layout: 'kubernetes' },
  },
  {
    name: 'https in a process of its own, by SIGHUP',
    source: () => ({ ...bySignal('careful'), within: patientMs }),
    options: { only: some },
  },
  {
    name: 'TLS 1.2, by call',
    source: () =>
      byCall(
        (material) => serve({ ...contextOf(readChecked(material)), maxVersion: 'TLSv1.2' }),
        (server, material) => server.setSecureContext(contextOf(readChecked(material))),
      ),
    options: { tiers: ['core'], version: 'TLSv1.2' },
  },
  {
    name: 'Fastify, by call',
    source: () => {
      let running: { readonly server: https.Server; readonly material: ReloadMaterial } | undefined;
      return {
        start: async (material) => {
          const app = fastify({ https: { ...contextOf(readChecked(material)), requestCert: true, rejectUnauthorized: true } });
          app.get('/', () => 'ok');
          await app.listen({ port: 0, host: '127.0.0.1' });
          running = { server: app.server, material };
          return app;
        },
        reload: () => running?.server.setSecureContext(contextOf(readChecked(running.material))),
      };
    },
    options: { tiers: ['core'] },
  },
  {
    name: 'echo over TLS, by call',
    source: () => {
      let running: { readonly server: tls.Server; readonly material: ReloadMaterial } | undefined;
      return {
        start: (material) => {
          const server = tls.createServer({ ...contextOf(readChecked(material)), requestCert: true, rejectUnauthorized: true }, (socket) =>
            socket.pipe(socket),
          );
          running = { server, material };
          return server;
        },
        reload: () => {
          running?.server.setSecureContext(contextOf(readChecked(running.material)));
        },
      };
    },
    options: { tiers: ['core'] },
  },
];
