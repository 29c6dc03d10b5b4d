import { pause } from '../../../clock/pause.ts';
import { monotonicNow } from '../../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { attemptHandshake } from '../../../handshake/attempt/attempt-handshake.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { type ServerFileDamage, type ServerFiles, type ServerMaterial, writeServerFiles } from '../../../pki/files/server-files.ts';
import type { Identity } from '../../../pki/identity.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import type { CallResult } from '../../assess/observation.ts';
import type { Seen } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { type ServerUnderTest, startServer } from '../server/start-server.ts';
import type { ReloadMaterial, ReloadSettings, ReloadSource } from './reload-source.ts';

/** A server under test, its files, and what is in them. One scenario uses it at a time. */
export class ReloadedServer {
  readonly settings: ReloadSettings;
  /** Its CAs are not in the usual file of trust anchors. */
  readonly otherPki: Pki = createPki({ name: 'the CA of other clients' });
  /** On the CRL from the start. */
  readonly revoked: Identity;
  readonly #source: ReloadSource;
  readonly #within: number;
  readonly #startBound: number;
  readonly #turns = new OneAtATime({ renew: () => this.#renewAll(), restore: () => this.#backToUsual() });
  #files: ServerFiles | undefined;
  #server: ServerUnderTest | undefined;
  #material: ServerMaterial;
  #clients: Pki;
  #readsCrl = false;
  /** Of the reloads that have worked: whether the first handshake after the call always met the new key, and the milliseconds of the slowest without load. */
  #pace: { readonly isPrompt: boolean; readonly slowest: number } | undefined;
  /** When the files were replaced last. */
  #replacedAt = -Infinity;

  constructor(source: ReloadSource, settings: ReloadSettings, startBound: number) {
    this.settings = settings;
    this.#source = source;
    this.#within = source.within ?? usualWithin;
    this.#startBound = startBound;
    this.#clients = settings.pki;
    this.revoked = settings.pki.client('revoked');
    settings.pki.issuer.revoke(this.revoked);
    this.#material = this.#materialFor(settings.pki);
  }

  /** Whether `start` has asked for the file of CRLs. */
  get readsCrl(): boolean {
    return this.#readsCrl;
  }

  /** The PKI whose anchors are in the files. */
  get clients(): Pki {
    return this.#clients;
  }

  /** The certificate that was put into the files last. */
  get identity(): Identity {
    return this.#material.identity;
  }

  /** Whether it may still do as before the files were replaced: the processes of a server take over one by one. */
  get mayBeReloading(): boolean {
    return monotonicNow() - this.#replacedAt < this.#within;
  }

  /** Whether it is known how fast it reloads. */
  get hasReloaded(): boolean {
    return this.#pace !== undefined;
  }

  get target(): ObservedServer | Endpoint {
    const target = this.#server?.target;
    if (target === undefined || typeof target === 'function') throw new TypeError('the server was not started'); // it is opened before any test
    return target;
  }

  /** Writes the files, and starts the server. Throws as `writeFiles` does, `SERVER_START_FAILED` and `SERVER_START_TIMEOUT`. */
  async open(): Promise<void> {
    const { directory, layout } = this.settings;
    this.#clients = this.settings.pki;
    this.#material = this.#materialFor(this.#clients);
    this.#files = writeServerFiles(this.#material, { directory, layout });
    await this.start();
  }

  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#files?.remove();
      this.#files = undefined;
    }
  }

  /** Starts it with the files as they are. */
  async start(): Promise<void> {
    const { identity, trust } = this.#material;
    this.#server = await startServer(() => this.#source.start(this.#given()), { identity, trust }, this.#startBound);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** Runs a scenario when every earlier one is done, with a server in its usual state: a new one where the last has broken it. */
  alone(run: () => Promise<Seen>): Promise<Seen> {
    return this.#turns.run(run);
  }

  /** Puts a new key and certificate into the files, with the anchors and CRLs of these clients, has them reloaded, and waits until they are served. The reason where they are not. */
  async renew(clients: Pki = this.#clients, { underLoad = false }: { readonly underLoad?: boolean } = {}): Promise<string | undefined> {
    this.#clients = clients;
    this.#material = this.#materialFor(clients);
    this.#filesOf().rotate(this.#material);
    this.#replacedAt = monotonicNow();
    const call = await this.reload();
    if (call.kind === 'rejected') return problem(`reload threw ${describeErrors(call.error)}`);
    if (call.kind === 'hung') return problem(`reload did not end within ${this.#within} ms`);
    return this.#awaitKey(underLoad);
  }

  /** Damages a file; where it is of the key pair, in the same step as a new pair is put in the old one's place. */
  damage(damaged: ServerFileDamage): void {
    if (damaged.file === 'ca' || damaged.file === 'crl') this.#filesOf().damage(damaged);
    else this.#filesOf().rotate(this.#materialFor(this.#clients), damaged);
  }

  restore(): void {
    this.#filesOf().restore();
  }

  /** Calls `reload`, where there is one. */
  reload(): Promise<CallResult> {
    const { reload } = this.#source;
    return reload ? awaitCall(() => reload(), this.#within) : Promise.resolve({ kind: 'resolved' });
  }

  /**
   * Waits until the server has done what it does with files that cannot be used, of which nothing is seen where it does right: all of its time, unless each reload so far was
   * over when `reload` ended.
   */
  async settle(): Promise<void> {
    const { isPrompt, slowest } = this.#pace ?? { isPrompt: false, slowest: 0 };
    await pause(this.#source.reload && isPrompt ? Math.min(this.#within, Math.max(leastSettleMs, slowest * 2)) : this.#within);
  }

  /** Undefined where the server cannot be reached or performs no handshake. */
  async servedSerial(): Promise<string | undefined> {
    const { pki, version, timeout } = this.settings;
    const versions = { minVersion: version, maxVersion: version };
    try {
      const identity = this.#clients.client('client');
      const handshake = await attemptHandshake(this.target, { identity, trust: pki.anchors, ...versions, timeout, quietPeriod: 1 });
      return handshake.serverCertificate?.serialNumber;
    } catch (error) {
      if (error instanceof MtlsFixturesError) return undefined;
      throw error;
    }
  }

  async #awaitKey(underLoad: boolean): Promise<string | undefined> {
    const wanted = serialOf(this.#material.identity);
    const bound = underLoad ? this.#within * 4 : this.#within; // the clients take their share of the machine
    let isFirst = true;
    let served: string | undefined;
    do {
      served = await this.servedSerial();
      if (served === wanted) {
        this.#notePace(isFirst, underLoad ? 0 : monotonicNow() - this.#replacedAt);
        return undefined;
      }
      isFirst = false;
      await pause(pollMs);
    } while (monotonicNow() - this.#replacedAt < bound);
    return problem(`${bound} ms after the files were replaced, ${servedText(served)} instead of ${wanted}`);
  }

  #notePace(isFirst: boolean, milliseconds: number): void {
    const { isPrompt, slowest } = this.#pace ?? { isPrompt: true, slowest: 0 };
    this.#pace = { isPrompt: isPrompt && isFirst, slowest: Math.max(slowest, milliseconds) };
  }

  #backToUsual(): Promise<string | undefined> {
    return this.#clients === this.settings.pki ? Promise.resolve(undefined) : this.renew(this.settings.pki);
  }

  async #renewAll(): Promise<undefined> {
    await this.close();
    await this.open();
  }

  #materialFor(clients: Pki): ServerMaterial {
    // The CRLs of both: a client whose CA is not trusted is refused for that alone.
    const crl = [...this.settings.pki.crls(), ...this.otherPki.crls()];
    return { identity: this.settings.pki.server(), trust: clients.anchors, crl };
  }

  #given(): ReloadMaterial {
    const { directory, key, cert, ca, crl } = this.#filesOf();
    const noteCrl = (): void => {
      this.#readsCrl = true;
    };
    return {
      files: { directory, key, cert, ca },
      trustFile: ca,
      get crlFile() {
        noteCrl();
        return crl;
      },
    };
  }

  #filesOf(): ServerFiles {
    if (!this.#files) throw new TypeError('the files were not written'); // as above
    return this.#files;
  }
}

/** As `inspectCertificate` has it. */
export function serialOf({ certificate }: Identity): string {
  return certificate.serialNumber;
}

/** What is served, for messages. */
export function servedText(serial: string | undefined): string {
  return serial === undefined ? 'it performs no handshake' : `it presents the certificate ${serial}`;
}

function problem(what: string): string {
  return new MtlsFixturesError('RELOAD_FAILED', { problem: what }).message;
}

const usualWithin = 5000;
const pollMs = 20;
/** What a server has at least to do wrong when its `reload` has ended. */
const leastSettleMs = 100;
