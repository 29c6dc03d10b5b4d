import { randomBytes } from 'node:crypto';
import { MtlsFixturesError } from '../errors/index.ts';
import { type Authority, createRoot } from './authority.ts';
import { firstHost, requireKnownOptions, requireLifetime, requireOptions } from './certificate-parts.ts';
import type { Identity } from './identity.ts';
import { inspectSymbol } from './inspect-symbol.ts';
import { type KeyAlgorithm, requireKeyAlgorithm } from './key-algorithm.ts';
import type { LeafOptions } from './leaf-options.ts';
import { type SerializedPki, serializeAuthorities } from './serialized-pki.ts';

/** How to make a PKI. */
export interface PkiOptions {
  /** Goes into the names of its authorities. Default: `mtls-fixtures` and six random digits. Two PKIs of one name are each other's impostor. */
  readonly name?: string;
  /** Of the authorities, and of what they issue unless it says otherwise; default `ec-p256`. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** How long its certificates count, in milliseconds; default a day. */
  readonly validFor?: number;
  /** How many CAs stand between the root and the leaves; default 1. */
  readonly intermediates?: number;
}

/** One run's hierarchy: a root, its issuing intermediates, and the anchors to trust. */
export class Pki {
  readonly name: string;
  readonly root: Authority;
  /** The authority that issues leaves: the lowest intermediate, or the root where there is none. */
  readonly issuer: Authority;
  readonly #settings: { readonly keyAlgorithm: KeyAlgorithm; readonly validFor: number };

  /** Use `createPki()` or `restorePki()`. `authorities` are the root and its intermediates, from the top. */
  constructor(parts: {
    readonly name: string;
    readonly authorities: readonly [Authority, ...Authority[]];
    readonly keyAlgorithm: KeyAlgorithm;
    readonly validFor: number;
  }) {
    const { name, authorities, keyAlgorithm, validFor } = parts;
    this.name = name;
    this.root = authorities[0];
    this.issuer = authorities.at(-1) ?? authorities[0];
    this.#settings = { keyAlgorithm, validFor };
  }

  /** PEM of the trust anchors: the root. */
  get anchors(): string {
    return this.root.anchors;
  }

  /** A server: purpose serverAuth; names localhost, 127.0.0.1 and ::1 unless any of `dns`, `ip`, `uri`, `email` is given. */
  server(options: LeafOptions = {}): Identity {
    requireOptions('leaf option', options);
    const named = [options.dns, options.ip, options.uri, options.email].some((names) => names !== undefined);
    const names = named ? {} : { dns: 'localhost', ip: ['127.0.0.1', '::1'] };
    const commonName = options.subject === undefined ? { commonName: firstHost(options) ?? 'localhost' } : {};
    return this.issuer.issue({ extendedKeyUsage: ['serverAuth'], ...commonName, ...names, ...given(options) });
  }

  /** A client: purpose clientAuth; common name `client` unless given. */
  client(commonName?: string, options: LeafOptions = {}): Identity {
    if (commonName !== undefined && typeof commonName !== 'string')
      throw new MtlsFixturesError('OPTION_INVALID', {
        option: 'commonName',
        value: typeof commonName,
        expected: 'text; options come second',
      });
    requireOptions('leaf option', options);
    const name = commonName ?? (options.subject === undefined ? 'client' : undefined);
    return this.issuer.issue({ extendedKeyUsage: ['clientAuth'], ...(name !== undefined && { commonName: name }), ...given(options) });
  }

  /** PEM of a new CRL of each authority in the hierarchy: Node wants one of every CA in a chain once it is given any. */
  crls(): string {
    return this.#authorities()
      .map((authority) => authority.crl())
      .join('');
  }

  /** Everything as JSON-safe data, private keys included: for `provide`/`inject`, shards, other processes. */
  serialize(): SerializedPki {
    return { version: 1, name: this.name, ...this.#settings, authorities: serializeAuthorities(this.#authorities()) };
  }

  /** Never the keys: what JSON.stringify and snapshots show. `serialize()` is for passing it on. */
  toJSON(): object {
    return { name: this.name, anchors: this.anchors };
  }

  [inspectSymbol](): string {
    return `Pki "${this.name}"`;
  }

  #authorities(): Authority[] {
    const authorities: Authority[] = [];
    for (let next: Authority | undefined = this.issuer; next; next = next.parent) authorities.unshift(next);
    return authorities;
  }
}

/** Mints a PKI. Synchronous: an EC authority takes about 0.15 ms. Throws `OPTION_INVALID`, `KEY_ALGORITHM_UNKNOWN`, `KEY_ALGORITHM_UNAVAILABLE`. */
export function createPki(options: PkiOptions = {}): Pki {
  requireKnownOptions('PKI option', options, ['name', 'keyAlgorithm', 'validFor', 'intermediates']);
  const { name = `mtls-fixtures ${randomBytes(3).toString('hex')}`, keyAlgorithm = 'ec-p256', validFor = day, intermediates = 1 } = options;
  requireKeyAlgorithm(keyAlgorithm);
  requireLifetime(validFor);
  if (typeof name !== 'string' || name === '')
    throw new MtlsFixturesError('NAME_INVALID', {
      kind: 'PKI name',
      value: String(name),
      problem: 'it is empty; leave it out for a unique one',
    });
  if (!Number.isInteger(intermediates) || intermediates < 0 || intermediates > mostIntermediates)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'intermediates',
      value: String(intermediates),
      expected: `an integer from 0 to ${mostIntermediates}`,
    });

  const root = createRoot({ subject: { organization, commonName: `${name} root CA` } }, { keyAlgorithm, validFor });
  const authorities: [Authority, ...Authority[]] = [root];
  for (let number = 1; number <= intermediates; number += 1) {
    const commonName = intermediates === 1 ? `${name} issuing CA` : `${name} issuing CA ${number}`;
    authorities.push((authorities.at(-1) ?? root).issueAuthority({ subject: { organization, commonName } }));
  }
  return new Pki({ name, authorities, keyAlgorithm, validFor });
}

/** Without what is spelt out as undefined, so that a default is not lost to it. */
function given(options: LeafOptions): LeafOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const organization = 'mtls-fixtures';
const day = 86_400_000;
/** OpenSSL gives up at a depth of 100 by default; nobody has more than a handful. */
const mostIntermediates = 20;
