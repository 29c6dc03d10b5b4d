import type { ServerFileDamage } from '../../../pki/files/server-files.ts';
import type { ReloadScenarioId } from '../ids/reload-ids.ts';
import type { ScenarioFacts } from '../scenario.ts';

/** A server under test, and what becomes of it and of its connections when its files change. */
export interface ReloadScenario extends ScenarioFacts {
  readonly id: ReloadScenarioId;
  readonly role: 'reload';
  readonly underTest: 'server';
  /** What is done. */
  readonly trial: ReloadTrial;
  /** Only for a server that reads the file of CRLs. */
  readonly needsCrl?: true;
}

/** What is done to a server and its files. */
export type ReloadTrial = ReloadedTrial | OpenConnectionTrial | LoadTrial | FailedReloadTrial | StartTrial;

/** The files change, the server reloads them, and a client connects. */
export interface ReloadedTrial {
  readonly kind: 'reloaded';
  /** `key`: new key and certificate. `anchors`: the anchors of another PKI as well. `crl`: a CRL that revokes a client as well. */
  readonly change: 'key' | 'anchors' | 'crl';
  /** Which client: of the PKI whose anchors are in the new files or were in the old ones, without a certificate, or the revoked one. */
  readonly client: 'valid' | 'old-anchor' | 'without-certificate' | 'revoked';
}

/** A connection is open while the files change. */
export interface OpenConnectionTrial {
  readonly kind: 'open-connection';
  /** `key`: the server's key; `anchors`: the client's CA is removed; `crl`: the client is revoked; `expiry`: its certificate expires, and no file changes. */
  readonly change: 'key' | 'anchors' | 'crl' | 'expiry';
  /** What the connection does in the meantime. */
  readonly state: 'in-request' | 'idle';
}

/** The files change this often, while clients connect without a pause. */
export interface LoadTrial {
  readonly kind: 'under-load';
  readonly reloads: number;
}

/** One file is damaged, the server is to reload, and the file is whole again afterwards. */
export interface FailedReloadTrial {
  readonly kind: 'failed-reload';
  readonly damaged: ServerFileDamage;
}

/** The server is started with a file that cannot be used, in each of these states. */
export interface StartTrial {
  readonly kind: 'start';
  readonly damaged: readonly ServerFileDamage[];
}
