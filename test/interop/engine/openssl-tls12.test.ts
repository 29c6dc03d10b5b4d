// Resumption and renegotiation with OpenSSL's command line, which can be told to do either.
import net from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createPki, type KeyAlgorithm } from '../../../src/index.ts';
import type { ClientOptions, ServerOptions } from '../../../src/wire/engine/peer-options.ts';
import { runClientHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { credentialOf, endOf } from '../../wire/engine/engine-peers.ts';
import { engineServer } from '../../wire/engine/tls12/peers.ts';
import { describeWith } from '../judges.ts';
import { startChild } from '../peers/child.ts';
import { pemFields } from '../peers/programs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const pki = createPki({ name: 'engine' });
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const trusted = folder.write('trusted.pem', pki.anchors);
const noOtherAnchors = ['-no-CApath', '-no-CAstore', '-CAfile', trusted];
const client: ClientOptions = { version: 'TLSv1.2', credential: credentialOf(pki.client('alice')), servername: 'localhost' };
const server: ServerOptions = { version: 'TLSv1.2', credential: credentialOf(pki.server()), requestCertificate: true };

describeWith('openssl')('a client of the engine and s_server', () => {
  test.for([
    ['tickets', []],
    ['session ids', ['-no_ticket']],
  ] as const)('resume by %s', async ([, more]) => {
    const [chain, key] = pemFields(pki.server(), folder);
    const own = ['-cert', chain, '-cert_chain', chain, '-key', key, '-Verify', '9', '-verify_return_error', ...noOtherAnchors];
    await using child = startChild('openssl', ['s_server', '-accept', '127.0.0.1:0', '-naccept', '2', '-tls1_2', ...own, ...more]);
    const [, port] = await child.until(/^ACCEPT .*:(\d+)$/mu);
    const open = (): net.Socket => net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true });

    const first = await runClientHandshake(open(), client);
    await first.close();
    const second = await runClientHandshake(open(), { ...client, ...(first.session && { session: first.session }) });
    await second.close();

    expect([first.resumed, second.resumed], (await child.ended()).words).toEqual([false, true]);
    expect(second.peerCertificates).toEqual(first.peerCertificates);
  });

  test('renegotiate where s_server allows it, and say that it does not where it does not', async () => {
    const outcomes = [];
    for (const more of [['-client_renegotiation'], []]) {
      const [chain, key] = pemFields(pki.server(), folder);
      const own = ['-cert', chain, '-cert_chain', chain, '-key', key, '-Verify', '9', ...noOtherAnchors];
      await using child = startChild('openssl', ['s_server', '-accept', '127.0.0.1:0', '-naccept', '1', '-tls1_2', ...own, ...more]);
      const [, port] = await child.until(/^ACCEPT .*:(\d+)$/mu);
      const connection = await runClientHandshake(net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true }), client);
      outcomes.push(await endOf(connection.renegotiate()));
      await connection.close();
    }

    expect(outcomes).toMatchObject([undefined, { kind: 'refused', alert: { name: 'no_renegotiation' } }]);
  });
});

describeWith('openssl')('a server of the engine and s_client', () => {
  test.for(['ec-p384', 'ed25519', 'rsa-pss-2048'] satisfies readonly KeyAlgorithm[])(
    'resume by a ticket, with keys of the kind %s',
    async (keyAlgorithm) => {
      await using ours = await engineServer({ ...server, credential: credentialOf(pki.server({ keyAlgorithm })), tickets: true });
      const session = `${folder.path}/${keyAlgorithm}.session`;
      const [chain, key] = pemFields(pki.client('alice', { keyAlgorithm }), folder);
      const own = ['-cert', chain, '-cert_chain', chain, '-key', key, '-verify_return_error', ...noOtherAnchors];
      const call = async (...more: readonly string[]): Promise<string> => {
        const peer = ['-connect', `127.0.0.1:${ours.port}`, '-servername', 'localhost', '-tls1_2'];
        await using child = startChild('openssl', ['s_client', ...peer, ...own, ...more]);
        await child.until(/certificates (?:true|false)/u);
        child.write('Q\n');
        return (await child.ended()).words;
      };

      const first = await call('-sess_out', session);
      const second = await call('-sess_in', session);

      expect(first).toMatch(/certificates false/u);
      expect(second).toMatch(/certificates true/u);
      expect(second).toMatch(/^Reused, TLSv1\.2/mu);
    },
  );

  test('renegotiate where s_client begins it', async () => {
    await using ours = await engineServer(server);
    const [chain, key] = pemFields(pki.client('alice'), folder);
    const own = ['-cert', chain, '-cert_chain', chain, '-key', key, ...noOtherAnchors];
    await using child = startChild('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${ours.port}`,
      '-tls1_2',
      '-servername',
      'localhost',
      ...own,
    ]);
    await child.until(/certificates false/u);

    child.write('R\n');
    await child.until(/RENEGOTIATING[^]*verify return:1/u);
    child.write('after\n');
    await child.until(/after$/mu);
    child.write('Q\n');

    expect(await ours.ends[0], (await child.ended()).words).toBeUndefined();
  });
});
