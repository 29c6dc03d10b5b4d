import { pause } from '../../../clock/pause.ts';
import { monotonicNow } from '../../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Identity } from '../../../pki/identity.ts';
import { trustDomainOf } from '../../../x509/names/spiffe-id.ts';
import type { ApiChange } from '../../catalogue/spiffe/spiffe-scenario.ts';
import type { Seen } from '../../records/scenario-result.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { type ServerUnderTest, startServer } from '../server/start-server.ts';
import { type CallableService, callService, connectTo } from './call-service.ts';
import type { SpiffeJwt, SpiffeSettings, SpiffeSource } from './spiffe-source.ts';
import { tokenHeader } from './token-header.ts';
import { WorkloadDomains, type WorkloadIds } from './workload-domains.ts';

/** A service under test and its Workload API. One scenario uses them at a time. */
export class SpiffeService implements CallableService {
  readonly settings: SpiffeSettings;
  readonly domains: WorkloadDomains;
  /** Milliseconds within which the service has to serve what is delivered. */
  readonly within: number;
  readonly #source: SpiffeSource;
  readonly #startBound: number;
  readonly #turns = new OneAtATime({ renew: () => this.#renewAll(), restore: () => this.#backToUsual() });
  #server: ServerUnderTest | undefined;
  #isChanged = false;
  /** Milliseconds of the slowest update that was served, without load. */
  #slowest: number | undefined;

  constructor(source: SpiffeSource, settings: SpiffeSettings, startBound: number) {
    this.settings = settings;
    this.#source = source;
    this.within = source.within ?? usualWithin;
    this.#startBound = startBound;
    this.domains = new WorkloadDomains(idsOf(source), settings);
  }

  get target(): ObservedServer | Endpoint {
    const target = this.#server?.target;
    if (target === undefined || typeof target === 'function') throw new TypeError('the service was not started'); // it is opened before any test
    return target;
  }

  get anchors(): string {
    return this.domains.anchors;
  }

  /** The authorized client, of the newest root. */
  get authorized(): Identity {
    const { home, authorized } = this.domains.clients;
    return home.svid(authorized);
  }

  /** The authorized client of the federated trust domain, where there is one. */
  get federated(): Identity | undefined {
    const { federated, authorizedFederated } = this.domains.clients;
    return authorizedFederated === undefined ? undefined : federated.svid(authorizedFederated);
  }

  /** How the service authenticates requests by JWT-SVIDs, where it does. */
  get jwt(): SpiffeJwt | undefined {
    return this.#source.jwt;
  }

  /** A valid token of the client that a certificate is of, where the service asks for one: of the home id for whatever is not the authorized federated one. */
  readonly headersOf = (identity: Identity | undefined): Readonly<Record<string, string>> => {
    if (!this.jwt) return {};
    const { claims, home, federated, authorizedFederated } = this.domains.tokenFacts(this.jwt.audience);
    const isFederated = authorizedFederated !== undefined && identity?.certificate.subjectAltName === `URI:${authorizedFederated}`;
    return tokenHeader(this.jwt, isFederated ? federated.signJwt({ ...claims, sub: authorizedFederated }) : home.signJwt(claims));
  };

  /** Starts the Workload API and the service. Throws `SERVER_START_FAILED` and `SERVER_START_TIMEOUT`. */
  async open(): Promise<void> {
    await this.domains.open();
    const { api, ids, anchors } = this.domains;
    const { service: id, authorized, authorizedFederated } = ids;
    const context = {
      env: api.env,
      address: api.address,
      id,
      authorizes: authorizedFederated === undefined ? [authorized] : [authorized, authorizedFederated],
    };
    const identity = api.identity(id) ?? api.entitle(id);
    this.#server = await startServer(() => this.#source.start(context), { identity, trust: anchors }, this.#startBound);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    try {
      await server?.close();
    } finally {
      await this.domains.close();
    }
  }

  /** Runs a scenario when every earlier one is done, with a service in its usual state: a new one where the last has broken it. */
  alone(run: () => Promise<Seen>): Promise<Seen> {
    return this.#turns.run(run);
  }

  /** Changes what is delivered; where the service has to present another SVID then, waits until it does. The reason where it does not. */
  async change(change: ApiChange, { underLoad = false }: { readonly underLoad?: boolean } = {}): Promise<string | undefined> {
    const before = this.domains.delivered;
    this.#isChanged = true;
    await this.domains.change(change);
    const { delivered } = this.domains;
    const isExpired = change === 'expired'; // which a client need not use
    return delivered === undefined || delivered === before || isExpired ? undefined : this.awaitServed(delivered, underLoad);
  }

  /** Waits until the service presents this SVID. The reason where it does not. */
  async awaitServed({ certificate }: Identity, underLoad = false): Promise<string | undefined> {
    const startedAt = monotonicNow();
    const bound = underLoad ? this.within * 4 : this.within; // the clients take their share of the machine
    let served: string | undefined;
    do {
      served = await this.#servedSerial();
      if (served === certificate.serialNumber) {
        if (!underLoad) this.#slowest = Math.max(this.#slowest ?? 0, monotonicNow() - startedAt);
        return undefined;
      }
      await pause(pollMs);
    } while (monotonicNow() - startedAt < bound);
    const presented = served === undefined ? 'it performs no handshake' : `it presents the certificate ${served}`;
    return `${bound} ms after the Workload API delivered the SVID ${certificate.serialNumber}, ${presented}`;
  }

  /** Gives the service the time to do wrong, of which nothing is seen where it does right. */
  async settle(): Promise<void> {
    await pause(Math.min(this.within, Math.max(leastSettleMs, (this.#slowest ?? 0) * 2)));
  }

  async #servedSerial(): Promise<string | undefined> {
    try {
      const connection = await connectTo(this, this.authorized);
      await connection.close();
      return connection.handshake.serverCertificate?.serialNumber;
    } catch (error) {
      if (error instanceof MtlsFixturesError) return undefined;
      throw error;
    }
  }

  async #backToUsual(): Promise<string | undefined> {
    if (!this.#isChanged) return undefined;
    await this.domains.restore();
    this.#isChanged = false;
    return this.#ready();
  }

  /** Waits until the service presents what is delivered, and knows the keys of tokens: before that it may refuse every client. */
  async #ready(): Promise<string | undefined> {
    const { delivered } = this.domains;
    return delivered && ((await this.awaitServed(delivered)) ?? (this.jwt && (await this.#awaitTokens())));
  }

  /** Keys of JWT-SVIDs come by a stream of their own. */
  async #awaitTokens(): Promise<string | undefined> {
    const startedAt = monotonicNow();
    let called = await callService(this, this.authorized);
    while (called.verdict !== 'accepted' && monotonicNow() - startedAt < this.within) {
      await pause(pollMs);
      called = await callService(this, this.authorized);
    }
    return called.verdict === 'accepted' ? undefined : `after ${this.within} ms a request with a valid token was ${called.words}`;
  }

  async #renewAll(): Promise<string | undefined> {
    await this.close();
    await this.open();
    this.#isChanged = false;
    const problem = await this.#ready();
    return problem && `after the service was started again: ${problem}`;
  }
}

function idsOf({ id, authorizes }: SpiffeSource): WorkloadIds {
  const [authorized, authorizedFederated] = typeof authorizes === 'string' ? [authorizes] : authorizes;
  return { service: id ?? `spiffe://${trustDomainOf(authorized)}/service`, authorized, authorizedFederated };
}

const usualWithin = 5000;
const pollMs = 20;
/** What a service has at least to do wrong when a message was sent. */
const leastSettleMs = 150;
