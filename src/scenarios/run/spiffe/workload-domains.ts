import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { realNow } from '../../../clock/real-clock.ts';
import { loadWithPeer } from '../../../errors/optional-peer.ts';
import type { Identity } from '../../../pki/identity.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import type * as starting from '../../../spiffe/index.ts';
import type { WorkloadApi } from '../../../spiffe/api/workload-api.ts';
import { trustDomainOf } from '../../../x509/names/spiffe-id.ts';
import type { ApiChange, TokenFacts, TrustDomains } from '../../catalogue/spiffe/spiffe-scenario.ts';
import type { SpiffeSettings } from './spiffe-source.ts';

/** The ids that a suite is about. */
export interface WorkloadIds {
  readonly service: string;
  readonly authorized: string;
  readonly authorizedFederated: string | undefined;
}

/** The Workload API of a service under test, and the trust domains of its clients. */
export class WorkloadDomains {
  readonly ids: WorkloadIds;
  readonly untrusted: Pki = createPki({ name: 'a CA in no bundle' });
  readonly #settings: SpiffeSettings;
  readonly #requests: WorkloadApi['requests'][number][] = [];
  #api: WorkloadApi | undefined;
  #federated: WorkloadApi | undefined;
  #isStopped = false;
  /** Of the socket: that of the API itself is gone when it is closed, and it has to come back at the same place. */
  #folder: string | undefined;

  constructor(ids: WorkloadIds, settings: SpiffeSettings) {
    this.ids = ids;
    this.#settings = settings;
  }

  async open(): Promise<void> {
    const { pki, port, socket = port === undefined ? this.#newSocket() : undefined } = this.#settings;
    const { service, authorizedFederated } = this.ids;
    const trustDomain = trustDomainOf(service);
    const { startWorkloadApi } = await workloadApis();
    this.#federated = await startWorkloadApi({
      trustDomain: authorizedFederated === undefined ? otherDomain(trustDomain) : trustDomainOf(authorizedFederated),
    });
    this.#api = await startWorkloadApi({ trustDomain, pki, socket, port, workloads: [service], maxRequests: Infinity });
    this.#api.federate(this.#federated);
    this.#isStopped = false;
  }

  async close(): Promise<void> {
    await this.#api?.close();
    await this.#federated?.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  get api(): WorkloadApi {
    if (!this.#api) throw new TypeError('the Workload API was not started'); // it is opened before any test
    return this.#api;
  }

  /** What the service has asked so far, of each API that it had. */
  get requests(): WorkloadApi['requests'] {
    return [...this.#requests, ...this.api.requests];
  }

  /** PEM of all roots at the moment. */
  get anchors(): string {
    return this.api.bundle + this.#other.bundle;
  }

  /** What clients are minted by. */
  get clients(): TrustDomains {
    const { authorized, authorizedFederated } = this.ids;
    const { trustDomain, pki: federated } = this.#other;
    return {
      home: this.api.pki,
      federated,
      untrusted: this.untrusted,
      authorized,
      federatedDomain: `spiffe://${trustDomain}`,
      authorizedFederated,
    };
  }

  /** What tokens for a service of this audience are made of. */
  tokenFacts(audience: string): TokenFacts {
    const { authorized, authorizedFederated } = this.ids;
    const now = Math.floor(realNow() / 1000);
    const claims = { sub: authorized, aud: [audience], iat: now, exp: now + tokenLifetime };
    return { audience, claims, home: this.api, federated: this.#other, authorizedFederated };
  }

  /** What the service should present: nothing while the API delivers nothing that it can use. */
  get delivered(): Identity | undefined {
    return this.#isStopped ? undefined : this.api.identity(this.ids.service);
  }

  /** Changes what the API delivers. */
  async change(change: ApiChange): Promise<void> {
    if (typeof change === 'object') this.api.damage(change.damage);
    else await this.#changes[change]();
  }

  /** Delivers everything as at the start, by an SVID that was issued anew, and the newest roots alone. */
  async restore(): Promise<void> {
    if (this.#isStopped) await this.#restart();
    const { service } = this.ids;
    this.api.restore();
    if (this.api.identity(this.#second)) this.api.revoke(this.#second);
    this.api.federate(this.#other);
    this.api.retire();
    this.#other.retire();
    if (this.api.identity(service)) this.api.rotate(service);
    else this.api.entitle(service);
  }

  readonly #changes: Readonly<Record<Extract<ApiChange, string>, () => void | Promise<void>>> = {
    svid: () => this.api.rotate(this.ids.service),
    root: () => this.api.rotate('bundle'),
    'root-retired': () => this.api.retire(),
    'second-svid': () => void this.api.entitle(this.#second, { hint: 'second' }),
    expired: () => this.api.expire(this.ids.service),
    revoked: () => this.api.revoke(this.ids.service),
    entitled: () => void this.api.entitle(this.ids.service),
    'federated-root': () => this.#other.rotate('bundle'),
    'federated-root-retired': () => this.#other.retire(),
    unfederated: () => this.api.unfederate(this.#other.trustDomain),
    federated: () => this.api.federate(this.#other),
    'api-stopped': () => this.#stop(),
    'api-restarted': async () => {
      await this.#stop();
      await this.#restart();
    },
  };

  get #second(): string {
    return `${this.ids.service}-second`;
  }

  get #other(): WorkloadApi {
    if (!this.#federated) throw new TypeError('the federated trust domain was not started'); // as above
    return this.#federated;
  }

  /** None on Windows, where the API listens on a port instead. */
  #newSocket(): string | undefined {
    if (process.platform === 'win32') return undefined;
    this.#folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-spiffe-'));
    return path.join(this.#folder, 'api.sock');
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    this.#requests.push(...this.api.requests);
    await this.api.close();
  }

  /** At the same place, with the same roots. */
  async #restart(): Promise<void> {
    const { protocol, pathname, port } = new URL(this.api.address);
    const place = protocol === 'unix:' ? { socket: pathname } : { port: Number(port) };
    this.#api = await this.api.startAnother({ ...place, workloads: [this.ids.service], maxRequests: Infinity });
    this.#api.federate(this.#other);
    this.#isStopped = false;
  }
}

function otherDomain(trustDomain: string): string {
  return trustDomain === 'other.test' ? 'federated.test' : 'other.test';
}

/** Of tokens, in seconds. */
const tokenLifetime = 300;

/** On first use: the API needs an optional package, which no other scenario does. */
function workloadApis(): Promise<typeof starting> {
  return loadWithPeer(
    { name: '@grpc/grpc-js', resolve: () => import.meta.resolve('@grpc/grpc-js') },
    () => import('../../../spiffe/index.ts'),
  );
}
