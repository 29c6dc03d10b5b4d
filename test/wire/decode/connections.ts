import { once } from 'node:events';
import type tls from 'node:tls';
import { createPki, type KeyAlgorithm, observe } from '../../../src/index.ts';
import { opensslClient } from './openssl-client.ts';
import { echo, type RecordedConnection, recordConnection, sayHello } from './record-connection.ts';

/** A connection to make and record, and the messages that set it apart. */
export interface NamedConnection {
  readonly name: string;
  readonly types: readonly string[];
  readonly record: () => Promise<RecordedConnection>;
}

const pki = createPki({ name: 'decode' });
const client = pki.client('alice');
const keyAlgorithms = ['rsa-2048', 'ed25519', 'ec-p384', 'rsa-pss-2048'] as const;
const untrusted = createPki({ name: 'elsewhere' }).client('mallory').trusting(pki);

/** Real connections of Node with Node, over both versions. */
export const connections: readonly NamedConnection[] = [
  ...(['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'] as const).map((ciphers) => ({
    name: `TLS 1.3 with ${ciphers}`,
    types: ['encrypted_extensions', 'certificate_request', 'certificate', 'certificate_verify', 'finished', 'new_session_ticket', 'alert'],
    record: async () =>
      visit({ ...client.tls, ciphers, minVersion: 'TLSv1.3', ALPNProtocols: ['h2', 'http/1.1'] }, { ALPNProtocols: ['http/1.1'] }),
  })),
  ...(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'] as const).map((ciphers) => ({
    name: `TLS 1.2 with ${ciphers}`,
    types: [
      'server_key_exchange',
      'certificate_request',
      'client_key_exchange',
      'certificate_verify',
      'finished',
      'application_data',
      'alert',
    ],
    record: async () =>
      visit({ ...client.tls, ciphers, maxVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] }, { ALPNProtocols: ['http/1.1'] }),
  })),
  ...connectionsOver('TLSv1.3'),
  ...connectionsOver('TLSv1.2'),
  {
    name: 'TLS 1.3 with a group that the server asks for again',
    types: ['hello_retry_request', 'finished', 'application_data'],
    record: async () => visit({ ...client.tls, ecdhCurve: 'X25519:P-384', minVersion: 'TLSv1.3' }, { ecdhCurve: 'P-384' }),
  },
  {
    name: 'no version in common',
    types: ['client_hello', 'alert'],
    record: async () => visit({ ...client.tls, maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }),
  },
];

async function visit(options: tls.ConnectionOptions, serverOptions: tls.TlsOptions = {}): Promise<RecordedConnection> {
  return recordConnection(echo({ ...pki.server().serverTls, ...serverOptions }), async (endpoint) => {
    await sayHello({ ...options, ...endpoint });
  });
}

async function visitObserved(options: tls.ConnectionOptions): Promise<RecordedConnection> {
  const server = echo(pki.server().serverTls);
  observe(server);
  return recordConnection(server, async (endpoint) => {
    await sayHello({ ...options, ...endpoint });
  });
}

/** The second of two visits, with the session of the first. */
async function resume(only: tls.ConnectionOptions): Promise<RecordedConnection> {
  const server = echo(pki.server().serverTls);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const session = await sayHello({ ...client.tls, ...only, host: '127.0.0.1', port });
  return recordConnection(server, async (endpoint) => {
    await sayHello({ ...client.tls, ...only, ...endpoint, session });
  });
}

async function stapled(options: tls.ConnectionOptions): Promise<RecordedConnection> {
  const server = echo(pki.server().serverTls);
  // What is stapled is sent as it is: five octets of DER, an OCSP response that says "internal error".
  server.on('OCSPRequest', (_certificate: Buffer, _issuer: Buffer, callback: (error: null, response: Buffer) => void) => {
    callback(null, Buffer.from('30030a0102', 'hex'));
  });
  return recordConnection(server, async (endpoint) => {
    await sayHello({ ...options, ...endpoint });
  });
}

/** The chain, and its issuer 60 times more. */
function longChain(): tls.TlsOptions {
  const { key, cert } = pki.server().tls;
  return { key, cert: [cert, ...Array.from({ length: 60 }, () => pki.issuer.certificatePem)].join('\n') };
}

/** Anchors of others: their names take more than a record. Wireshark shows a hundred at most. */
function manyAnchors(): string[] {
  return Array.from({ length: 90 }, (_unused, index) => {
    const subject = { organization: 'other '.repeat(25), commonName: `other ${index}` };
    return pki.root.issueAuthority({ subject }).certificatePem;
  });
}

/** Real connections of OpenSSL's client with Node, for what Node's own client does not do. */
export const opensslConnections: readonly NamedConnection[] = [
  {
    name: 'TLS 1.3 with keys changed by one side and by both',
    types: ['key_update', 'application_data', 'alert'],
    record: async () =>
      opensslVisit(['-tls1_3'], [hello, { line: 'k', until: /KEYUPDATE/u }, again, { line: 'K', until: /KEYUPDATE/u }, onceMore]),
  },
  {
    name: 'TLS 1.2 with a renegotiation',
    types: ['application_data', 'alert'],
    record: async () => opensslVisit(['-tls1_2'], [hello, { line: 'R', until: /verify return:1|no renegotiation/u }]),
  },
];

async function opensslVisit(args: readonly string[], steps: Parameters<typeof opensslClient>[1]['steps']): Promise<RecordedConnection> {
  return recordConnection(echo(pki.server().serverTls), async (endpoint) => opensslClient(endpoint, { identity: client, args, steps }));
}

const hello = { line: 'hello', until: /hello/u };
const again = { line: 'again', until: /again/u };
const onceMore = { line: 'once more', until: /once more/u };

/** What goes the same way over both versions. */
function connectionsOver(version: 'TLSv1.3' | 'TLSv1.2'): NamedConnection[] {
  const only = { minVersion: version, maxVersion: version };
  const onlyWithout = version === 'TLSv1.3' ? ['encrypted_extensions'] : ['server_hello_done'];
  return [
    ...keyAlgorithms.map((keyAlgorithm) => withCertificatesOf(keyAlgorithm, only)),
    {
      name: `${version} with a client that is not asked for a certificate`,
      types: [...onlyWithout, 'finished', 'application_data'],
      record: async () => visit({ ca: client.tls.ca, ...only }, { requestCert: false }),
    },
    {
      name: `${version} with a client that has no certificate`,
      types: ['certificate', 'alert'],
      record: async () => visit({ ca: client.tls.ca, ...only }),
    },
    {
      name: `${version} with a client that the server refuses by an alert of our own`,
      types: version === 'TLSv1.3' ? ['certificate', 'certificate_verify', 'finished', 'alert'] : ['certificate_verify', 'alert'],
      record: async () => visitObserved({ ...untrusted.tls, ...only }),
    },
    {
      name: `${version} with a server that the client refuses`,
      types: ['certificate'],
      record: async () => visit({ ...client.tls, ca: createPki().anchors, ...only }),
    },
    {
      name: `${version} with a session resumed`,
      types: ['server_hello', 'finished', 'application_data'],
      record: async () => resume(only),
    },
    {
      name: `${version} with a stapled OCSP response`,
      types: version === 'TLSv1.3' ? ['certificate'] : ['certificate_status'],
      record: async () => stapled({ ...client.tls, requestOCSP: true, ...only }),
    },
    {
      name: `${version} with a chain that takes several records`,
      types: ['certificate', 'finished', 'application_data'],
      record: async () => visit({ ...client.tls, ...only }, longChain()),
    },
    {
      name: `${version} with many acceptable authorities`,
      types: ['certificate_request'],
      record: async () => visit({ ...client.tls, ...only }, { ca: [pki.anchors, ...manyAnchors()] }),
    },
  ];
}

function withCertificatesOf(
  keyAlgorithm: KeyAlgorithm,
  only: { minVersion: tls.SecureVersion; maxVersion: tls.SecureVersion },
): NamedConnection {
  return {
    name: `${only.minVersion} with certificates of ${keyAlgorithm}`,
    types: ['certificate', 'certificate_verify', 'finished'],
    record: async () => visit({ ...pki.client('alice', { keyAlgorithm }).tls, ...only }, pki.server({ keyAlgorithm }).tls),
  };
}
