import type tls from 'node:tls';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import type { VirtualHost } from '../observe/virtual-hosts.ts';
import type { ParsedHost } from './host-options.ts';
import { chainOf, listsOf, ownAnchors, type RotatedCredentials, rotatedContext } from './rotated-context.ts';

/** What a server presents and accepts under one of its names. */
export interface ServedHost {
  readonly identity: Identity;
  /** PEM of the anchors whose clients it accepts; absent where it asks for no certificate. */
  readonly trust: string | undefined;
  /** PEM of the CRLs it checks. */
  readonly crl: readonly string[] | undefined;
}

/** The TLS settings of one name, in a server that never listens. */
export class HostServer implements VirtualHost, ServedHost {
  readonly name: string;
  readonly server: tls.Server;
  readonly certificateMessage = undefined;
  readonly pki: Pki | undefined;
  identity: Identity;
  anchors: string | undefined;
  presented: readonly Uint8Array[];
  verifyContext: tls.SecureContextOptions;

  constructor({ name, identity, pki, tlsOptions }: ParsedHost, server: tls.Server) {
    this.name = name;
    this.server = server;
    this.pki = pki;
    this.identity = identity;
    this.anchors = ownAnchors(identity);
    this.presented = chainOf(identity);
    this.verifyContext = tlsOptions;
  }

  get trust(): string | undefined {
    const { ca } = this.verifyContext;
    return typeof ca === 'string' ? ca : undefined;
  }

  get crl(): readonly string[] | undefined {
    return listsOf(this.verifyContext);
  }

  /** For the connections to come. */
  rotate(credentials: RotatedCredentials): void {
    const { context } = rotatedContext(this.verifyContext, credentials, `the host "${this.name}"`);
    this.server.setSecureContext(context);
    this.verifyContext = context;
    const { identity } = credentials;
    if (!identity) return;
    this.identity = identity;
    this.anchors = ownAnchors(identity) ?? this.anchors;
    this.presented = chainOf(identity);
  }
}
