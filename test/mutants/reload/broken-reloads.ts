import fs from 'node:fs';
import type https from 'node:https';
import type tls from 'node:tls';
import { createPki } from '../../../src/index.ts';
import type { ReloadMaterial, ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';
import { bySignal } from './by-signal.ts';
import { byWatch } from './by-watch.ts';
import type { ReloadMutant } from './reload-subject.ts';
import { byCall, contextOf, readChecked, readUnchecked, serve } from './reloading-server.ts';
import { bySwapping, type Swap } from './swapping-server.ts';

const start = (material: ReloadMaterial): https.Server => serve(contextOf(readChecked(material)));

/** Reloads that do harm where the files are as they should be. */
export const brokenReloads: readonly ReloadMutant[] = [
  {
    name: 'drops requestCert',
    mistake: 'the options of the server are made anew, without requestCert',
    source: () => bySwapping(start, ({ material }) => serve({ ...contextOf(readChecked(material)), requestCert: false })),
    caughtBy: ['after-reload-without-certificate'],
  },
  {
    name: 'forgets the CA',
    mistake: 'setSecureContext gets key and certificate alone, and Node takes its public roots for the rest',
    source: () => byCall(start, (server, material) => server.setSecureContext(pairOf(material))),
    caughtBy: ['after-reload-new-key', 'after-reload-new-anchor'],
  },
  {
    name: 'keeps the old anchors',
    mistake: 'the anchors were read once, at the start',
    source: () => withFirst(({ ca }, server, material) => server.setSecureContext({ ...pairOf(material), ca })),
    caughtBy: ['after-reload-new-anchor'],
  },
  {
    name: 'adds to the old anchors',
    mistake: 'new anchors are added to the old ones',
    source: () =>
      withFirst(({ ca }, server, material) => server.setSecureContext({ ...pairOf(material), ca: [ca, readChecked(material).ca] })),
    caughtBy: ['after-reload-old-anchor'],
  },
  {
    name: 'reloads the key alone',
    mistake: 'the certificate was read once, at the start',
    source: () => withFirst(({ cert }, server, material) => server.setSecureContext({ ...contextOf(readChecked(material)), cert })),
    caughtBy: ['after-reload-new-key'],
  },
  {
    name: 'ends open connections',
    mistake: 'the old server is closed with its connections',
    source: () => {
      const sockets = new Set<tls.TLSSocket>();
      const tracked = (material: ReloadMaterial): https.Server => start(material).on('secureConnection', (socket) => sockets.add(socket));
      return bySwapping(tracked, ({ material }) => {
        for (const socket of sockets) socket.destroy();
        return tracked(material);
      });
    },
    caughtBy: ['after-reload-open-connection'],
  },
  {
    name: 'closes its port to reload',
    mistake: 'the listener is closed and opened again',
    source: () => bySwapping(start, reopened),
    caughtBy: ['after-reload-under-load'],
  },
  {
    name: 'ignores the CRL on reload',
    mistake: 'the CRLs were read once, at the start',
    source: () => withFirst(({ crl }, server, material) => server.setSecureContext({ ...contextOf(readChecked(material)), crl }), true),
    caughtBy: ['after-reload-revoked'],
  },
  {
    name: 'forgets the CRL on reload',
    mistake: 'setSecureContext gets no CRLs',
    source: () => withFirst((_first, server, material) => server.setSecureContext(contextOf(readChecked(material))), true),
    caughtBy: ['after-reload-revoked'],
  },
  {
    name: 'watches the inode',
    mistake: 'the watcher is on the certificate, whose link never changes in a mounted Secret',
    source: () => byWatch(({ files }) => files.cert),
    options: { layout: 'kubernetes' },
    caughtBy: ['after-reload-new-key'],
  },
  {
    name: 'watches a file that is replaced',
    mistake: 'the watcher is on the inode of the certificate, which is another after the first rename',
    source: () => byWatch(({ files }) => files.cert),
    caughtBy: ['after-reload-new-key'],
  },
  {
    name: 'never ends its reload',
    mistake: 'a promise that is never settled',
    source: () => ({ ...byCall(start, () => new Promise(() => {})), within: 300 }),
    caughtBy: ['after-reload-new-key'],
  },
  {
    name: 'throws when it reloads',
    mistake: 'a method that is not there',
    source: () =>
      byCall(start, () => {
        throw new TypeError('server.reload is not a function');
      }),
    caughtBy: ['after-reload-new-key'],
  },
];

function pairOf(material: ReloadMaterial): { readonly key: string; readonly cert: string } {
  const { key, cert } = readUnchecked(material);
  return { key, cert };
}

/** A server that remembers what it has read at the start. */
function withFirst(
  reload: (first: ReturnType<typeof readChecked>, server: https.Server, material: ReloadMaterial) => unknown,
  withCrl = false,
): ReloadSource {
  let first: ReturnType<typeof readChecked> | undefined;
  return byCall(
    (material) => serve(contextOf((first = readChecked(material, { withCrl })))),
    (server, material) => first && reload(first, server, material),
  );
}

async function reopened({ material, listener }: Swap): Promise<https.Server> {
  const { port } = listener.address() as { readonly port: number }; // it listens on a port
  listener.close();
  const next = start(material);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
  return next;
}

/** Reloads and starts that do harm where a file cannot be used. */
export const brokenFailures: readonly ReloadMutant[] = [
  {
    name: 'serves nothing after a bad file',
    mistake: 'what cannot be loaded ends the service',
    source: () =>
      bySwapping(start, ({ material, listener, old }) => {
        try {
          return start(material);
        } catch {
          listener.close();
          return old;
        }
      }),
    caughtBy: ['after-failed-reload-key-truncated'],
  },
  {
    name: 'crashes at a bad file',
    mistake: 'the error of the reload is not caught, and ends the process',
    source: () => bySignal('crashes'),
    caughtBy: ['after-failed-reload-key-missing'],
  },
  {
    name: 'falls back to a certificate of its own',
    mistake: 'without a usable key pair, the service goes on with one that it has issued itself',
    source: () => {
      const { key, cert } = createPki().server().tls;
      return byCall(start, (server, material) =>
        server.setSecureContext(orElse(() => contextOf(readChecked(material)), { key, cert, ca: fs.readFileSync(material.trustFile) })),
      );
    },
    caughtBy: ['after-failed-reload-key-missing'],
  },
  {
    name: 'checks nothing that Node does not',
    mistake: 'setSecureContext takes an empty key, and a file of anchors without any',
    source: () => byCall(start, (server, material) => server.setSecureContext(contextOf(readUnchecked(material)))),
    caughtBy: ['after-failed-reload-key-empty', 'after-failed-reload-ca-truncated', 'after-failed-reload-ca-empty'],
  },
  {
    name: 'accepts every client after a damaged CA file',
    mistake: 'where the anchors cannot be read, the clients are not verified',
    source: () => bySwapping(start, ({ material }) => orElse(() => start(material), openServer(material))),
    caughtBy: ['after-failed-reload-ca-truncated', 'after-failed-reload-ca-missing'],
  },
  {
    name: 'an empty CA file switches verification off',
    mistake: 'no anchors are taken for "accept every client"',
    source: () =>
      bySwapping(start, ({ material }) =>
        orElse(() => fs.readFileSync(material.trustFile, 'utf8'), 'none') === '' ? openServer(material) : start(material),
      ),
    caughtBy: ['after-failed-reload-ca-empty'],
  },
  {
    name: 'drops its CRL with the file',
    mistake: 'a file of CRLs that is not there is taken for "no CRLs"',
    source: () =>
      byCall(
        (material) => serve(contextOf(readChecked(material, { withCrl: true }))),
        (server, material) =>
          server.setSecureContext(orElse(() => contextOf(readChecked(material, { withCrl: true })), contextOf(readChecked(material)))),
      ),
    caughtBy: ['after-failed-reload-crl-missing', 'after-failed-reload-crl-truncated'],
  },
  {
    name: 'stops watching at an error',
    mistake: 'the first reload that fails ends the watcher',
    source: () =>
      byWatch(({ files }) => files.directory, {
        onError: (watcher) => {
          watcher.close();
        },
      }),
    options: { layout: 'kubernetes' },
    caughtBy: ['after-failed-reload-ca-truncated'],
  },
  {
    name: 'starts without client authentication',
    mistake: 'where the anchors cannot be used at the start, no client certificate is required',
    source: () => byCall((material) => orElse(() => start(material), openServer(material)), reloadChecked),
    caughtBy: ['ca-garbage-at-start'],
  },
  {
    name: 'starts without its CRL',
    mistake: 'where the CRLs cannot be used at the start, none are checked',
    source: () =>
      byCall((material) => orElse(() => serve(contextOf(readChecked(material, { withCrl: true }))), start(material)), reloadChecked),
    caughtBy: ['crl-unusable-configured'],
  },
];

function reloadChecked(server: https.Server, material: ReloadMaterial): void {
  server.setSecureContext(contextOf(readChecked(material)));
}

function orElse<Value>(make: () => Value, otherwise: Value): Value {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

function openServer(material: ReloadMaterial): https.Server {
  return serve({ ...orElse<https.ServerOptions>(() => pairOf(material), {}), requestCert: true, rejectUnauthorized: false });
}
