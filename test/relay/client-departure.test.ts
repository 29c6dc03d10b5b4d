import fs from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { startRelay } from '../../src/relay/start-relay.ts';
import { describeWith, run, testWith } from '../interop/judges.ts';
import { type Child, startChild } from '../interop/peers/child.ts';
import { pemFields } from '../interop/peers/programs.ts';
import { temporaryFolder, type TemporaryFolder } from '../interop/temporary-folder.ts';

const pki = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

interface Ends {
  /** Of the relay. */
  readonly port: number;
  readonly files: TemporaryFolder;
  readonly keyLog: string;
  /** The record of the server, and what the relay makes of the same connection. */
  readonly records: () => Promise<{ readonly server: Handshake; readonly relay: Handshake }>;
}

/** An observed server that says nothing, behind a relay. */
async function start({ version, hasKeys }: { readonly version: (typeof versions)[number]; readonly hasKeys: boolean }): Promise<Ends> {
  const files = temporaryFolder();
  const keyLog = files.write('keys.txt', '');
  const server = await startTlsServer({
    identity: pki.server({ dns: 'localhost' }),
    trust: pki.anchors,
    maxVersion: version,
    clientQuietPeriod: 20_000,
  });
  const relay = await startRelay({ to: { port: server.port, host: server.host }, ...(hasKeys && { keyLogFile: keyLog }) });
  onTestFinished(async () => {
    await relay.close();
    await server.close();
    files[Symbol.dispose]();
  });
  return {
    port: relay.port,
    files,
    keyLog,
    async records() {
      const [ofServer, ofRelay] = await Promise.all([server.nextHandshake({ timeout: 20_000 }), relay.nextHandshake({ timeout: 20_000 })]);
      return { server: ofServer, relay: ofRelay };
    },
  };
}

const cases = versions.flatMap((version) => [true, false].map((hasKeys) => ({ version, hasKeys })));
/** Nothing on the wire says why. */
const rejectedByClient = { verdict: 'rejected', rejectedBy: 'client', detail: expect.stringContaining('it may have been stopped') };
const good = pki.client('alice');

/** What an observed server that does not speak HTTP makes of it: in TLS 1.3 the client's Finished stands. */
function leftAsSeenByServer(version: (typeof versions)[number]): object {
  const { detail } = rejectedByClient;
  return version === 'TLSv1.3' ? { verdict: 'accepted', evidence: 'closed', detail } : rejectedByClient;
}

describe.for(cases)('$version, key log of the relay: $hasKeys', ({ version, hasKeys }) => {
  test.for([
    ['FIN', (raw: net.Socket): void => void raw.end()],
    ['RST', (raw: net.Socket): void => void raw.resetAndDestroy()],
  ] as const)('a client that leaves by a %s alone, without data, may have rejected', async ([, leave]) => {
    const { port, keyLog, records } = await start({ version, hasKeys });

    const raw = net.connect(port, '127.0.0.1');
    const socket = connect(raw, version, keyLog);
    await once(socket, version === 'TLSv1.3' ? 'session' : 'secureConnect');
    setImmediate(() => leave(raw));
    const { server, relay } = await records();

    expect(server).toMatchObject({ ...leftAsSeenByServer(version), protocol: version });
    expect(relay).toMatchObject({ ...rejectedByClient, protocol: version });
  });

  test('one that says close_notify has accepted for both', async () => {
    const { port, keyLog, records } = await start({ version, hasKeys });

    const socket = connect(net.connect(port, '127.0.0.1'), version, keyLog);
    await once(socket, version === 'TLSv1.3' ? 'session' : 'secureConnect');
    setImmediate(() => void socket.end());
    const { server, relay } = await records();

    expect(server).toMatchObject({ verdict: 'accepted', evidence: 'closed' });
    expect(relay).toMatchObject({ verdict: 'accepted' });
  });

  testWith('wget')('wget, which looks at the name after the handshake, may have rejected', async () => {
    const { port, files, keyLog, records } = await start({ version, hasKeys });
    const [cert, key] = pemFields(good, files);
    const args = ['-q', '-O', '-', '--tries=1', '--timeout=30', `--ca-certificate=${files.write('ca.pem', pki.anchors)}`];

    const { status } = await run('wget', [...args, `--certificate=${cert}`, `--private-key=${key}`, `https://127.0.0.1:${port}/`], {
      env: { SSLKEYLOGFILE: keyLog },
    });
    const { server, relay } = await records();

    expect(status).toBe(5); // wget's manual: SSL verification failure
    expect(server).toMatchObject(leftAsSeenByServer(version));
    expect(relay).toMatchObject(rejectedByClient);
  });

  describeWith('gnutls')('gnutls-cli', () => {
    test('that is killed after the handshake leaves like one that rejects', async () => {
      const { port, files, keyLog, records } = await start({ version, hasKeys });
      const [cert, key] = pemFields(good, files);
      const own = ['--x509certfile', cert, '--x509keyfile', key, '--x509cafile', files.write('ca.pem', pki.anchors)];

      await using child = startChild('gnutls-cli', ['-p', String(port), ...own, 'localhost'], { SSLKEYLOGFILE: keyLog });
      await child.until(/Handshake was completed/u);
      stop(child);
      const { server, relay } = await records();

      expect(server).toMatchObject(leftAsSeenByServer(version));
      expect(relay).toMatchObject(rejectedByClient);
    });
  });

  describeWith('openssl')('openssl s_client', () => {
    test('that is killed after the handshake leaves like one that rejects', async () => {
      const { port, files, keyLog, records } = await start({ version, hasKeys });

      await using child = sClient({ port, files, keyLog }, pki.anchors);
      await child.until(/Verify return code: 0/u);
      stop(child);
      const { server, relay } = await records();

      expect(server).toMatchObject(leftAsSeenByServer(version));
      expect(relay).toMatchObject(rejectedByClient);
    });

    test('that does not trust the server says so by its alert', async () => {
      const { port, files, keyLog, records } = await start({ version, hasKeys });

      await using child = sClient({ port, files, keyLog }, createPki().anchors);
      await child.ended();
      const { server, relay } = await records();

      expect(server).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', alert: { name: 'unknown_ca', sentBy: 'client' } });
      expect(relay).toMatchObject({ verdict: 'rejected', rejectedBy: 'client' });
    });
  });
});

function connect(raw: net.Socket, version: (typeof versions)[number], keyLog: string): tls.TLSSocket {
  const own = { key: good.keyPem, cert: good.chainPem, ca: pki.anchors };
  const socket = tls.connect({ ...own, socket: raw, servername: 'localhost', maxVersion: version });
  socket.on('keylog', (line) => fs.appendFileSync(keyLog, line));
  return socket.on('error', () => {});
}

function sClient({ port, files, keyLog }: Pick<Ends, 'port' | 'files' | 'keyLog'>, trust: string | readonly string[]): Child {
  const [cert, key] = pemFields(good, files);
  const own = ['-cert', cert, '-cert_chain', cert, '-key', key, '-CAfile', files.write('ca.pem', [trust].flat().join(''))];
  return startChild('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error', '-keylogfile', keyLog, ...own]);
}

/** Without a chance to send anything. */
function stop({ pid }: Child): void {
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
