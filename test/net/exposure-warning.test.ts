import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createPki, type ObservedServer, startHttp2Server, startHttpsServer, startTlsServer } from '../../src/index.ts';
import { startFaultServer, startRevocationServer } from '../../src/scenarios/index.ts';
import { allowExposureOn, warnOfExposure } from '../../src/net/exposure-warning.ts';

const pki = createPki();
const identity = pki.server();
/** Not printed among the results of the tests. */
const emitted = vi.spyOn(process, 'emitWarning').mockReturnValue();

beforeEach(() => {
  emitted.mockClear();
});

type Host = { readonly host?: string; readonly exposed?: boolean };

/** In another way for each, since one warning is emitted once. */
const servers: readonly (readonly [what: string, start: (options: Host) => Promise<AsyncDisposable>, toOthers: string])[] = [
  [
    'startTlsServer',
    async (options) => startTlsServer({ identity, ...options }),
    'every client with a certificate that it trusts is accepted',
  ],
  [
    'startHttpsServer',
    async (options): Promise<ObservedServer> => startHttpsServer(() => {}, { identity, clientAuth: 'request', ...options }),
    'every client is accepted, also without a certificate',
  ],
  ['startFaultServer', async (options) => startFaultServer({ kind: 'stall' }, options), 'every client that connects gets its fault'],
  [
    'startRevocationServer',
    async (options) => startRevocationServer(pki, options),
    'every client can ask it for CRLs, certificates and statuses',
  ],
];

describe.for(servers)('%s', ([, start, toOthers]) => {
  test.for<Host>([{}, { host: '127.0.0.1' }, { host: 'localhost' }, { host: '0.0.0.0', exposed: true }])(
    'says nothing with %j',
    async (options) => {
      await using server = await start(options);

      expect(server).toBeDefined();
      expect(emitted.mock.calls).toEqual([]);
    },
  );

  test('warns once of an address that others reach, and says what that opens and what to do', async () => {
    await using first = await start({ host: '0.0.0.0' });
    await using second = await start({ host: '0.0.0.0' });

    expect(second).not.toBe(first);
    expect(emitted.mock.calls).toEqual([
      [
        `A test server listens on "0.0.0.0": every network of this machine reaches it, and ${toOthers}. Leave host out to stay on 127.0.0.1, or pass exposed: true where that is intended`,
        { code: 'MTLS_FIXTURES_NOT_LOOPBACK' },
      ],
    ]);
  });

  test('refuses an exposed that is neither true nor false', async () => {
    const options = { exposed: 'yes' as unknown as boolean }; // what a caller without types may pass

    await expect(start(options)).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { option: 'exposed', value: 'yes' } });
  });
});

test('startHttp2Server warns too', async () => {
  await using server = await startHttp2Server(() => {}, { identity, clientAuth: 'none', host: '::' });

  expect(server.host).toBe('::1');
  expect(emitted.mock.calls).toEqual([[expect.stringContaining('listens on "::"'), expect.anything()]]);
});

test.for<[address: string, said: string[]]>([
  ['192.0.2.7', ['A test server listens on "192.0.2.7": its network reaches it, and so on']],
  ['fd00::7', ['A test server listens on "fd00::7": its network reaches it, and so on']],
  ['::1', []],
  ['::ffff:127.0.0.1', []],
  ['127.3.2.1', []],
  ['172.17.0.1', []],
])('of a server on %s is said: %j', ([address, said]) => {
  allowExposureOn('172.17.0.1'); // as hostGateway does with the address of the engine's bridge
  warnOfExposure({ address, port: 1, family: 'IPv4' }, { exposed: false, toOthers: 'so on' });

  expect(emitted.mock.calls.map(([message]) => String(message).replace(/\. Leave.*$/u, ''))).toEqual(said);
});
