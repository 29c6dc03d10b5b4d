import { invalidOption } from '../../errors/index.ts';
import { realNow } from '../../clock/real-clock.ts';
import { requireOneOf } from '../../options/checks.ts';
import type { Identity } from '../../pki/identity.ts';
import { inspectedAs } from '../../pki/comparable.ts';
import type { Pki } from '../../pki/pki.ts';
import { signJwt } from '../jwt/jwt-svid.ts';
import { DomainAuthorities } from './domain-authorities.ts';
import { type EntitleOptions, type Entitlement, entitlementFor, expiredEntitlement, requireEntitlement } from './entitlements.ts';
import { type FederatedDomain, type ForeignBundles, parseFederatedDomain } from './federation.ts';
import { requireUniqueHint } from './hints.ts';
import { type Listener, openListener } from './listener.ts';
import { type MessageDamage, messageDamages } from './message-damage.ts';
import { createWorkloadService, type StreamMethod, type UnaryMethod, type WorkloadApiStatus, type WorkloadService } from './service.ts';
import { answerUnary, firstMessage, type WorkloadState } from './state-messages.ts';
import { type ParsedWorkloadApi, parseWorkloadApi, type WorkloadApiOptions } from './workload-api-options.ts';

/** A request that a Workload API has answered. */
export interface WorkloadApiRequest {
  readonly method: StreamMethod | UnaryMethod;
  /** The status that a single answer had, or that a stream began with. */
  readonly status: WorkloadApiStatus;
  readonly at: Date;
}

/** Starts a Workload API of checked options. */
export async function openWorkloadApi(parsed: ParsedWorkloadApi): Promise<WorkloadApi> {
  return create(parsed);
}

let create: (parsed: ParsedWorkloadApi, authorities?: DomainAuthorities) => Promise<WorkloadApi>;

/**
 * A SPIFFE Workload API in this process: the endpoint of one workload, which is entitled to any number of identities. Each change is pushed at once to every stream that is open.
 * `startWorkloadApi()` starts one. Close it, or hold it with `await using`.
 */
export class WorkloadApi {
  static {
    create = async (parsed: ParsedWorkloadApi, authorities?: DomainAuthorities): Promise<WorkloadApi> => {
      const api = new WorkloadApi(parsed, authorities);
      try {
        api.#listener = await openListener(parsed.target, (connection) => api.#service.accept(connection));
      } catch (error) {
        await api.close();
        throw error;
      }
      return api;
    };
    inspectedAs(WorkloadApi, ({ trustDomain, address }) => `WorkloadApi "${trustDomain}" at ${address}`);
  }

  readonly #authorities: DomainAuthorities;
  readonly #service: WorkloadService;
  readonly #sendsCrls: boolean;
  readonly #maxRequests: number;
  readonly #requests: WorkloadApiRequest[] = [];
  readonly #foreign = new Map<string, { readonly bundles: () => ForeignBundles; readonly stop: () => void }>();
  readonly #stopFollowing: () => void;
  #entitlements: ReadonlyMap<string, Entitlement>;
  #damage: MessageDamage | undefined;
  #listener: Listener | undefined;
  #closing: Promise<void> | undefined;

  private constructor({ trustDomain, workloads, crls, maxRequests, ...parsed }: ParsedWorkloadApi, authorities?: DomainAuthorities) {
    this.#authorities = authorities ?? new DomainAuthorities(trustDomain, parsed.pki());
    this.#sendsCrls = crls;
    this.#maxRequests = maxRequests;
    this.#entitlements = new Map(workloads.map(({ id, options }) => [id, entitlementFor(this.#authorities, id, options)]));
    this.#service = createWorkloadService({
      first: (method) => firstMessage(method, this.#state()),
      answer: (method, request) => answerUnary(method, request, this.#state()),
      onRequest: (method, status) => this.#remember({ method, status, at: new Date(realNow()) }),
    });
    this.#stopFollowing = this.#authorities.onChange((change) => {
      if (change === 'added') this.#reissue(() => true);
      this.#push(allMethods);
    });
  }

  get trustDomain(): string {
    return this.#authorities.trustDomain;
  }

  /** `unix:///path` or `tcp://127.0.0.1:port`. */
  get address(): string {
    return this.#listener?.address ?? '';
  }

  /** What to add to the environment of a child process: `SPIFFE_ENDPOINT_SOCKET`. */
  get env(): { readonly SPIFFE_ENDPOINT_SOCKET: string } {
    return { SPIFFE_ENDPOINT_SOCKET: this.address };
  }

  /** The PKI that issues at the moment; `rotate('bundle')` replaces it. */
  get pki(): Pki {
    return this.#authorities.pki;
  }

  /** PEM of the trust domain's roots. */
  get bundle(): string {
    return this.#authorities.anchors;
  }

  /** The trust domain's keys for JWT-SVIDs, as a JWKS document. */
  get jwtBundle(): string {
    return this.#authorities.jwks;
  }

  /** Signs any claims, for requests to a service: by the key that has been in the bundle for the longest time. Fields of `header` stand above `alg`, `kid` and `typ`. */
  signJwt(claims: object, header: object = {}): string {
    return signJwt(claims, this.#authorities.oldestJwtKey, header);
  }

  /** What was asked for so far, in order, the last `maxRequests` of it. */
  get requests(): readonly WorkloadApiRequest[] {
    return [...this.#requests];
  }

  /** How many streams of X509-SVIDs are open. */
  get watchers(): number {
    return this.#service.watchers('FetchX509SVID');
  }

  /** The identity that is delivered for an id at the moment; undefined for one that the workload is not entitled to. */
  identity(id: string): Identity | undefined {
    return this.#entitlements.get(id)?.identity;
  }

  /** Entitles the workload to an identity, behind those before, or replaces it; gives what is delivered. Throws `NAME_INVALID` and `OPTION_INVALID`. */
  entitle(id: string, options: EntitleOptions = {}): Identity {
    requireEntitlement(this.trustDomain, id, options);
    const others = [...this.#entitlements.values()].filter((other) => other.id !== id);
    requireUniqueHint(
      options.hint,
      others.map((other) => other.options.hint),
    );
    const entitlement = entitlementFor(this.#authorities, id, options);
    this.#entitlements = new Map(this.#entitlements).set(id, entitlement);
    this.#push(svidMethods);
    return entitlement.identity;
  }

  /** Takes an identity away, and revokes its certificate (on the CRLs, where `crls` are delivered). With the last one every stream ends with PERMISSION_DENIED. */
  revoke(id: string): void {
    const { identity } = this.#entitled(id);
    this.#entitlements = new Map([...this.#entitlements].filter(([other]) => other !== id));
    identity.authority?.revoke(identity);
    this.#push(this.#entitlements.size === 0 || this.#sendsCrls ? allMethods : svidMethods);
  }

  /**
   * Issues anew: the X509-SVID of an id, or of all. `'bundle'`: a new root and JWT key join the bundle and sign from now on; those before stay trusted until `retire()`.
   */
  rotate(what: string): void {
    if (what === 'bundle') {
      this.#authorities.add();
      return;
    }
    if (what !== 'all') this.#entitled(what);
    this.#reissue(({ id }) => what === 'all' || id === what);
    this.#push(svidMethods);
  }

  /** Withdraws the roots and JWT keys that `rotate('bundle')` has replaced. */
  retire(): void {
    this.#authorities.retire();
  }

  /** Delivers an X509-SVID for an id that expired a minute ago, and from now on expired JWT-SVIDs; `rotate(id)` ends that. */
  expire(id: string): void {
    const expired = expiredEntitlement(this.#authorities, this.#entitled(id));
    this.#entitlements = new Map(this.#entitlements).set(id, expired);
    this.#push(svidMethods);
  }

  /** Delivers the bundles of another trust domain: of another Workload API, also when it rotates them, or as they are given. Throws `OPTION_INVALID` and `PEM_INVALID`. */
  federate(other: WorkloadApi | FederatedDomain): void {
    const bundles = other instanceof WorkloadApi ? () => other.#published() : parsedOnce(other);
    const { trustDomain, onChange } = bundles();
    if (trustDomain === this.trustDomain) throw invalidOption('trustDomain', trustDomain, 'another trust domain than its own');
    this.#foreign.get(trustDomain)?.stop();
    this.#foreign.set(trustDomain, { bundles, stop: onChange(() => this.#push(allMethods)) });
    this.#push(allMethods);
  }

  /** Withdraws the bundles of another trust domain. */
  unfederate(trustDomain: string): void {
    const foreign = this.#foreign.get(trustDomain);
    if (!foreign)
      throw invalidOption('trustDomain', trustDomain, `one that is federated (${[...this.#foreign.keys()].join(', ') || 'none is'})`);
    foreign.stop();
    this.#foreign.delete(trustDomain);
    this.#push(allMethods);
  }

  /** Delivers messages with one thing wrong, to streams that are open and to new ones, until `restore()`. */
  damage(damage: MessageDamage): void {
    requireOneOf('damage', damage, messageDamages);
    this.#damage = damage;
    this.#push(x509Methods);
  }

  /** Delivers messages as they should be again. */
  restore(): void {
    this.#damage = undefined;
    this.#push(x509Methods);
  }

  /**
   * Starts the endpoint of another workload of the same trust domain: roots and JWT keys are shared, and `rotate('bundle')` and `retire()` of either reach both. Entitlements and
   * federation are its own. Throws as `startWorkloadApi` does.
   */
  async startAnother(options: Omit<WorkloadApiOptions, 'trustDomain' | 'pki'> = {}): Promise<WorkloadApi> {
    const parsed = parseWorkloadApi({ ...options, trustDomain: this.trustDomain, pki: this.pki });
    return create(parsed, this.#authorities);
  }

  /** Ends every connection, and releases the port or removes the socket. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#stopFollowing();
    for (const { stop } of this.#foreign.values()) stop();
    await this.#listener?.close(); // before the service: clients take a reset of their stream for an end that they asked for
    this.#service.close();
  }

  #push(methods: readonly StreamMethod[]): void {
    if (!this.#closing) this.#service.push(methods);
  }

  #reissue(isMeant: (entitlement: Entitlement) => boolean): void {
    this.#entitlements = new Map(
      [...this.#entitlements].map(([id, entitlement]) => {
        const { identity: _identity, ...options } = entitlement.options; // one that was given is replaced by a minted one
        return [id, isMeant(entitlement) ? entitlementFor(this.#authorities, id, options) : entitlement];
      }),
    );
  }

  #entitled(id: string): Entitlement {
    const entitlement = this.#entitlements.get(id);
    if (entitlement) return entitlement;
    throw invalidOption('id', id, `one that the workload is entitled to (${[...this.#entitlements.keys()].join(', ') || 'it has none'})`);
  }

  #published(): ForeignBundles {
    const { trustDomain, bundle, jwks, jwtKeys } = this.#authorities;
    return { trustDomain, bundle, jwks, jwtKeys, onChange: (listener) => this.#authorities.onChange(listener) };
  }

  #state(): WorkloadState {
    return {
      authorities: this.#authorities,
      entitlements: [...this.#entitlements.values()],
      foreign: [...this.#foreign.values()].map(({ bundles }) => bundles()),
      crls: this.#sendsCrls ? this.#authorities.crls() : [],
      damage: this.#damage,
    };
  }

  #remember(request: WorkloadApiRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > this.#maxRequests) this.#requests.shift();
  }
}

function parsedOnce(domain: FederatedDomain): () => ForeignBundles {
  const parsed = parseFederatedDomain(domain);
  return () => parsed;
}

const svidMethods: readonly StreamMethod[] = ['FetchX509SVID'];
const x509Methods: readonly StreamMethod[] = ['FetchX509SVID', 'FetchX509Bundles'];
const allMethods: readonly StreamMethod[] = ['FetchX509SVID', 'FetchX509Bundles', 'FetchJWTBundles'];
