import fs from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { FaultServer } from '../../src/faults/server/fault-server.ts';
import type { ServerFault } from '../../src/faults/server/server-fault.ts';
import { startFaultServer } from '../../src/faults/server/start-fault-server.ts';
import { describeWith, run } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { clientIdentity, serverIdentity, versions } from './node-peers.ts';

const folder = temporaryFolder();
const anchors = folder.write('anchors.pem', clientIdentity.anchors);
const chain = folder.write('chain.pem', clientIdentity.chainPem);
const key = folder.write('key.pem', clientIdentity.keyPem);

afterAll(() => folder[Symbol.dispose]());

/** What OpenSSL's client prints, and the alert that it sends. */
const faults: readonly (readonly [ServerFault, RegExp, string?])[] = [
  [{ kind: 'close-on-connect' }, /unexpected eof while reading/u, 'decode_error'],
  [{ kind: 'reset-on-connect' }, /errno=104|Connection reset/u],
  [{ kind: 'close-after-client-hello' }, /unexpected eof while reading/u, 'decode_error'],
  [{ kind: 'reset-after-client-hello' }, /errno=104|Connection reset/u],
  [{ kind: 'truncated-server-hello' }, /unexpected eof while reading/u, 'decode_error'],
  [{ kind: 'garbage' }, /wrong version number/u],
  [{ kind: 'plaintext-http' }, /wrong version number/u],
  [{ kind: 'banner', text: '220 mail.test ESMTP\r\n' }, /wrong version number/u],
  [{ kind: 'alert', alert: 'unknown_ca' }, /SSL alert number 48/u],
  [{ kind: 'warning-alert-flood', count: 32 }, /too many warn alerts/u, 'unexpected_message'],
  [{ kind: 'oversized-record' }, /length too long/u, 'record_overflow'],
  [{ kind: 'wrong-finished' }, /digest check failed/u, 'decrypt_error'],
  [{ kind: 'wrong-certificate-verify' }, /bad signature/u, 'decrypt_error'],
  [{ kind: 'close-without-close-notify' }, /unexpected eof while reading/u, 'decode_error'],
];

async function callWithOpenssl(server: FaultServer, options: readonly string[] = []): Promise<{ status: number; output: string }> {
  const { host, port } = server;
  const connect = ['-connect', `${host}:${port}`, '-servername', 'localhost', '-CAfile', anchors, '-verify_return_error'];
  const credential = ['-cert', chain, '-cert_chain', chain, '-key', key];
  const { status, stdout, stderr } = await run('openssl', ['s_client', ...connect, ...credential, '-quiet', '-ign_eof', ...options], {
    input: 'GET / HTTP/1.0\r\n\r\n',
  });
  return { status, output: stdout + stderr };
}

describeWith('openssl')("OpenSSL's client", () => {
  test.for(versions.flatMap((version) => faults.map((row) => [version, row] as const)))(
    'over %s finds out about %o',
    async ([version, [fault, words, alert]]) => {
      await using server = await startFaultServer(fault, { identity: serverIdentity });

      const { status, output } = await callWithOpenssl(server, [version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2']);
      await server.connectionsEnded();

      expect(output).toMatch(words);
      expect(status).not.toBe(0);
      expect(server.faultsShown).toBe(1);
      expect(server.alerts.map(({ name }) => name)).toEqual(alert === undefined ? [] : [alert]);
    },
  );

  test.for([
    [{ kind: 'oversized-certificate', bytes: 200_000 }, /excessive message size/u],
    [{ kind: 'downgrade-marker' }, /inappropriate fallback/u],
  ] as const)('that offers both versions finds out about %o', async ([fault, words]) => {
    await using server = await startFaultServer(fault);

    const { output } = await callWithOpenssl(server);
    await server.connectionsEnded();

    expect(output).toMatch(words);
    expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'illegal_parameter' }] });
  });

  test.for(versions)('over %s accepts a server that is only slow', async (version) => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity });

    const { status, output } = await callWithOpenssl(server, [version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2']);

    expect(output).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*whole/mu);
    expect(status).toBe(0);
  });

  test.for([
    ['takes its keys from a whole ServerHello', 'server-hello-then-silence', true],
    ['has no keys after half a ServerHello', 'half-server-hello', false],
  ] as const)('%s', async ([, kind, hasKeys]) => {
    await using server = await startFaultServer({ kind }, { timeout: 500 });
    const keyLog = folder.write(`${kind}.keys`, '');

    const { output } = await callWithOpenssl(server, ['-keylogfile', keyLog]);

    expect(output).toContain('unexpected eof while reading');
    expect(fs.readFileSync(keyLog, 'utf8').includes('SERVER_HANDSHAKE_TRAFFIC_SECRET')).toBe(hasKeys);
  });
});
