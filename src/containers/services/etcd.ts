import https from 'node:https';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import type { StartedTestContainer } from 'testcontainers';
import { invalidOption } from '../../errors/index.ts';
import { textList } from '../../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { ArchivedFile } from '../material/archive.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import { namedUsers } from './named-users.ts';
import { getPage } from './web/web-server.ts';

/** The prefixes of keys that a user may read and write; `''` for all keys, none where they are left out. */
export interface EtcdPermissions {
  readonly read?: string | readonly string[];
  readonly write?: string | readonly string[];
}

/**
 * etcd with `client-cert-auth`, of the image that its releases name: there is no default, since its registry is not the usual one. Every client with a certificate may do all, unless `withUsers` names users. It reads one CRL, which has to be the issuing authority's: that of
 * `pki.issuer` with `crl: true`, otherwise the first of those that are given.
 */
export class MtlsEtcd extends MtlsContainer<StartedMtlsEtcd> {
  #users: Readonly<Record<string, EtcdPermissions>> | undefined;

  /**
   * Users by the common name of their certificate, each with what it may do; etcd's authentication is enabled when the container has started. The user `root`, who may do all, is
   * added to them, and is the valid client. etcd identifies clients by certificate over gRPC only, not at its HTTP gateway. Throws `OPTION_INVALID`.
   */
  withUsers(users: Readonly<Record<string, EtcdPermissions>>): this {
    requireUsers(users);
    this.#users = users;
    return this;
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['/usr/local/bin/etcd', ...flags, ...(this.checksRevocation ? ['--client-crl-file=/mtls/client.crl'] : [])],
      folder: 'etcd',
      files: {},
      // etcd's HTTP gateway is a client of its own server, with the same certificate.
      serverLeaf: { extendedKeyUsage: ['serverAuth', 'clientAuth'] },
      clientName: this.#users ? 'root' : 'client',
      attempt: getPage('/health'),
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const content = this.issuersRevocationList;
    return content === '' ? [] : [{ path: 'mtls/client.crl', content, mode: 0o644, owner: { uid: 0, gid: 0 } }];
  }

  protected override async containerStarted(container: StartedTestContainer): Promise<void> {
    if (!this.#users) return;
    const started = this.started(container, this.running);
    for (const [name, permissions] of Object.entries({ ...this.#users, root: {} })) await addUser(started, name, permissions);
    await post(started, 'auth/enable', {});
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsEtcd {
    return new StartedMtlsEtcd(container, running, port);
  }
}

/** What `new Etcd3()` of `etcd3` takes. */
export interface EtcdClientOptions {
  readonly hosts: string;
  readonly credentials: { readonly rootCertificate: Buffer; readonly privateKey?: Buffer; readonly certChain?: Buffer };
  /** Where the host is an address, which grpc-js 1.14 cannot verify: another name of the certificate. */
  readonly grpcOptions?: { readonly 'grpc.ssl_target_name_override': string };
}

/** An etcd that runs. */
export class StartedMtlsEtcd extends StartedMtlsContainer {
  /** `https://<host>:<port>` */
  getUrl(): string {
    return `https://${this.getHost()}:${this.getPort()}`;
  }

  /** Options of `new Etcd3()` of `etcd3`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): EtcdClientOptions {
    const { key, cert, ca } = this.tlsOf(credential);
    return {
      hosts: this.getUrl(),
      credentials: {
        rootCertificate: Buffer.from(ca),
        ...(key !== undefined && { privateKey: Buffer.from(key) }),
        ...(cert !== undefined && { certChain: Buffer.from(cert) }),
      },
      ...(net.isIP(this.getHost()) !== 0 && { grpcOptions: { 'grpc.ssl_target_name_override': 'localhost' } }),
    };
  }
}

/** A user has a role of its own name; etcd knows the role `root`. */
async function addUser(etcd: StartedMtlsEtcd, name: string, { read = [], write = [] }: EtcdPermissions): Promise<void> {
  await post(etcd, 'auth/user/add', { name, options: { no_password: true } });
  await post(etcd, 'auth/role/add', { name });
  for (const [permType, prefixes] of [
    ['READ', read],
    ['WRITE', write],
  ] as const)
    for (const prefix of textList(permType, prefixes))
      await post(etcd, 'auth/role/grant', { name, perm: { permType, ...rangeOf(prefix) } });
  await post(etcd, 'auth/user/grant', { user: name, role: name });
}

/** All keys with that prefix: up to the prefix with its last octet raised by one (etcd API, KeyValue, range_end); keys are text here, so no octet is 0xff. */
function rangeOf(prefix: string): { readonly key: string; readonly range_end: string } {
  const end = Buffer.from(prefix === '' ? '\0' : prefix);
  const key = end.toString('base64');
  if (prefix !== '') end.writeUInt8(end.readUInt8(end.length - 1) + 1, end.length - 1);
  return { key, range_end: end.toString('base64') };
}

/** At etcd's HTTP gateway, as the valid client. */
function post(etcd: StartedMtlsEtcd, path: string, message: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = https.request(
      `${etcd.getUrl()}/v3/${path}`,
      { method: 'POST', agent: false, timeout: 5000, ...etcd.client.tls },
      (response) => {
        text(response).then((answer) => (response.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${answer}`))), reject);
      },
    );
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`${path}: no answer within 5000 ms`)));
    sent.end(JSON.stringify(message));
  });
}

const permissionSchema = { what: 'permission', own: { read: requirePrefixes, write: requirePrefixes } } satisfies OptionSchema;

function requireUsers(users: unknown): void {
  for (const [name, permissions] of namedUsers(users, '[common name]: { read?, write? }')) {
    if (name === '' || name === 'root') throw invalidOption('users', name, 'names other than "root", which is there always');
    requireOptionsOf(permissionSchema, permissions);
  }
}

function requirePrefixes(option: string, value: unknown): void {
  textList(option, value as string | readonly string[]); // refuses all else
}

const port = 2379;

const flags = [
  '--data-dir=/var/lib/etcd/data',
  '--listen-client-urls=https://0.0.0.0:2379',
  '--advertise-client-urls=https://127.0.0.1:2379',
  '--listen-peer-urls=http://127.0.0.1:2380',
  '--cert-file=/mtls/tls.crt',
  '--key-file=/mtls/tls.key',
  '--trusted-ca-file=/mtls/ca.crt',
  '--client-cert-auth',
];
