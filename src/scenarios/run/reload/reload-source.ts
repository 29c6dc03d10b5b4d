import type { FilesLayout } from '../../../pki/files/file-layout.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { TlsVersion } from '../../catalogue/scenario.ts';
import type { AttemptFunction, StartedServer } from '../target.ts';

/** The files of a server under test, and which of them say what. */
export interface ReloadMaterial {
  readonly files: {
    /** The folder that holds all of them: what a watcher watches. */
    readonly directory: string;
    /** PKCS#8 PEM of its key. */
    readonly key: string;
    /** PEM of its certificate and intermediates. */
    readonly cert: string;
    /** The same file as `trustFile`. */
    readonly ca: string;
  };
  /** PEM of the trust anchors whose clients it is to accept. */
  readonly trustFile: string;
  /** PEM of the CRLs that it is to check, one of each authority. Reading this member says that it checks them: without that the scenarios about CRLs are skipped. */
  readonly crlFile: string;
}

/** A server under test that reads its material from files, and again when they change. */
export interface ReloadSource {
  /**
   * Starts the server with these files. Returns, or promises, a Node server (listening or not), a Fastify or NestJS application, an `ObservedServer`, or `{ host, port, close }`. It is
   * called again where a scenario is about starting, and where one has broken the server.
   */
  readonly start: (material: ReloadMaterial) => StartedServer | Promise<StartedServer>;
  /** Makes the server read its files again: by a call, a signal, a request. It may throw where a file cannot be used. Absent: the server notices by itself. */
  readonly reload?: (() => unknown) | undefined;
  /** Milliseconds within which the server serves what it was told to reload, or what it has to notice by itself; default 5,000. A server that notices by itself is also given this time to do wrong. */
  readonly within?: number | undefined;
}

/** How scenarios about material that changes are run; checked. */
export interface ReloadSettings {
  /** Issues the server's certificates and its clients'. */
  readonly pki: Pki;
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  /** Uses the service with a client library, where it refuses clients later than in the handshake. */
  readonly attempt?: AttemptFunction | undefined;
  /** Bytes that begin a session, and are answered: sent once on each open connection. */
  readonly login?: string | Uint8Array | undefined;
  /** Bytes that the server answers. */
  readonly exchange?: string | Uint8Array | undefined;
  /** Where the files are. */
  readonly directory?: string | undefined;
  readonly layout?: FilesLayout | undefined;
}
