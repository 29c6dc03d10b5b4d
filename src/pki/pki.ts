import { randomBytes } from 'node:crypto';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';
import { requireKnownOptions, requireOptions } from '../options/checks.ts';
import { type Authority, createRoot } from './authority.ts';
import { requireLifetime } from './certificate-parts.ts';
import { charactersOf, firstHost, mostInCommonName, organization, subjectForHost } from './subject.ts';
import type { Identity } from './identity.ts';
import { inspectedAs } from './comparable.ts';
import { type KeyAlgorithm, requireKeyAlgorithm } from './key-algorithm.ts';
import type { LeafOptions } from './leaf-options.ts';
import { type SvidOptions, svidOptionNames } from './svid-options.ts';
import { namesOfThisMachine } from '../net/addresses.ts';
import { permittedConstraints, requirePermitted, usualNames } from './permitted.ts';
import { requireWorkloadId } from '../x509/names/spiffe-id.ts';
import { encodeTrustStore } from './formats/pkcs12/encode-pkcs12.ts';
import { type SerializedPki, serializeAuthorities } from './formats/serialized-pki.ts';

/** How to make a PKI. */
export interface PkiOptions {
  /** Goes into the names of its authorities. Default: `mtls-fixtures` and six random digits. Two PKIs of one name have CAs of the same subject and different keys: the impostor. */
  readonly name?: string | undefined;
  /** Of the authorities, and of what they issue unless it says otherwise; default `ec-p256`. */
  readonly keyAlgorithm?: KeyAlgorithm | undefined;
  /** How long its certificates count, in milliseconds; default a day. */
  readonly validFor?: number | undefined;
  /** How many CAs stand between the root and the leaves; default 1. */
  readonly intermediates?: number | undefined;
  /**
   * The only names that its authorities can issue valid certificates for, by critical name constraints (RFC 5280 4.2.1.10) of the root and of each intermediate: host names with what is below
   * them (`service.test`), IP addresses and blocks (`127.0.0.0/8`), mailboxes (`alice@a.test`, `@a.test`, `@.a.test`), hosts of URIs (`spiffe://a.test`, `https://.a.test`).
   * Forms of which nothing is listed are not permitted at all. Names outside can still be issued, and are rejected (`PERMITTED_VIOLATION`). Default: no constraints.
   */
  readonly permitted?: readonly string[] | undefined;
}

/** What a {@link Pki} is made of. */
interface PkiParts {
  readonly name: string;
  /** The root and its intermediates, from the top. */
  readonly authorities: readonly [Authority, ...Authority[]];
  readonly keyAlgorithm: KeyAlgorithm;
  readonly validFor: number;
  readonly permitted?: readonly string[] | undefined;
}

/** A PKI of its parts. */
export function assemblePki(parts: PkiParts): Pki {
  return create(parts);
}

let create: (parts: PkiParts) => Pki;

/** One run's hierarchy: a root, its issuing intermediates, and the anchors to trust. `createPki()` and `restorePki()` make one. */
export class Pki {
  static {
    create = (parts: PkiParts): Pki => new Pki(parts);
    inspectedAs(Pki, ({ name }) => `Pki "${name}"`);
  }

  readonly name: string;
  readonly root: Authority;
  /** The authority that issues leaves: the lowest intermediate, or the root of a PKI without any. */
  readonly issuer: Authority;
  /** The names that its authorities are constrained to; undefined for a PKI without name constraints. */
  readonly permitted: readonly string[] | undefined;
  readonly #settings: { readonly keyAlgorithm: KeyAlgorithm; readonly validFor: number };

  private constructor(parts: PkiParts) {
    const { name, authorities, keyAlgorithm, validFor, permitted } = parts;
    this.name = name;
    this.permitted = permitted;
    this.root = authorities[0];
    this.issuer = authorities.at(-1) ?? authorities[0];
    this.#settings = { keyAlgorithm, validFor };
  }

  /** PEM of the trust anchors: the root. */
  get anchors(): string {
    return this.root.anchors;
  }

  /**
   * A server: purpose serverAuth; names localhost, 127.0.0.1 and ::1 unless any of `dns`, `ip`, `uri`, `email` is given. Of a PKI that is constrained, those of them that
   * it permits; throws `OPTION_INVALID` where it permits none: every client would reject such a server.
   */
  server(options: LeafOptions = {}): Identity {
    requireOptions('leaf option', options);
    const usual = this.permitted === undefined ? namesOfThisMachine : usualNames(this.permitted);
    const named = [options.dns, options.ip, options.uri, options.email].some((names) => names !== undefined);
    if (!named && usual.dns.length + usual.ip.length === 0)
      throw invalidOption(
        'the usual names of a server',
        'localhost, 127.0.0.1, ::1',
        `names that the PKI permits (${this.permitted?.join(', ')}); pass them as dns, ip, uri or email`,
      );
    const subject = options.subject === undefined ? serverSubject(firstHost(options) ?? usual.dns[0]) : {};
    return this.issuer.issue({ extendedKeyUsage: ['serverAuth'], ...subject, ...(named ? {} : usual), ...given(options) });
  }

  /** A client: purpose clientAuth; common name `client` unless given. */
  client(commonName?: string, options: LeafOptions = {}): Identity {
    if (commonName !== undefined && typeof commonName !== 'string')
      throw invalidOption('commonName', typeof commonName, 'text; options come second');
    requireOptions('leaf option', options);
    const name = commonName ?? (options.subject === undefined ? 'client' : undefined);
    return this.issuer.issue({ extendedKeyUsage: ['clientAuth'], ...(name !== undefined && { commonName: name }), ...given(options) });
  }

  /**
   * A workload's X509-SVID, by its rules: the SPIFFE id as the only URI name, `digitalSignature`, no use as a CA, both purposes (X509-SVID 2 to 4). For a leaf that breaks
   * a rule use `pki.issuer.issue({ uri })`. Throws `NAME_INVALID` for what is not the id of a workload.
   */
  svid(id: string, options: SvidOptions = {}): Identity {
    requireWorkloadId(id);
    requireKnownOptions('SVID option', options, svidOptionNames);
    return this.issuer.issue({ subject: { organization }, ...given(options), uri: id, extendedKeyUsage: ['serverAuth', 'clientAuth'] });
  }

  /** A new CRL of each authority in the hierarchy, one PEM a list: Node wants one of every CA in a chain, and Node 22 and 24 read only the first of several in one text. */
  crls(): string[] {
    return this.#authorities().map((authority) => authority.crl());
  }

  /**
   * Its trust anchors as a PKCS#12 file that Java takes for a truststore (`keytool -list`: trustedCertEntry), protected as `identity.pkcs12()` is. Java takes only ASCII passwords. For
   * `-Djavax.net.ssl.trustStore`, Kafka, Spring, Tomcat.
   */
  trustStore(password: string): Buffer {
    return encodeTrustStore([{ certificate: this.root.certificate.raw, name: this.root.name }], password);
  }

  /** Everything as JSON-safe data, private keys included: for `provide`/`inject`, shards, other processes. */
  serialize(): SerializedPki {
    const permitted = this.permitted && { permitted: this.permitted };
    return { version: 1, name: this.name, ...this.#settings, ...permitted, authorities: serializeAuthorities(this.#authorities()) };
  }

  /** Never the keys: what JSON.stringify and snapshots show. `serialize()` is for passing it on. */
  toJSON(): object {
    return { name: this.name, anchors: this.anchors };
  }

  #authorities(): Authority[] {
    const authorities: Authority[] = [];
    for (let next: Authority | undefined = this.issuer; next; next = next.parent) authorities.unshift(next);
    return authorities;
  }
}

/** Mints a PKI. Synchronous: an EC authority takes about 0.15 ms. Throws `OPTION_INVALID`, `KEY_ALGORITHM_UNKNOWN`, `KEY_ALGORITHM_UNAVAILABLE`. */
export function createPki(options: PkiOptions = {}): Pki {
  process.getBuiltinModule('node:tls'); // then Node reads its root certificates, on a thread: the first server or client waits for them, 7 ms less if minting goes on meanwhile (measured on Node 26.10)
  requireKnownOptions('PKI option', options, ['name', 'keyAlgorithm', 'validFor', 'intermediates', 'permitted']);
  const { name = `mtls-fixtures ${randomBytes(3).toString('hex')}`, keyAlgorithm = 'ec-p256', validFor = day, intermediates = 1 } = options;
  requireKeyAlgorithm(keyAlgorithm);
  requireLifetime(validFor);
  if (typeof name !== 'string' || name === '')
    throw new MtlsFixturesError('NAME_INVALID', {
      kind: 'PKI name',
      value: textOf(name),
      problem: 'it is empty; leave it out for a unique one',
    });
  if (!Number.isInteger(intermediates) || intermediates < 0 || intermediates > mostIntermediates)
    throw invalidOption('intermediates', intermediates, `an integer from 0 to ${mostIntermediates}`);

  requireRoomForName(name, intermediates);

  const permitted = options.permitted === undefined ? undefined : requirePermitted(options.permitted);
  // Of the intermediates too: Java does not look at those of a trust anchor (measured on Java 17).
  const constraints = permitted && { nameConstraints: permittedConstraints(permitted) };

  const root = createRoot({ subject: { organization, commonName: `${name} root CA` }, ...constraints }, { keyAlgorithm, validFor });
  const authorities: [Authority, ...Authority[]] = [root];
  for (let number = 1; number <= intermediates; number += 1) {
    const commonName = `${name}${issuingSuffix(number, intermediates)}`;
    authorities.push((authorities.at(-1) ?? root).issueAuthority({ subject: { organization, commonName }, ...constraints }));
  }
  return assemblePki({ name, authorities, keyAlgorithm, validFor, permitted });
}

/** The common names of its authorities are longer than its own. */
function requireRoomForName(name: string, intermediates: number): void {
  const most = mostInCommonName - issuingSuffix(intermediates, intermediates).length;
  if (charactersOf(name).length <= most) return;
  const problem = `the common names of its authorities would have more than ${mostInCommonName} characters (RFC 5280 ub-common-name); use at most ${most}`;
  throw new MtlsFixturesError('NAME_INVALID', { kind: 'PKI name', value: name, problem });
}

function issuingSuffix(number: number, intermediates: number): string {
  return intermediates === 1 ? ' issuing CA' : ` issuing CA ${number}`;
}

/** Without a host there is no common name: GnuTLS and Java compare it with the host names that are permitted. */
function serverSubject(host: string | undefined): LeafOptions {
  if (host === undefined) return { subject: { organization } };
  const { commonName, ...subject } = subjectForHost(host);
  return typeof commonName === 'string' ? { commonName } : { subject };
}

/** Without the options that are undefined, so that they do not override a default. */
function given(options: LeafOptions): LeafOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const day = 86_400_000;
/** OpenSSL gives up at a depth of 100 by default; real hierarchies have a handful. */
const mostIntermediates = 20;
