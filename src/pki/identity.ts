import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { encodePem } from '../asn1/pem.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { inspectCertificate } from '../x509/inspect-certificate.ts';
import { type PemInput, writtenAnew } from '../x509/pem-input.ts';
import type { AuthorityOf } from './authority-of.ts';
import type { CertificateHolder } from './certificate-holder.ts';
import { gettersOf, inspectedAs, makeComparable, original } from './comparable.ts';
import { encodePkcs8Pem } from './formats/key-encoding.ts';
import { originOf, type PlaywrightCertificate } from './formats/playwright-certificate.ts';
import { encodePkcs12 } from './formats/pkcs12/encode-pkcs12.ts';

/** The PEM strings that node:tls, https, undici, pg, ioredis, grpc-js and others take. */
export interface TlsMaterial {
  /** PKCS#8 PEM. */
  readonly key: string;
  /** PEM: the leaf, then its intermediates; without the root. */
  readonly cert: string;
  /** PEM of the trust anchors. */
  readonly ca: string;
}

/** What an {@link Identity} is made of. */
export interface IdentityParts {
  /** DER of the leaf. */
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  /** DER of the intermediates, nearest to the leaf first. */
  readonly chain: readonly Uint8Array[];
  /** PEM; '' where no trust anchors were given. */
  readonly anchors: string;
  readonly authority?: AuthorityOf<Identity> | undefined;
}

/** An identity of its parts. */
export function createIdentity(parts: IdentityParts): Identity {
  return create(parts);
}

let create: (parts: IdentityParts) => Identity;

/**
 * A leaf certificate, its private key and its chain (what it presents), with trust anchors (what it verifies its peers against). `pki.server()`, `pki.client()`,
 * `authority.issue()`, `identityFromPem()` and `selfSignedIdentity()` make one.
 */
export class Identity implements CertificateHolder {
  static {
    create = (parts: IdentityParts): Identity => new Identity(parts);
    inspectedAs(Identity, ({ name }) => `Identity "${name}"`);
  }

  static readonly #shown: PropertyDescriptorMap = gettersOf(Identity.prototype, ['name', 'certificatePem']);
  readonly #parts: IdentityParts;
  #keyPem: string | undefined;
  #certificatePem: string | undefined;
  #chainPem: string | undefined;
  #certificate: X509Certificate | undefined;

  private constructor(parts: IdentityParts) {
    this.#parts = parts;
    makeComparable(this, Identity.#shown);
  }

  /** The common name, else the first alternative name, else the serial number: for messages. */
  get name(): string {
    try {
      const { commonName, altNames, serialNumber } = inspectCertificate(original(this).#parts.certificate);
      return commonName ?? altNames.dns[0] ?? altNames.uri[0] ?? altNames.ip[0] ?? altNames.email[0] ?? serialNumber;
    } catch {
      return 'unreadable certificate'; // broken on purpose: it can still be presented, and a message about it must not fail
    }
  }

  get certificate(): X509Certificate {
    return (original(this).#certificate ??= new X509Certificate(original(this).#parts.certificate));
  }

  /** PKCS#8 PEM of the private key. */
  get keyPem(): string {
    return (original(this).#keyPem ??= encodePkcs8Pem(original(this).#parts.key));
  }

  /** PEM of the leaf alone. */
  get certificatePem(): string {
    return (original(this).#certificatePem ??= encodePem('CERTIFICATE', original(this).#parts.certificate));
  }

  /** PEM of the leaf and its intermediates: what a server's certificate file holds. */
  get chainPem(): string {
    return (original(this).#chainPem ??=
      this.certificatePem + (this.authority?.chainPem ?? original(this).#parts.chain.map((der) => encodePem('CERTIFICATE', der)).join('')));
  }

  /** SHA-256 of the leaf's DER, base64url without padding: `x5t#S256` of tokens that are bound to the certificate (RFC 8705 3.1). */
  get thumbprint(): string {
    return createHash('sha256').update(original(this).#parts.certificate).digest('base64url');
  }

  /** PEM of the trust anchors; '' where none were given. */
  get anchors(): string {
    return original(this).#parts.anchors;
  }

  /** The authority that issued it, where that is an authority of this library: for a control, a revocation. */
  get authority(): AuthorityOf<Identity> | undefined {
    return original(this).#parts.authority;
  }

  /** What to hand to a client library. Throws `TRUST_MISSING` where there are no anchors: Node would trust the public roots. */
  get tls(): TlsMaterial {
    if (this.anchors === '') throw new MtlsFixturesError('TRUST_MISSING', { who: `"${this.name}"` });
    return { key: this.keyPem, cert: this.chainPem, ca: this.anchors };
  }

  /** What to hand to a server that requires client certificates. */
  get serverTls(): TlsMaterial & { readonly requestCert: true; readonly rejectUnauthorized: true } {
    return { ...this.tls, requestCert: true, rejectUnauthorized: true };
  }

  /** The same credential with other anchors: PEM as text or bytes, DER, or something that has them (`Pki`, `Authority`, `Identity`). Throws `PEM_INVALID`. */
  trusting(...anchors: readonly (PemInput | { readonly anchors: string })[]): Identity {
    const inputs = anchors.map((entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'anchors' in entry ? entry.anchors : entry,
    );
    return new Identity({ ...this.#parts, anchors: writtenAnew({ what: 'trust anchors', kind: 'certificate' }, inputs).join('') });
  }

  /**
   * What Playwright presents to a server: an entry of `clientCertificates` for `browser.newContext()`. `origin` is the server's URL, of which scheme, host and port count.
   * Throws `OPTION_INVALID` where that is not an https URL.
   */
  forPlaywright(origin: string): PlaywrightCertificate {
    return { origin: originOf(origin), cert: Buffer.from(this.chainPem), key: Buffer.from(this.keyPem) };
  }

  /**
   * PKCS#12 (RFC 7292) with the key, the leaf and its intermediates, for Java, .NET and browsers: PBES2 with
   * PBKDF2-HMAC-SHA-256 and AES-256-CBC, MAC with HMAC-SHA-256. Readers older than OpenSSL 1.1 or Java 8u301 do not know these;
   * Java takes only ASCII passwords.
   */
  pkcs12(password: string): Buffer {
    const { certificate, key, chain } = this.#parts;
    return encodePkcs12({ certificate, key, chain, name: this.name, password });
  }

  /** Never the key: what JSON.stringify and snapshots show. */
  toJSON(): object {
    return { name: this.name, certificate: this.certificatePem };
  }
}
