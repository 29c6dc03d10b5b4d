import fs from 'node:fs';
import type https from 'node:https';
import type { ReloadMaterial, ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';
import { contextOf, readChecked, serve } from './reloading-server.ts';

/** A server that reloads when a watcher on this place reports a change. */
export function byWatch(
  placeOf: (material: ReloadMaterial) => string,
  { within = 1000, onError = () => {} }: { readonly within?: number; readonly onError?: (watcher: fs.FSWatcher) => void } = {},
): ReloadSource {
  return {
    start: (material): https.Server => {
      const server = serve(contextOf(readChecked(material)));
      const watcher = fs.watch(placeOf(material), () => {
        try {
          server.setSecureContext(contextOf(readChecked(material)));
        } catch {
          onError(watcher); // half of it is there: the next event comes when the rest is
        }
      });
      server.on('close', () => {
        watcher.close();
      });
      return server;
    },
    within,
  };
}
