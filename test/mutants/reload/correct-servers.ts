import { byCall, contextOf, readChecked, serve } from './reloading-server.ts';
import type { ReloadSubject } from './reload-subject.ts';

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
];
