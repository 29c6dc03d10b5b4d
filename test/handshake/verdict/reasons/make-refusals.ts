import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import {
  attemptHandshake,
  type AttemptOptions,
  createPki,
  type Handshake,
  identityFromPem,
  type Identity,
  type ObservedServer,
  observe,
  startTlsServer,
  type TlsServerOptions,
} from '../../../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/index.ts';

export const pki = createPki({ name: 'shop' });
export const other = createPki({ name: 'elsewhere' });
export const past = new Date(Date.now() - 60_000);
export const future = new Date(Date.now() + 3_600_000);
export const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

/** One refusal: how it comes about, what decides that it is that one, and the words that only its own next step has. */
export interface Shape {
  readonly name: string;
  readonly reason: string;
  readonly handshake: () => Promise<Handshake>;
  readonly words: RegExp;
}

export async function byServer(
  client: Identity | undefined,
  options: TlsServerOptions = { identity: pki.server() },
  attempt: AttemptOptions = {},
): Promise<Handshake> {
  await using server = await startTlsServer(options);
  return await attemptHandshake(server, { ...(client && { identity: client }), trust: [options.identity ?? pki, pki], ...attempt });
}

export async function byClient(identity: Identity, attempt: AttemptOptions = {}): Promise<Handshake> {
  await using server = await startTlsServer({ identity, trust: pki });
  return await attemptHandshake(server, { identity: pki.client(), trust: pki, ...attempt });
}

/** Raw bytes to an observed server. */
export async function sent(bytes: string | Uint8Array, options: tls.TlsOptions = {}): Promise<Handshake> {
  await using server: ObservedServer = observe(tls.createServer({ ...pki.server().serverTls, ...options }).listen(0, '127.0.0.1'));
  await once(server.server, 'listening');
  const client = net.connect({ host: '127.0.0.1', port: server.port });
  client.on('error', () => {}).write(bytes);
  const handshake = await server.nextHandshake();
  client.destroy();
  return handshake;
}

export function below(authority: ReturnType<typeof pki.root.issueAuthority>): Identity {
  return authority.issue({ commonName: 'bob', extendedKeyUsage: ['clientAuth'], notAfter: future });
}

/** A credential of the catalogue at a server that verifies it. */
export function clientOf(id: string): Promise<Handshake> {
  const { identity, trust, crl } = scenarioIn(clientScenarios, id);
  return byServer(identity.trusting(pki), { identity: pki.server(), trust, ...(crl && { crl }) });
}

export async function serverOf(id: string): Promise<Handshake> {
  const { identity, trust, certificateMessage, ciphers } = scenarioIn(serverScenarios, id);
  const options = { ...(certificateMessage && { certificateMessage }), ...(ciphers !== undefined && { ciphers }) };
  await using server = await startTlsServer({ identity, trust: pki, ...options });
  return await attemptHandshake(server, { identity: pki.client(), trust, ...(ciphers !== undefined && { ciphers }) });
}

function scenarioIn(
  list: typeof clientScenarios | typeof serverScenarios,
  id: string,
): ReturnType<(typeof clientScenarios)[number]['arrange']> {
  const scenario = list.find((each) => each.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario.arrange(pki);
}

export function alone({ certificatePem, keyPem, anchors }: Identity): Identity {
  return identityFromPem({ cert: certificatePem, key: keyPem, ca: anchors });
}

export function withRoot({ chainPem, keyPem }: Identity, root: string): Identity {
  return identityFromPem({ cert: chainPem + root, key: keyPem, ca: pki.anchors });
}
