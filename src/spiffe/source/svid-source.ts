import { constants, X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { DerElement } from '../../asn1/der-reader.ts';
import { encodePem } from '../../asn1/pem.ts';
import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireMilliseconds } from '../../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import { identityFromPem } from '../../pki/formats/identity-from-pem.ts';
import type { Identity } from '../../pki/identity.ts';
import { inspectCertificate, inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';
import { requireWorkloadId, trustDomainOf } from '../../x509/names/spiffe-id.ts';
import type { X509SvidResponse } from '../protocol/messages.ts';
import { brokenLeafRules } from '../svid-rules.ts';
import { type AuthorizeId, type KnownCertificates, peerProblem } from './peer-rules.ts';
import { targetOf, watchX509Svids } from './watch.ts';

/** How to get SVIDs. */
export interface SvidSourceOptions {
  /** Default: `SPIFFE_ENDPOINT_SOCKET` of the environment. */
  readonly address?: string | undefined;
  /** Which identity to use; default: the first that is delivered (Workload API 5.3). */
  readonly id?: string | undefined;
  /** Milliseconds to wait for the first SVID; default 10,000. */
  readonly timeout?: number | undefined;
}

/** What the options of Node's TLS have of an SVID. */
export interface SvidTlsOptions {
  readonly key: string;
  readonly cert: string;
  /** The roots of every trust domain that is known: {@link SvidSource.verify} looks up the right ones. */
  readonly ca: string;
}

/** The same for servers. */
export interface SvidServerOptions extends SvidTlsOptions {
  /** No session tickets: a session that is resumed keeps a client whose root was withdrawn. */
  readonly secureOptions: number;
}

/** Opens a source and waits for its first SVID. Throws `OPTION_INVALID` and `WORKLOAD_API_FAILED`. */
export async function startSvidSource(options: SvidSourceOptions = {}): Promise<SvidSource> {
  requireOptionsOf(schema, options);
  const { address = process.env['SPIFFE_ENDPOINT_SOCKET'], id, timeout = 10_000 } = options;
  return create({ target: targetOf(address), address: textOf(address), id, timeout });
}

interface SourceParts {
  readonly target: string;
  readonly address: string;
  readonly id: string | undefined;
  readonly timeout: number;
}

let create: (parts: SourceParts) => Promise<SvidSource>;

/**
 * The newest X509-SVID and bundles of a Workload API, for servers and clients of tests and examples; not a library for production. `startSvidSource()` opens one. Close it, or hold
 * it with `await using`.
 */
export class SvidSource {
  static {
    create = async (parts: SourceParts): Promise<SvidSource> => {
      const source = new SvidSource(parts);
      await source.#first(parts.timeout);
      return source;
    };
  }

  readonly #parts: SourceParts;
  readonly #watch: { readonly stop: () => void };
  readonly #listeners = new Set<() => void>();
  readonly #issuers = new Map<string, X509Certificate>();
  #identity: Identity | undefined;
  #bundles: ReadonlyMap<string, readonly X509Certificate[]> = new Map();
  #problem = 'no SVID has come';

  private constructor(parts: SourceParts) {
    this.#parts = parts;
    this.#watch = watchX509Svids(parts.target, {
      onUpdate: (update) => this.#receive(update),
      onEnd: ({ code, problem, isFinal }) => {
        if (isFinal || code === 'PERMISSION_DENIED') this.#identity = undefined; // "should cease use" (Workload API 4.2)
        this.#problem = problem;
        if (code === 'UNAVAILABLE') return; // it may not listen yet, or be restarted
        this.#notify();
      },
    });
  }

  /** The newest SVID. Throws `WORKLOAD_API_FAILED` where the workload has lost its entitlement. */
  get identity(): Identity {
    if (this.#identity) return this.#identity;
    throw new MtlsFixturesError('WORKLOAD_API_FAILED', { endpoint: this.#parts.address, problem: this.#problem });
  }

  /** PEM of the roots that are known, by trust domain. */
  get bundles(): ReadonlyMap<string, string> {
    return new Map([...this.#bundles].map(([domain, roots]) => [domain, roots.map((root) => root.toString()).join('')]));
  }

  /** For `tls.createServer`, `https`, `http2` and `setSecureContext`. Node verifies clients by all roots as one pool: have them judged by `verify`, as `verifyPeer` of `observe(server)`. */
  serverOptions(): SvidServerOptions & { readonly requestCert: true; readonly rejectUnauthorized: true } {
    return { ...this.#serverContext(), requestCert: true, rejectUnauthorized: true };
  }

  /** For `tls.connect`, `https.request` and undici's `connect`: the server is verified by its SPIFFE id and not by its name. Node verifies nothing of a session that is resumed: give an agent `maxCachedSessions: 0`. */
  clientOptions(
    authorize?: AuthorizeId,
  ): SvidTlsOptions & { readonly checkServerIdentity: NonNullable<tls.ConnectionOptions['checkServerIdentity']> } {
    return {
      ...this.#tlsOptions(),
      checkServerIdentity: (_name, certificate) => {
        const problem = peerProblem(inspectChain(chainOf(certificate)), this.#known(), authorize);
        return problem === undefined ? undefined : new Error(problem);
      },
    };
  }

  /** Judges a peer whose chain leads to some root of `ca`: `true`, or why not; no peer is accepted while the workload has no SVID. For `verifyPeer` of servers and attempts. */
  verify(peer: PeerCertificate, authorize?: AuthorizeId): true | string {
    if (!this.#identity) return `the workload has no SVID: ${this.#problem}`;
    return peerProblem(peer, this.#known(), authorize) ?? true;
  }

  /**
   * Has a server present the newest SVID and trust the newest bundles, from now on and at each update, until the function that it gives is called. Where the workload loses its
   * entitlement the server has no certificate to present, and performs no handshake.
   */
  follow(server: { setSecureContext(options: tls.SecureContextOptions): void }): () => void {
    const update = (): void => {
      server.setSecureContext(this.#identity ? this.#serverContext() : {});
    };
    update();
    return this.onUpdate(update);
  }

  /** Calls a function at each update, and when the API ends the stream; gives the way to end that. */
  onUpdate(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#watch.stop();
    this.#listeners.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #first(timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = after(timeout, () => settle(false));
      const settle = (hasCome: boolean): void => {
        cancel();
        stop();
        if (hasCome) {
          resolve();
          return;
        }
        this.close();
        reject(new MtlsFixturesError('WORKLOAD_API_FAILED', { endpoint: this.#parts.address, problem: this.#problem }));
      };
      const stop = this.onUpdate(() => settle(this.#identity !== undefined));
    });
  }

  #receive({ svids, federatedBundles }: X509SvidResponse): void {
    const { id } = this.#parts;
    const svid = id === undefined ? svids[0] : svids.find(({ spiffeId }) => spiffeId === id);
    if (id !== undefined && !svid && svids.length > 0) {
      this.#identity = undefined; // redacted among others (Workload API 5.2.1)
      this.#problem = `the message has no SVID of "${id}"`;
      this.#notify();
      return;
    }
    try {
      if (!svid) throw new Error('the message has no SVID');
      const own = certificatesOf(svid.bundle);
      if (own.length === 0) throw new Error('the bundle is empty');
      const anchors = own.map((root) => root.toString()).join('');
      const cert = certificatesOf(svid.certificates).map((certificate) => certificate.toString());
      const [broken] = brokenLeafRules(inspectCertificate(cert.join('')));
      if (broken) throw new Error(`${broken.problem} (${broken.clause})`);
      this.#identity = identityFromPem({ key: encodePem('PRIVATE KEY', svid.key), cert: cert.join(''), ca: anchors });
      const foreign = [...federatedBundles].map(([domain, bundle]) => [trustDomainOf(domain), certificatesOf(bundle)] as const);
      this.#bundles = new Map([...foreign, [trustDomainOf(svid.spiffeId), own]]);
    } catch (error) {
      this.#problem = `a message cannot be used: ${String(error)}`; // what came before stays (Workload API 5.2.1)
    }
    this.#notify();
  }

  #tlsOptions(): SvidTlsOptions {
    const { keyPem: key, chainPem: cert } = this.identity;
    return { key, cert, ca: [...this.bundles.values()].join('') };
  }

  #known(): KnownCertificates {
    return { bundles: this.#bundles, issuers: this.#issuers };
  }

  #serverContext(): SvidServerOptions {
    return { ...this.#tlsOptions(), secureOptions: constants.SSL_OP_NO_TICKET };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Of DER certificates that stand one after the other. */
function certificatesOf(bytes: Uint8Array): X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const { bytes: der } = new DerElement(rest, 'certificate');
    certificates.push(new X509Certificate(der));
    rest = rest.subarray(der.length);
  }
  return certificates;
}

/** DER of a peer's chain; a root is its own issuer. */
function chainOf(certificate: tls.DetailedPeerCertificate | tls.PeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let next: tls.PeerCertificate | undefined = certificate; next;) {
    chain.push(next.raw);
    const issuer: tls.DetailedPeerCertificate | undefined =
      'issuerCertificate' in next ? (next.issuerCertificate as tls.DetailedPeerCertificate) : undefined; // as Node gives it with the chain
    next = issuer === next ? undefined : issuer;
  }
  return chain;
}

const schema: OptionSchema = {
  what: 'SVID source option',
  own: {
    address: (_option, value) => void targetOf(value),
    id: (_option, value) => requireWorkloadId(value),
    timeout: requireMilliseconds,
  },
};
