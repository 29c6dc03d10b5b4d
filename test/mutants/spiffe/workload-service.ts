import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type tls from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { DerElement } from '../../../src/asn1/der-reader.ts';
import { encodePem } from '../../../src/asn1/pem.ts';
import { inspectCertificate, type PeerCertificate } from '../../../src/index.ts';
import type { X509SvidResponse } from '../../../src/spiffe/protocol/messages.ts';
import { peerProblem } from '../../../src/spiffe/source/peer-rules.ts';
import { brokenLeafRules } from '../../../src/spiffe/svid-rules.ts';
import { targetOf, watchX509Svids } from '../../../src/spiffe/source/watch.ts';
import type { SpiffeContext, SpiffeSource } from '../../../src/vitest/index.ts';

/** What a service holds of the Workload API. */
export interface Held {
  readonly key: string;
  readonly cert: string;
  /** Roots by the id of the trust domain. */
  readonly bundles: ReadonlyMap<string, readonly X509Certificate[]>;
}

/** How a service works; each is right unless given. */
export interface ServiceRules {
  /** What it holds after a message. Throws where the message cannot be used: it keeps what it has. */
  readonly receive?: (message: X509SvidResponse, before: Held | undefined) => Held;
  /** What it holds after a message that cannot be used. */
  readonly onUnusable?: (before: Held | undefined) => Held | undefined;
  /** What it holds when it has lost its entitlement. */
  readonly onDenied?: (before: Held) => Held | undefined;
  /** What it holds when the stream has ended otherwise. */
  readonly onAway?: (before: Held) => Held | undefined;
  /** Whether it goes on after such an end, or after a message that cannot be used. */
  readonly givesUp?: 'after-end' | 'after-unusable';
  readonly contextOf?: (held: Held, updates: number) => tls.SecureContextOptions;
  /** Whether a client with a certificate is authorized. */
  readonly accepts?: (peer: PeerCertificate, held: Held, ids: readonly string[]) => boolean;
  /** Whether TLS verifies chains; default `true`. */
  readonly verifiesChains?: boolean;
  /** What is decided of a request before its certificate is looked at. */
  readonly lets?: (request: IncomingMessage, facts: { readonly held: Held; readonly updates: number }) => boolean;
  readonly onUpdate?: (server: https.Server, updates: number) => void;
  readonly onStart?: (context: SpiffeContext) => void;
  readonly onClose?: () => void;
  /** Whether the request of an authorized client is authenticated. */
  readonly authenticates?: (request: IncomingMessage) => Promise<boolean>;
}

/** A service of https whose application decides: it answers 403 to clients that are not authorized. */
export function serviceWith(rules: ServiceRules = {}): SpiffeSource['start'] {
  return async (context) => {
    const service = new WorkloadService(context, rules);
    return service.listen();
  };
}

class WorkloadService {
  readonly #context: SpiffeContext;
  readonly #rules: ServiceRules;
  readonly #server: https.Server;
  readonly #watch: { readonly stop: () => void };
  readonly #peers = new WeakMap<object, PeerCertificate>();
  #held: Held | undefined;
  #updates = 0;
  #hasGivenUp = false;

  constructor(context: SpiffeContext, rules: ServiceRules) {
    this.#context = context;
    this.#rules = rules;
    const { verifiesChains = true } = rules;
    this.#server = https.createServer({ requestCert: true, rejectUnauthorized: verifiesChains }, (request, response) => {
      void this.#answer(request, response);
    });
    // Node.js 22 gives the chain of a peer at the handshake alone.
    this.#server.on('secureConnection', (socket: tls.TLSSocket) => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate) this.#peers.set(socket, inspectCertificate(certificate));
    });
    this.#watch = watchX509Svids(targetOf(context.address), {
      onUpdate: (message) => this.#receive(message),
      onEnd: ({ code }) => this.#onEnd(code),
    });
    rules.onStart?.(context);
  }

  async listen(): Promise<{ host: string; port: number; close(): Promise<void> }> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo; // of a TCP server
    return {
      host: '127.0.0.1',
      port,
      close: async () => {
        this.#watch.stop();
        this.#rules.onClose?.();
        this.#server.close();
        this.#server.closeAllConnections();
      },
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAuthenticated = this.#rules.authenticates?.(request) ?? true;
    response.writeHead(this.#isAuthorized(request) && (await isAuthenticated) ? 200 : 403).end();
  }

  #receive(message: X509SvidResponse): void {
    if (this.#hasGivenUp) return;
    const { receive = heldOf, onUnusable = (before) => before, givesUp } = this.#rules;
    try {
      this.#held = receive(message, this.#held);
    } catch {
      this.#held = onUnusable(this.#held);
      if (givesUp === 'after-unusable') this.#hasGivenUp = true;
    }
    this.#updates += 1;
    this.#apply();
  }

  #onEnd(code: string): void {
    if (this.#rules.givesUp === 'after-end') this.#hasGivenUp = true;
    if (!this.#held) return;
    const { onDenied = () => undefined, onAway = (before) => before } = this.#rules;
    this.#held = code === 'PERMISSION_DENIED' ? onDenied(this.#held) : onAway(this.#held);
    this.#apply();
  }

  #apply(): void {
    const { contextOf = usualContext, onUpdate } = this.#rules;
    this.#server.setSecureContext(this.#held ? contextOf(this.#held, this.#updates) : {});
    onUpdate?.(this.#server, this.#updates);
  }

  #isAuthorized(request: IncomingMessage): boolean {
    const held = this.#held;
    if (!held) return false;
    const { lets, accepts = isAuthorized } = this.#rules;
    if (lets?.(request, { held, updates: this.#updates })) return true;
    const peer = this.#peers.get(request.socket);
    return peer !== undefined && accepts(peer, held, this.#context.authorizes);
  }
}

/** What a message holds. */
export function heldOf(message: X509SvidResponse): Held {
  return heldBy(message, message.svids[0]);
}

/** The same for one of its SVIDs. */
export function heldBy(
  { federatedBundles }: X509SvidResponse,
  svid: X509SvidResponse['svids'][number] | undefined,
  { checksLeaf = true }: { readonly checksLeaf?: boolean } = {},
): Held {
  const own = svid && certificatesIn(svid.bundle);
  if (!svid || !own || own.length === 0) throw new Error('a mandatory field is empty');
  const chain = certificatesIn(svid.certificates);
  const key = encodePem('PRIVATE KEY', svid.key);
  if (chain[0]?.checkPrivateKey(process.getBuiltinModule('node:crypto').createPrivateKey(key)) !== true)
    throw new Error('the key is of another');
  if (checksLeaf && brokenLeafRules(inspectCertificate(chain.join(''))).length > 0) throw new Error('the leaf is not an SVID');
  return {
    key,
    cert: chain.join(''),
    bundles: new Map([
      ...[...federatedBundles].map(([id, bundle]) => [id, certificatesIn(bundle)] as const),
      [svid.spiffeId.split('/').slice(0, 3).join('/'), own] as const,
    ]),
  };
}

/** Of DER certificates that stand one after the other. */
function certificatesIn(bytes: Uint8Array): X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const { bytes: der } = new DerElement(rest, 'certificate');
    certificates.push(new X509Certificate(der));
    rest = rest.subarray(der.length);
  }
  return certificates;
}

/** Presents what is held and trusts every bundle. */
export function usualContext({ key, cert, bundles }: Held): tls.SecureContextOptions {
  return { key, cert, ca: [...bundles.values()].flat().join('') };
}

/** By the rules of SPIFFE, and the whole id. */
export function isAuthorized(peer: PeerCertificate, { bundles }: Held, ids: readonly string[]): boolean {
  const byName = new Map([...bundles].map(([id, roots]) => [id.slice('spiffe://'.length), roots]));
  return peerProblem(peer, { bundles: byName, issuers: new Map() }, (id) => ids.includes(id)) === undefined;
}
