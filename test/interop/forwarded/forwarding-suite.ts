import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ForwardedFormat, HeaderLine } from '../../../src/forwarded/format.ts';
import { attemptHandshake, type Identity, inspectCertificate, type PeerCertificate } from '../../../src/index.ts';
import type { AlertName } from '../../../src/wire/records/alerts.ts';
import { describeWith, type Tool } from '../judges.ts';
import type { Address, ServerProcess } from '../server-process.ts';
import { callThrough, expectForwarded, forwardedNames } from './call-through.ts';
import { type ForwardedCases, forwardedCases } from './identities.ts';
import { type RawBackend, startRawBackend } from './raw-backend.ts';

/** A real proxy in front of the raw backend. */
export interface RealProxy {
  readonly tool: Tool;
  readonly format: ForwardedFormat;
  /** Starts it with a server for each mode, on ports that follow each other. The first mode lets clients without a certificate pass. */
  readonly start: (setup: ProxySetup) => Promise<ServerProcess>;
  readonly modes: readonly ProxyMode[];
  /** What an older version sends without a certificate. Default: what this library writes. */
  readonly withoutCertificate?: readonly HeaderLine[];
  /** Whether the proxy writes the certificate in a way that nothing can read. */
  readonly isAmbiguous?: (certificate: PeerCertificate) => boolean;
}

/** What a proxy is started with. */
export interface ProxySetup extends Pick<ForwardedCases, 'pki' | 'anchors'> {
  readonly backendPort: number;
}

/** How a proxy treats the clients that it cannot verify. */
interface ProxyMode {
  readonly name: string;
  /** The status or the alert, by OpenSSL's name of the reason. Clients whose reason is not here are let pass. */
  readonly refuses: Readonly<Record<string, number | AlertName>>;
}

/** Calls through the proxy as each of the clients, in each mode, and compares what reaches the backend with what this library writes. */
export async function describeForwarding({
  tool,
  format,
  start,
  modes,
  withoutCertificate,
  isAmbiguous = () => false,
}: RealProxy): Promise<void> {
  const { pki, anchors, cases } = await forwardedCases();
  const rows = modes.flatMap((mode, index) =>
    cases.map((client) => ({ mode: mode.name, index, refusal: mode.refuses[String(client.verified)], client })),
  );

  describeWith(tool)(tool, () => {
    let backend: RawBackend;
    let proxy: ServerProcess;
    beforeAll(async () => {
      backend = await startRawBackend();
      proxy = await start({ pki, anchors, backendPort: backend.port });
    });
    afterAll(async () => {
      await proxy[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
    });
    const addressOf = (index: number): Address => ({ host: proxy.host, port: proxy.port + index });

    test.for(rows.filter(({ refusal }) => refusal === undefined))(
      'with $mode sends for $client.name what is written here, octet for octet',
      async ({ index, client: { identity, verified } }) => {
        const { status, body } = await callThrough(addressOf(index), { identity, anchors });

        expect(status).toBe(200);
        expectForwarded(body, { format, identity, verified, isAmbiguous: isAmbiguous(inspectCertificate(identity.certificatePem)) });
      },
    );

    test.for(rows.filter(({ refusal }) => refusal !== undefined))('with $mode refuses $client.name', async ({ index, client, refusal }) => {
      const before = backend.heads.length;

      expect(await refusalBy(addressOf(index), { identity: client.identity, anchors, refusal })).toBe(refusal);
      expect(backend.heads).toHaveLength(before);
    });

    test.for(modes.map(({ name }, index) => ({ name, index })))(
      'with $name sends for a client without a certificate what is written here, octet for octet',
      async ({ index }) => {
        const { status, body } = await callThrough(addressOf(index), { anchors });

        expect(status).toBe(200);
        expectForwarded(body, { format, identity: undefined, written: withoutCertificate });
      },
    );

    test('replaces what a client itself sends by these names', async () => {
      const headers = Object.fromEntries(forwardedNames(format).map((name) => [name, 'forged']));

      const { body } = await callThrough(addressOf(0), { anchors, headers });

      expectForwarded(body, { format, identity: undefined, written: withoutCertificate });
      expect(body).not.toContain('forged');
    });
  });
}

/** The name of the proxy's alert, or the status of its answer where the handshake is expected to be completed. */
async function refusalBy(
  address: Address,
  {
    identity,
    anchors,
    refusal,
  }: { readonly identity: Identity; readonly anchors: string; readonly refusal: number | AlertName | undefined },
): Promise<string | number | undefined> {
  if (typeof refusal === 'number') return (await callThrough(address, { identity, anchors })).status;
  const { rejectedBy, alert } = await attemptHandshake({ ...address, servername: 'localhost' }, { identity: identity.trusting(anchors) });
  return rejectedBy === 'server' ? alert?.name : undefined;
}
